/** The picture that a cascade starts from, 8-bit or float, as rows of colour and one array of transparency. */

import { type AlphaSamples, alphaEnlarger, splitAlpha } from '../raster/alpha.js';
import { type FloatPicture, isFloatPicture, splitFloatPicture } from '../raster/float-picture.js';
import { fromPlanes } from '../raster/planes.js';
import type { Planes, Raster } from '../raster/raster.js';
import type { Size } from './cascade.js';
import { planesRows, type Rows, rasterRows } from './rows.js';

export interface Source extends Size {
  readonly rows: Rows;
  readonly alpha: AlphaSamples | null;
  /** Rows of the picture at its own size; an 8-bit one to the bit, also under transparency. */
  strip(y: number, rows: number): Raster;
}

/** The picture is not copied where it need not be: it must not change while the cascade runs. */
export function openSource(picture: Raster | FloatPicture): Source {
  const { width, height } = picture;
  if (isFloatPicture(picture)) {
    const { colour, alpha } = splitFloatPicture(picture);
    const rows = planesRows(colour);
    const alphaRows = (y: number, count: number) =>
      alpha && Uint8ClampedArray.from(alpha.subarray(y * width, (y + count) * width));
    const strip = (y: number, count: number) =>
      fromPlanes(rows.read({ x: 0, y, width, height: count }), alphaRows(y, count));
    return { width, height, rows, alpha, strip };
  }
  const { colour, alpha } = splitAlpha(picture);
  return {
    width,
    height,
    rows: rasterRows(colour),
    alpha,
    strip: (y, count) => ({
      width,
      height: count,
      data: picture.data.subarray(y * width * 4, (y + count) * width * 4),
    }),
  };
}

/** Puts the source's transparency, enlarged, behind rows of colour of an enlarged picture of this size. */
export function alphaJoiner(source: Source, { width, height }: Size): (colour: Planes, y: number) => Raster {
  const { alpha } = source;
  if (!alpha) return (colour) => fromPlanes(colour, null);
  const enlarge = alphaEnlarger(alpha, source.width, source.height, width, height);
  return (colour, y) => fromPlanes(colour, enlarge(y, colour.height));
}
