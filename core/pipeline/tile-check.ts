/**
 * Looks at what a stage made of a tile before it goes into the picture: engines can return rubbish and call
 * it success (not-a-numbers of half precision, black or grey rectangles of a failing GPU).
 */

import type { Planes, Rect } from '../raster/raster.js';

/** Side of the squares whose mean colour must survive enlarging, in pixels before it. */
const BLOCK_PX = 16;
/** No enlargement moves the mean of a whole block this far (of 0..1); a wrong rectangle does. */
const MAX_SHIFT = 0.25;
/** Spread (standard deviation) below which a tile counts as flat anyway. */
const FLAT = 0.04;
const COLLAPSED = 0.05;

interface Sums {
  sum: number;
  squares: number;
}

function sumsOf(planes: Planes, channel: number, { x, y, width, height }: Rect, factor: number): Sums {
  let sum = 0;
  let squares = 0;
  for (let j = y * factor; j < (y + height) * factor; j++) {
    const row = (channel * planes.height + j) * planes.width;
    for (let i = row + x * factor; i < row + (x + width) * factor; i++) {
      const value = planes.data[i];
      sum += value;
      squares += value * value;
    }
  }
  return { sum, squares };
}

const spread = (sum: number, squares: number, count: number): number =>
  Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));

/**
 * What is wrong with an enlarged tile, as the end of a sentence; undefined when nothing is.
 * @param lr The tile before, in 0..1.
 * @param out The tile after, `factor` times as large.
 * @param core The part of `lr` that will be used; the halo around it is not judged.
 */
export function tileFault(lr: Planes, out: Planes, factor: number, core: Rect): string | undefined {
  for (let c = 0; c < lr.channels; c++) {
    const before: Sums = { sum: 0, squares: 0 };
    const after: Sums = { sum: 0, squares: 0 };
    for (let y = core.y; y < core.y + core.height; y += BLOCK_PX) {
      for (let x = core.x; x < core.x + core.width; x += BLOCK_PX) {
        const width = Math.min(BLOCK_PX, core.x + core.width - x);
        const height = Math.min(BLOCK_PX, core.y + core.height - y);
        const block = { x, y, width, height };
        const small = sumsOf(lr, c, block, 1);
        const large = sumsOf(out, c, block, factor);
        if (!Number.isFinite(large.squares)) return 'values that are not numbers';
        const shift = large.sum / (width * height * factor * factor) - small.sum / (width * height);
        if (Math.abs(shift) > MAX_SHIFT) return 'colours far from those of the original';
        before.sum += small.sum;
        before.squares += small.squares;
        after.sum += large.sum;
        after.squares += large.squares;
      }
    }
    const count = core.width * core.height;
    const spreadBefore = spread(before.sum, before.squares, count);
    const spreadAfter = spread(after.sum, after.squares, count * factor * factor);
    if (spreadBefore > FLAT && spreadAfter < COLLAPSED * spreadBefore) return 'one flat colour';
    if (spreadAfter > 3 * spreadBefore + 0.2) return 'noise';
  }
  return undefined;
}
