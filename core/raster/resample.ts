/**
 * Separable resampling by any ratio, equal to MATLAB's imresize: vertical pass, then horizontal. One
 * output row is finished at a time, so there is no intermediate picture and memory beyond the result is
 * a row. Used in training loops: weights are cached (`weights.ts`) and the loops have no border cases.
 */
import { EnlargerError } from '../errors.js';
import type { Planes, Raster, Rect } from './raster.js';
import { type Kernel, type WeightTable, weightTable } from './weights.js';

export type { Kernel } from './weights.js';

export interface ResizeOptions {
  /** Default `cubic`. */
  readonly kernel?: Kernel | undefined;
  /** Widen the kernel when shrinking; default true. */
  readonly antialias?: boolean | undefined;
  /** Output samples per input sample; default the ratio of the sizes. */
  readonly scaleX?: number | undefined;
  readonly scaleY?: number | undefined;
  /** Compute only this rectangle of the output; the result has its size. Default: everything. */
  readonly window?: Rect | undefined;
}

/** For pictures that never exist as a whole. */
export interface BandOptions extends ResizeOptions {
  /** `src` is only the rows from `y` on of a picture of `height` rows; it must hold `sourceRows` of the window. */
  readonly band?: { readonly y: number; readonly height: number } | undefined;
}

/**
 * The input rows, `begin` to `end` (exclusive), that the output rows from `y` on are made of. No later output row
 * needs any before `begin`.
 */
export function sourceRows(
  inHeight: number,
  outHeight: number,
  y: number,
  rows: number,
): { readonly begin: number; readonly end: number } {
  const table = weightTable(inHeight, outHeight, outHeight / inHeight, 'cubic', true);
  const { end } = rowsUsed(table, y, rows);
  const { begin } = rowsUsed(table, y, Math.min(rows + STEP_BACK, outHeight - y));
  return { begin, end };
}

/** Output rows after which the input rows of a table never lie before those of an earlier one. */
const STEP_BACK = 8;

function rowsUsed({ first, taps }: WeightTable, y: number, rows: number): { begin: number; end: number } {
  let begin = first[y];
  let end = begin;
  // Not simply the first and the last: an output that falls exactly on an input has fewer taps and starts later.
  for (let j = y + 1; j < y + rows; j++) {
    if (first[j] < begin) begin = first[j];
    if (first[j] > end) end = first[j];
  }
  return { begin, end: end + taps };
}

interface Plan {
  readonly rows: WeightTable;
  readonly columns: WeightTable;
  readonly window: Rect;
}

function plan(
  src: { width: number; height: number },
  width: number,
  height: number,
  options: ResizeOptions,
): Plan {
  for (const length of [src.width, src.height, width, height]) {
    if (!Number.isInteger(length) || length < 1) {
      throw new EnlargerError('option-invalid', `A picture cannot be ${length} pixels wide or high.`);
    }
  }
  const { kernel = 'cubic', antialias = true, window = { x: 0, y: 0, width, height } } = options;
  if (window.x < 0 || window.y < 0 || window.x + window.width > width || window.y + window.height > height) {
    throw new EnlargerError('internal', 'A resampling window lies outside its picture.');
  }
  return {
    rows: weightTable(src.height, height, options.scaleY ?? height / src.height, kernel, antialias),
    columns: weightTable(src.width, width, options.scaleX ?? width / src.width, kernel, antialias),
    window,
  };
}

/** sum[i] = sum over the taps of weight * src[start + k * stride + i], for i in 0..length. */
function sumRows(
  src: Float32Array | Uint8ClampedArray,
  start: number,
  stride: number,
  weights: Float64Array,
  at: number,
  taps: number,
  sum: Float64Array,
  length: number,
): void {
  let k = 0;
  if (taps >= 4) {
    for (; k + 4 <= taps; k += 4) {
      const a = weights[at + k];
      const b = weights[at + k + 1];
      const c = weights[at + k + 2];
      const d = weights[at + k + 3];
      const p = start + k * stride;
      const q = p + stride;
      const r = q + stride;
      const s = r + stride;
      if (k === 0)
        for (let i = 0; i < length; i++)
          sum[i] = a * src[p + i] + b * src[q + i] + c * src[r + i] + d * src[s + i];
      else
        for (let i = 0; i < length; i++)
          sum[i] += a * src[p + i] + b * src[q + i] + c * src[r + i] + d * src[s + i];
    }
  } else sum.fill(0, 0, length);
  for (; k < taps; k++) {
    const weight = weights[at + k];
    if (weight === 0) continue;
    const p = start + k * stride;
    for (let i = 0; i < length; i++) sum[i] += weight * src[p + i];
  }
}

/** One row of one channel: `width` outputs from column `x` on. */
function sumColumns(
  row: Float64Array,
  table: WeightTable,
  x: number,
  width: number,
  dst: Float32Array,
  at: number,
): void {
  const { taps, first, weights } = table;
  let w = x * taps;
  if (taps === 4) {
    for (let i = 0; i < width; i++, w += 4) {
      const f = first[x + i];
      dst[at + i] =
        weights[w] * row[f] +
        weights[w + 1] * row[f + 1] +
        weights[w + 2] * row[f + 2] +
        weights[w + 3] * row[f + 3];
    }
    return;
  }
  for (let i = 0; i < width; i++) {
    const f = first[x + i];
    let sum = 0;
    for (let k = 0; k < taps; k++, w++) sum += weights[w] * row[f + k];
    dst[at + i] = sum;
  }
}

