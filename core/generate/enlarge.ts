/** From a candidate to the size wanted: the cascade for larger, exact resampling for smaller sizes. */

import { EnlargerError } from '../errors.js';
import { MAX_SCALE } from '../pipeline/cascade.js';
import { planUpscale, type UpscaleJob, type UpscaleOptions } from '../pipeline/upscale.js';
import { isFloatPicture, resizeFloatPicture } from '../raster/float-picture.js';
import { resizeRaster } from '../raster/resample.js';
import type { Candidate, Generator } from './generator.js';

/** Longest sides that a generated picture can be enlarged or reduced to, in pixels. */
export const MIN_SIZE = 128;
export const MAX_SIZE = 2048;

/** @throws EnlargerError `option-invalid` unless a picture of `side` pixels can become one of `size`. */
export function checkSize(size: number, side: number): void {
  const most = Math.min(MAX_SIZE, side * MAX_SCALE);
  if (Number.isInteger(size) && size >= MIN_SIZE && size <= most) return;
  throw new EnlargerError(
    'option-invalid',
    `The size must be a whole number of pixels from ${MIN_SIZE} to ${most}, not ${size}.`,
  );
}

/**
 * Decides how a candidate becomes a picture whose longer side has `size` pixels. Texture is drawn by the
 * candidate's seed unless another one is given.
 * @throws EnlargerError `option-invalid`, and what `Generator.picture` throws.
 */
export async function planEnlarged(
  generator: Generator,
  candidate: Candidate,
  size: number,
  options: UpscaleOptions,
): Promise<UpscaleJob> {
  const picture = await generator.picture(candidate);
  const side = Math.max(picture.width, picture.height);
  checkSize(size, side);
  const settings = { ...options, seed: options.seed ?? candidate.seed };
  if (size >= side) return planUpscale(picture, { longSide: size }, settings);
  const [width, height] = [picture.width, picture.height].map((length) =>
    Math.max(1, Math.round((length * size) / side)),
  );
  const small = isFloatPicture(picture)
    ? resizeFloatPicture(picture, width, height)
    : resizeRaster(picture, width, height);
  return planUpscale(small, { scale: 1 }, settings);
}
