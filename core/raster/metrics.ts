/**
 * Distances between two pictures of one size, as the super-resolution literature reports them. Larger is
 * more alike. Alpha is not looked at. Equal pictures have a PSNR of Infinity.
 */
import { EnlargerError } from '../errors.js';
import { lumaPlane } from './colour.js';
import type { Planes, Raster } from './raster.js';
import { resizeRaster } from './resample.js';

interface Sized {
  readonly width: number;
  readonly height: number;
}

function checkSizes(a: Sized, b: Sized, border: number, smallest: number): void {
  if (a.width !== b.width || a.height !== b.height) {
    throw new EnlargerError(
      'option-invalid',
      `Pictures of different sizes cannot be compared: ${a.width} x ${a.height} and ${b.width} x ${b.height}.`,
    );
  }
  if (Math.min(a.width, a.height) - 2 * border < smallest) {
    throw new EnlargerError('option-invalid', 'The pictures are too small to be compared.');
  }
}

const decibels = (meanSquare: number, peak: number): number =>
  meanSquare === 0 ? Infinity : 10 * Math.log10((peak * peak) / meanSquare);

/**
 * PSNR in dB over all channels of two planes whose samples reach from 0 to `peak`, without a border of
 * `border` pixels.
 * @throws EnlargerError `option-invalid` for different sizes or nothing left inside the border.
 */
export function psnr(a: Planes, b: Planes, peak = 1, border = 0): number {
  checkSizes(a, b, border, 1);
  let sum = 0;
  for (let c = 0; c < a.channels; c++) {
    for (let y = border; y < a.height - border; y++) {
      const row = (c * a.height + y) * a.width;
      for (let i = row + border; i < row + a.width - border; i++) sum += (a.data[i] - b.data[i]) ** 2;
    }
  }
  return decibels(sum / (a.channels * (a.width - 2 * border) * (a.height - 2 * border)), peak);
}

/** PSNR in dB of the BT.601 luma (peak 255) without a border, by custom as wide as the scale. */
export function psnrY(a: Raster, b: Raster, border: number): number {
  return psnr(lumaPlane(a), lumaPlane(b), 255, border);
}

/** PSNR in dB over red, green and blue together, without a border of `border` pixels. */
export function psnrRgb(a: Raster, b: Raster, border = 0): number {
  checkSizes(a, b, border, 1);
  let sum = 0;
  for (let y = border; y < a.height - border; y++) {
    const end = (y * a.width + a.width - border) * 4;
    for (let i = (y * a.width + border) * 4; i < end; i += 4) {
      sum += (a.data[i] - b.data[i]) ** 2;
      sum += (a.data[i + 1] - b.data[i + 1]) ** 2;
      sum += (a.data[i + 2] - b.data[i + 2]) ** 2;
    }
  }
  return decibels(sum / (3 * (a.width - 2 * border) * (a.height - 2 * border)), 255);
}

/**
 * How true an enlargement stays to its original: the RGB PSNR in dB between the original `lr` and `sr`
 * reduced to its size by MATLAB-style bicubic (Lugmayr et al., NTIRE 2021 learning the SR space).
 */
export function lrPsnr(sr: Raster, lr: Raster): number {
  return psnrRgb(resizeRaster(sr, lr.width, lr.height), lr);
}

const SSIM_TAPS = 11;
const SSIM_WINDOW = (() => {
  const weights = Float64Array.from({ length: SSIM_TAPS }, (_, i) =>
    Math.exp(-((i - 5) ** 2) / (2 * 1.5 * 1.5)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
})();

/**
 * Mean structural similarity of the BT.601 luma (Wang, Bovik, Sheikh and Simoncelli 2004): 11 x 11
 * Gaussian window with sigma 1.5, K1 = 0.01, K2 = 0.03, L = 255, only where the window fits inside the
 * picture without its border. At most 1.
 * @throws EnlargerError `option-invalid` for different sizes or less than 11 pixels inside the border.
 */
export function ssimY(a: Raster, b: Raster, border: number): number {
  checkSizes(a, b, border, SSIM_TAPS);
  const p = lumaPlane(a).data;
  const q = lumaPlane(b).data;
  const width = a.width - 2 * border;
  const rows = a.height - 2 * border - SSIM_TAPS + 1;
  const columns = width - SSIM_TAPS + 1;
  const c1 = (0.01 * 255) ** 2;
  const c2 = (0.03 * 255) ** 2;
  // Sums of p, q, p * p, q * q and p * q over one column of the window, for every column of a row.
  const moments = new Float64Array(width * 5);
  let total = 0;
  for (let y = 0; y < rows; y++) {
    moments.fill(0);
    for (let k = 0; k < SSIM_TAPS; k++) {
      const weight = SSIM_WINDOW[k];
      let at = (border + y + k) * a.width + border;
      for (let m = 0; m < moments.length; m += 5, at++) {
        const u = p[at];
        const v = q[at];
        moments[m] += weight * u;
        moments[m + 1] += weight * v;
        moments[m + 2] += weight * u * u;
        moments[m + 3] += weight * v * v;
        moments[m + 4] += weight * u * v;
      }
    }
    for (let x = 0; x < columns; x++) {
      let [u, v, uu, vv, uv] = [0, 0, 0, 0, 0];
      for (let k = 0, m = x * 5; k < SSIM_TAPS; k++, m += 5) {
        const weight = SSIM_WINDOW[k];
        u += weight * moments[m];
        v += weight * moments[m + 1];
        uu += weight * moments[m + 2];
        vv += weight * moments[m + 3];
        uv += weight * moments[m + 4];
      }
      const similar = (2 * u * v + c1) * (2 * (uv - u * v) + c2);
      total += similar / ((u * u + v * v + c1) * (uu - u * u + vv - v * v + c2));
    }
  }
  return total / (rows * columns);
}
