/** Cuts a picture into tiles with a halo, so that memory is bounded by the tile and not by the picture. */
import { EnlargerError } from '../errors.js';
import type { Rect } from './raster.js';

export interface Tile {
  /** What the tile writes: the cores of all tiles cover the picture exactly once. */
  readonly core: Rect;
  /** What the tile reads: the core and its halo, cut off at the borders of the picture. */
  readonly window: Rect;
}

export interface TileOptions {
  /** Size of the picture in pixels, multiples of `alignPx`. */
  readonly width: number;
  readonly height: number;
  /** Longest side of a core; rounded down to a multiple of `alignPx`, but never below one `alignPx`. */
  readonly tilePx: number;
  /** How far a window reaches beyond its core; rounded up to a multiple of `alignPx`. */
  readonly haloPx: number;
  /** Origin and size of every core and window are multiples of this. */
  readonly alignPx: number;
}

/** Borders of `length / align` units cut into as few pieces as fit in `tilePx`, equal to within one unit. */
function cuts(length: number, tilePx: number, alignPx: number): number[] {
  const units = length / alignPx;
  const pieces = Math.ceil(units / Math.max(1, Math.floor(tilePx / alignPx)));
  return Array.from({ length: pieces + 1 }, (_, i) => Math.round((i * units) / pieces) * alignPx);
}

/**
 * The tiles of a picture, row by row from the top left.
 * @throws EnlargerError `option-invalid` when a size is not a positive whole number, the halo is
 * negative, or the picture is not a multiple of `alignPx`.
 */
export function planTiles(options: TileOptions): Tile[] {
  const { width, height, tilePx, haloPx, alignPx } = options;
  for (const size of [width, height, tilePx, alignPx]) {
    if (!Number.isInteger(size) || size < 1) {
      throw new EnlargerError('option-invalid', `A tile or picture cannot be ${size} pixels wide or high.`);
    }
  }
  if (!(haloPx >= 0) || width % alignPx !== 0 || height % alignPx !== 0) {
    throw new EnlargerError(
      'option-invalid',
      `A ${width} x ${height} picture cannot be cut in steps of ${alignPx}.`,
    );
  }
  const halo = Math.ceil(haloPx / alignPx) * alignPx;
  const columns = cuts(width, tilePx, alignPx);
  const rows = cuts(height, tilePx, alignPx);
  const tiles: Tile[] = [];
  for (let j = 0; j + 1 < rows.length; j++) {
    for (let i = 0; i + 1 < columns.length; i++) {
      const core = between(columns[i], rows[j], columns[i + 1], rows[j + 1]);
      const window = between(
        Math.max(0, columns[i] - halo),
        Math.max(0, rows[j] - halo),
        Math.min(width, columns[i + 1] + halo),
        Math.min(height, rows[j + 1] + halo),
      );
      tiles.push({ core, window });
    }
  }
  return tiles;
}

const between = (x: number, y: number, right: number, bottom: number): Rect => ({
  x,
  y,
  width: right - x,
  height: bottom - y,
});
