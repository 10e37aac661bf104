/**
 * A training picture in memory: 8-bit RGB and a map of where it is lively, so that crops are drawn
 * from detail more often than from empty sky. Pure data; how pictures are read is not known here.
 * Owner: core/train/data.
 */

/**
 * `photo`: camera pictures; `texture`: surfaces made for games; `art`: drawings, text, screens, icons; `type`: text as
 * large as small type is once it is enlarged.
 */
export type PictureKind = 'photo' | 'texture' | 'art' | 'type';

export const PICTURE_KINDS: readonly PictureKind[] = ['photo', 'texture', 'art', 'type'];

/** Side of the squares in which liveliness is measured, in pixels. */
export const TILE_PX = 64;

export interface TrainingPicture {
  /** Unique within a set: source and file name. */
  readonly name: string;
  readonly kind: PictureKind;
  readonly width: number;
  readonly height: number;
  /** `width * height * 3` bytes, sRGB, interleaved. */
  readonly rgb: Uint8Array;
  /** Liveliness of each whole `TILE_PX` tile, row by row: mean of |dx| + |dy| of luma, in 8-bit levels. */
  readonly energy: Float32Array;
}

/** Number of whole tiles along a side; a side shorter than a tile counts as one tile. */
export function tilesAlong(sidePx: number): number {
  return Math.max(1, Math.floor(sidePx / TILE_PX));
}

/** Liveliness per tile of interleaved RGB bytes, as `TrainingPicture.energy` wants it. */
export function tileEnergy(rgb: Uint8Array, width: number, height: number): Float32Array {
  const columns = tilesAlong(width);
  const rows = tilesAlong(height);
  const energy = new Float32Array(columns * rows);
  const luma = (x: number, y: number): number => {
    const i = (y * width + x) * 3;
    return (77 * rgb[i] + 150 * rgb[i + 1] + 29 * rgb[i + 2]) / 256;
  };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x1 = Math.min(width - 1, (column + 1) * TILE_PX);
      const y1 = Math.min(height - 1, (row + 1) * TILE_PX);
      let sum = 0;
      let count = 0;
      for (let y = row * TILE_PX; y < y1; y++) {
        for (let x = column * TILE_PX; x < x1; x++) {
          const here = luma(x, y);
          sum += Math.abs(luma(x + 1, y) - here) + Math.abs(luma(x, y + 1) - here);
          count++;
        }
      }
      energy[row * columns + column] = count > 0 ? sum / count : 0;
    }
  }
  return energy;
}

/** Tiles with less energy say nothing about sharpness. */
const TELLING_LEVELS = 4;

/**
 * How crisp a picture is: the median over its lively tiles of |second difference| / |first difference| of
 * luma. About 0.7 for a picture that could be halved without loss, 1.0 to 1.4 for a crisp photograph, 1.7
 * for noise. Undefined when no tile is lively.
 */
export function sharpness(rgb: Uint8Array, width: number, height: number): number | undefined {
  const ratios: number[] = [];
  for (let top = 1; top + TILE_PX <= height; top += TILE_PX) {
    for (let left = 1; left + TILE_PX <= width; left += TILE_PX) {
      let first = 0;
      let second = 0;
      for (let y = top; y < top + TILE_PX - 2; y += 2) {
        for (let x = left; x < left + TILE_PX - 2; x++) {
          // Green stands for luma: this only steers a reduction.
          const i = (y * width + x) * 3 + 1;
          const here = 2 * rgb[i];
          first += Math.abs(rgb[i + 3] - rgb[i]) + Math.abs(rgb[i + width * 3] - rgb[i]);
          second += Math.abs(rgb[i - 3] + rgb[i + 3] - here);
          second += Math.abs(rgb[i - width * 3] + rgb[i + width * 3] - here);
        }
      }
      const samples = ((TILE_PX - 2) * (TILE_PX - 2)) / 2;
      if (first / samples > TELLING_LEVELS) ratios.push(second / first);
    }
  }
  return ratios.sort((a, b) => a - b)[ratios.length >> 1];
}