/**
 * Planes of `width` x `height`, any number of channels, not clamped: overshoot of the kernel stays.
 * @throws EnlargerError `option-invalid` when a size is not a whole number of at least one pixel.
 */
export function resizePlanes(src: Planes, width: number, height: number, options: BandOptions = {}): Planes {
  const { band = { y: 0, height: src.height } } = options;
  const { rows, columns, window } = plan({ width: src.width, height: band.height }, width, height, options);
  const { begin, end } = rowsUsed(rows, window.y, window.height);
  if (begin < band.y || end > band.y + src.height) {
    throw new EnlargerError('internal', 'A band of a picture does not hold the rows that resampling needs.');
  }
  const data = new Float32Array(src.channels * window.width * window.height);
  const row = new Float64Array(src.width);
  for (let c = 0; c < src.channels; c++) {
    for (let y = 0; y < window.height; y++) {
      const j = window.y + y;
      const start = (c * src.height + rows.first[j] - band.y) * src.width;
      sumRows(src.data, start, src.width, rows.weights, j * rows.taps, rows.taps, row, src.width);
      sumColumns(row, columns, window.x, window.width, data, (c * window.height + y) * window.width);
    }
  }
  return { width: window.width, height: window.height, channels: src.channels, data };
}

/** Halves go up, as in MATLAB (a clamped array alone would round them to even). */
const toByte = (value: number): number => (value <= 0 ? 0 : value >= 254.5 ? 255 : (value + 0.5) | 0);

/** As `sumColumns` for four interleaved channels; the sums are left in `dst` unrounded. */
function sumPixels(row: Float64Array, table: WeightTable, x: number, width: number, dst: Float64Array): void {
  const { taps, first, weights } = table;
  let w = x * taps;
  for (let i = 0; i < width; i++) {
    let f = first[x + i] * 4;
    let r = 0;
    let g = 0;
    let b = 0;
    let a = 0;
    for (let k = 0; k < taps; k++, w++, f += 4) {
      const weight = weights[w];
      r += weight * row[f];
      g += weight * row[f + 1];
      b += weight * row[f + 2];
      a += weight * row[f + 3];
    }
    dst[i * 4] = r;
    dst[i * 4 + 1] = g;
    dst[i * 4 + 2] = b;
    dst[i * 4 + 3] = a;
  }
}

function isOpaque(raster: Raster): boolean {
  const { data } = raster;
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
}

/** `rows` rows from `y` on, colour multiplied by alpha / 255. */
function premultiplied(src: Raster, y: number, rows: number, into: Float32Array): void {
  const length = rows * src.width * 4;
  const start = y * src.width * 4;
  for (let i = 0; i < length; i += 4) {
    const alpha = src.data[start + i + 3];
    into[i] = (src.data[start + i] * alpha) / 255;
    into[i + 1] = (src.data[start + i + 1] * alpha) / 255;
    into[i + 2] = (src.data[start + i + 2] * alpha) / 255;
    into[i + 3] = alpha;
  }
}

/**
 * An 8-bit picture of `width` x `height`. Opaque pictures follow the convention of the published test
 * sets: rounded and clipped to 8 bits between the passes and after them. Where a picture has
 * transparency, colour is weighted by alpha (resampled premultiplied, in floating point, rounded once),
 * so that the colour of invisible pixels never shows; fully transparent results are transparent black.
 * @throws EnlargerError `option-invalid` when a size is not a whole number of at least one pixel.
 */
export function resizeRaster(
  src: Raster,
  width: number,
  height: number,
  options: ResizeOptions = {},
): Raster {
  const { rows, columns, window } = plan(src, width, height, options);
  const data = new Uint8ClampedArray(window.width * window.height * 4);
  const stride = src.width * 4;
  const row = new Float64Array(stride);
  const sums = new Float64Array(window.width * 4);
  const opaque = isOpaque(src);
  const soft = opaque ? undefined : new Float32Array(rows.taps * stride);
  for (let y = 0; y < window.height; y++) {
    const j = window.y + y;
    const at = y * window.width * 4;
    if (soft) {
      premultiplied(src, rows.first[j], rows.taps, soft);
      sumRows(soft, 0, stride, rows.weights, j * rows.taps, rows.taps, row, stride);
    } else {
      sumRows(src.data, rows.first[j] * stride, stride, rows.weights, j * rows.taps, rows.taps, row, stride);
      for (let i = 0; i < stride; i++) row[i] = toByte(row[i]);
    }
    sumPixels(row, columns, window.x, window.width, sums);
    for (let i = 0; i < sums.length; i += 4) {
      const alpha = toByte(sums[i + 3]);
      const gain = opaque ? 1 : alpha === 0 ? 0 : 255 / sums[i + 3];
      data[at + i] = toByte(sums[i] * gain);
      data[at + i + 1] = toByte(sums[i + 1] * gain);
      data[at + i + 2] = toByte(sums[i + 2] * gain);
      data[at + i + 3] = alpha;
    }
  }
  return { width: window.width, height: window.height, data };
}
