/** Moves between 8-bit rasters and float planes, and cuts, pastes, turns and mirrors planes. */
import { createPlanes, type Planes, type Raster, type Rect } from './raster.js';

const clampIndex = (i: number, length: number): number => (i < 0 ? 0 : i >= length ? length - 1 : i);

/**
 * The colour of a raster as three planes in 0..1; alpha is not looked at. `window` (default: the whole
 * picture) may reach beyond the borders, where the nearest pixel is repeated.
 */
export function toPlanes(raster: Raster, window?: Rect): Planes {
  const { x, y, width, height } = window ?? { x: 0, y: 0, width: raster.width, height: raster.height };
  const planes = createPlanes(width, height, 3);
  const size = width * height;
  const { data } = planes;
  for (let j = 0; j < height; j++) {
    const row = clampIndex(y + j, raster.height) * raster.width;
    for (let i = 0, to = j * width; i < width; i++, to++) {
      const from = (row + clampIndex(x + i, raster.width)) * 4;
      data[to] = raster.data[from] / 255;
      data[to + size] = raster.data[from + 1] / 255;
      data[to + 2 * size] = raster.data[from + 2] / 255;
    }
  }
  return planes;
}

/**
 * A raster from planes in 0..1 (three channels, or one for grey), rounded and clipped to 8 bits; opaque
 * unless `alpha` (width * height bytes) is given.
 */
export function fromPlanes(planes: Planes, alpha?: Uint8ClampedArray | null): Raster {
  const raster = {
    width: planes.width,
    height: planes.height,
    data: new Uint8ClampedArray(planes.width * planes.height * 4),
  };
  for (let i = 0, a = 3; a < raster.data.length; i++, a += 4) raster.data[a] = alpha ? alpha[i] : 255;
  paintPlanes(planes, raster, 0, 0);
  return raster;
}

/**
 * Writes planes in 0..1 into the colour of a raster, top left corner at (x, y), rounded and clipped to
 * 8 bits; alpha is left alone. `part` picks a rectangle of the planes. What lies outside is dropped.
 */
export function paintPlanes(planes: Planes, into: Raster, x: number, y: number, part?: Rect): void {
  const from = part ?? { x: 0, y: 0, width: planes.width, height: planes.height };
  const { data } = planes;
  const size = planes.width * planes.height;
  const green = planes.channels === 1 ? 0 : size;
  const left = Math.max(0, -x);
  const right = Math.min(from.width, into.width - x);
  const bottom = Math.min(from.height, into.height - y);
  for (let j = Math.max(0, -y); j < bottom; j++) {
    let at = (from.y + j) * planes.width + from.x + left;
    let to = ((y + j) * into.width + x + left) * 4;
    for (let i = left; i < right; i++, at++, to += 4) {
      into.data[to] = data[at] * 255;
      into.data[to + 1] = data[at + green] * 255;
      into.data[to + 2] = data[at + 2 * green] * 255;
    }
  }
}

/** The rectangle at (x, y) of size `width` x `height`; beyond the borders the nearest sample is repeated. */
export function cropPlanes(src: Planes, x: number, y: number, width: number, height: number): Planes {
  const out = createPlanes(width, height, src.channels);
  const inside = x >= 0 && x + width <= src.width;
  for (let c = 0; c < src.channels; c++) {
    for (let j = 0; j < height; j++) {
      const row = (c * src.height + clampIndex(y + j, src.height)) * src.width;
      const to = (c * height + j) * width;
      if (inside) out.data.set(src.data.subarray(row + x, row + x + width), to);
      else for (let i = 0; i < width; i++) out.data[to + i] = src.data[row + clampIndex(x + i, src.width)];
    }
  }
  return out;
}

/**
 * Copies `src` (or its rectangle `part`) into `into` with the top left corner at (x, y), same number of
 * channels; what lies outside is dropped.
 */
export function pastePlanes(src: Planes, into: Planes, x: number, y: number, part?: Rect): void {
  const from = part ?? { x: 0, y: 0, width: src.width, height: src.height };
  const left = Math.max(0, -x);
  const right = Math.min(from.width, into.width - x);
  const bottom = Math.min(from.height, into.height - y);
  if (right <= left) return;
  for (let c = 0; c < into.channels; c++) {
    for (let j = Math.max(0, -y); j < bottom; j++) {
      const at = (c * src.height + from.y + j) * src.width + from.x;
      into.data.set(
        src.data.subarray(at + left, at + right),
        (c * into.height + y + j) * into.width + x + left,
      );
    }
  }
}

/**
 * One of the eight symmetries of the square: `k & 3` quarter turns anticlockwise, after a left-right
 * mirroring if `k & 4`. `dihedralInverse(k)` undoes it.
 */
export function dihedral(src: Planes, k: number): Planes {
  const turned = (k & 1) === 1;
  const out = createPlanes(turned ? src.height : src.width, turned ? src.width : src.height, src.channels);
  const { width: w, height: h } = src;
  // Start and steps of the walk over the source, for an output walked row by row.
  const [start, right, down] = [
    [0, 1, w],
    [w - 1, w, -1],
    [h * w - 1, -1, -w],
    [(h - 1) * w, -w, 1],
  ][k & 3];
  const mirror = (k & 4) !== 0;
  for (let c = 0, to = 0; c < src.channels; c++) {
    const plane = c * w * h;
    for (let j = 0; j < out.height; j++) {
      let at = start + j * down;
      for (let i = 0; i < out.width; i++, at += right) {
        const column = at % w;
        out.data[to++] = src.data[plane + (mirror ? at - column + (w - 1 - column) : at)];
      }
    }
  }
  return out;
}

/** The symmetry that undoes symmetry `k`: turns are undone by turning back, the mirrored ones by themselves. */
export function dihedralInverse(k: number): number {
  return k & 4 ? k & 7 : (4 - (k & 3)) & 3;
}
