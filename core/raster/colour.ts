/** Colour arithmetic: luma as the super-resolution literature measures it, and the sRGB transfer curve. */
import { createPlanes, type Planes, type Raster } from './raster.js';

/** BT.601's weights of red, green and blue. */
export const LUMA_WEIGHTS = [0.299, 0.587, 0.114] as const;

/** BT.601 luma over the full range, as JFIF files store it: 0..255 from `r`, `g`, `b` in 0..255. Not rounded. */
export function jfifLuma(r: number, g: number, b: number): number {
  return LUMA_WEIGHTS[0] * r + LUMA_WEIGHTS[1] * g + LUMA_WEIGHTS[2] * b;
}

/**
 * BT.601 luma in the studio range of MATLAB's rgb2ycbcr: 16 for black, 235 for white, from `r`, `g`, `b`
 * in 0..255. Not rounded.
 */
export function luma601(r: number, g: number, b: number): number {
  return 16 + (65.481 * r + 128.553 * g + 24.966 * b) / 255;
}

/** `luma601` of every pixel as one plane of whole numbers 16..235, as MATLAB gives it for 8-bit pictures. */
export function lumaPlane(raster: Raster): Planes {
  const plane = createPlanes(raster.width, raster.height, 1);
  const { data } = raster;
  for (let i = 0, p = 0; i < plane.data.length; i++, p += 4) {
    plane.data[i] = Math.round(luma601(data[p], data[p + 1], data[p + 2]));
  }
  return plane;
}

/** Light (0..1, linear) of an sRGB value (0..1); IEC 61966-2-1. */
export function srgbToLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** The sRGB value (0..1) of light (0..1, linear); IEC 61966-2-1. */
export function linearToSrgb(light: number): number {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
}
