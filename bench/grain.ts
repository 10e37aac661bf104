/** Grain: what an enlargement adds where the original is flat. */

import { lumaPlane } from '../core/raster/colour.js';
import type { Planes, Raster } from '../core/raster/raster.js';
import { localRange } from './local-range.js';

/** A place is flat when luma (0..255) stays within so many levels, so many pixels around it. */
const FLAT_LEVELS = 12;
const FLAT_REACH = 4;

/**
 * Grain in levels of luma (0..255) that the enlargement has on the original's flat places beyond the
 * original's own: the root of the difference of their mean squared fine variation (each pixel against the mean
 * of its eight neighbours), 0 when the original has more. Undefined when the original has no flat places.
 */
export function addedGrain(enlarged: Raster, original: Raster): number | undefined {
  const truth = lumaPlane(original);
  const made = lumaPlane(enlarged);
  const { width, height, data } = truth;
  const { low, high } = localRange(data, width, height, FLAT_REACH);
  let difference = 0;
  let places = 0;
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      if (high[i] - low[i] > FLAT_LEVELS) continue;
      difference += fineVariation(made, i) ** 2 - fineVariation(truth, i) ** 2;
      places++;
    }
  return places === 0 ? undefined : Math.sqrt(Math.max(0, difference / places));
}

/** A sample minus the mean of its eight neighbours. */
function fineVariation({ data, width }: Planes, i: number): number {
  let around = -data[i];
  for (let row = i - width; row <= i + width; row += width)
    around += data[row - 1] + data[row] + data[row + 1];
  return data[i] - around / 8;
}
