/**
 * A picture that has not been rounded to 8 bits, such as a generator's decoder makes. What it means under
 * transparency follows the same rules as for 8-bit pictures (alpha.ts).
 */

import { EnlargerError } from '../errors.js';
import { type AlphaSamples, bleed } from './alpha.js';
import { fromPlanes } from './planes.js';
import { createPlanes, type Planes, type Raster } from './raster.js';
import { resizePlanes } from './resample.js';

export interface FloatPicture {
  readonly width: number;
  readonly height: number;
  /** Three channels, sRGB, nominally in 0..1, straight (not multiplied by alpha). */
  readonly colour: Planes;
  /** One channel in 0..1 of the same size; null when opaque. */
  readonly alpha: Planes | null;
}

/** Distance from 0 and 255 within which alpha is meant to be exactly that: below what anybody sees. */
const ALPHA_SLACK = 2;

export function isFloatPicture(picture: Raster | FloatPicture): picture is FloatPicture {
  return 'colour' in picture;
}

export interface SplitFloatPicture {
  /** Clipped to 0..1, spread under pixels of alpha 0. */
  readonly colour: Planes;
  /** Samples in 0..255, those next to the ends exactly there; null when opaque everywhere. */
  readonly alpha: Float32Array | null;
}

/**
 * Colour and alpha of a float picture, ready to be enlarged apart.
 * @throws EnlargerError `internal` when the two have different sizes.
 */
export function splitFloatPicture({ width, height, colour, alpha }: FloatPicture): SplitFloatPicture {
  const size = width * height;
  if (colour.data.length !== 3 * size || (alpha && alpha.data.length !== size)) {
    throw new EnlargerError('internal', 'Transparency and colour of a picture have different sizes.');
  }
  const clipped: Planes = { ...colour, data: colour.data.map((value) => Math.min(1, Math.max(0, value))) };
  if (!alpha) return { colour: clipped, alpha: null };
  const samples = alpha.data.map((value) => {
    const sample = value * 255;
    return sample <= ALPHA_SLACK ? 0 : sample >= 255 - ALPHA_SLACK ? 255 : sample;
  });
  if (samples.every((sample) => sample === 255)) return { colour: clipped, alpha: null };
  return { colour: spread(clipped, samples), alpha: samples };
}

/** Planes with the colour of visible pixels spread under invisible ones. */
function spread({ width, height, data }: Planes, alpha: AlphaSamples): Planes {
  const size = width * height;
  const pixels = new Float32Array(size * 4);
  for (let i = 0; i < size; i++) for (let c = 0; c < 3; c++) pixels[i * 4 + c] = data[c * size + i];
  bleed({ width, height, data: pixels }, alpha);
  const planes = createPlanes(width, height, 3);
  for (let i = 0; i < size; i++) for (let c = 0; c < 3; c++) planes.data[c * size + i] = pixels[i * 4 + c];
  return planes;
}

/** The picture rounded to 8 bits at its own size: for previews and files. */
export function toRaster(picture: FloatPicture): Raster {
  const { colour, alpha } = splitFloatPicture(picture);
  return fromPlanes(colour, alpha && Uint8ClampedArray.from(alpha));
}

/** The picture reduced to another size (antialiased bicubic); colour is spread under transparency first. */
export function resizeFloatPicture(picture: FloatPicture, width: number, height: number): FloatPicture {
  const { colour, alpha } = splitFloatPicture(picture);
  const plane = alpha && { ...colour, channels: 1, data: alpha.map((sample) => sample / 255) };
  return {
    width,
    height,
    colour: resizePlanes(colour, width, height),
    alpha: plane && resizePlanes(plane, width, height),
  };
}
