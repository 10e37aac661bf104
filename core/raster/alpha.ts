/**
 * Takes transparency apart from colour and puts it back. Colour is spread under transparent pixels first,
 * so that nothing that enlarges it sees the meaningless colour stored there; alpha is enlarged on its own.
 */
import { EnlargerError } from '../errors.js';
import { findOutline } from './outline.js';
import type { Planes, Raster } from './raster.js';
import { resizePlanes } from './resample.js';
import { type Kernel, type WeightTable, weightTable } from './weights.js';

export interface SplitPicture {
  /** The colour, opaque. */
  readonly colour: Raster;
  /** `width * height` bytes, or null when the picture is opaque everywhere. */
  readonly alpha: Uint8ClampedArray | null;
}

/**
 * Colour and alpha of a picture. Visible pixels keep their colour; those of alpha 0 get it from the
 * nearest visible ones, ring by ring, each the mean of its neighbours in earlier rings. Linear in the
 * number of pixels. An opaque picture is returned as it is, not copied.
 */
export function splitAlpha(raster: Raster): SplitPicture {
  const { width, height } = raster;
  const alpha = new Uint8ClampedArray(width * height);
  let opaque = true;
  for (let i = 0; i < alpha.length; i++) {
    alpha[i] = raster.data[i * 4 + 3];
    if (alpha[i] !== 255) opaque = false;
  }
  if (opaque) return { colour: raster, alpha: null };
  const colour = { width, height, data: raster.data.slice() };
  bleed(colour, alpha);
  for (let i = 3; i < colour.data.length; i += 4) colour.data[i] = 255;
  return { colour, alpha };
}

const UNKNOWN = 0;
const QUEUED = 1;
const KNOWN = 2;
const OUTSIDE = 3;

/** RGBA pixels whose colour is to be spread, in any unit. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Float32Array;
}

/** One sample of transparency per pixel, 0..255; floats where rounding to bytes would lose something. */
export type AlphaSamples = Uint8ClampedArray | Float32Array;

/** Gives pixels of alpha 0 the colour of their surroundings, in place; the fourth channel is left alone. */
export function bleed({ width, height, data }: Pixels, alpha: AlphaSamples): void {
  // The state of every pixel, with a frame of OUTSIDE around the picture so that neighbours need no
  // border checks. `around` are the steps to the eight neighbours in it, `aroundPixel` in the picture.
  const stride = width + 2;
  const state = new Uint8Array(stride * (height + 2)).fill(OUTSIDE);
  const around = Int32Array.of(-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1);
  const aroundPixel = Int32Array.of(-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1);
  let hidden = 0;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (alpha[i] === 0) hidden++;
      state[(y + 1) * stride + x + 1] = alpha[i] === 0 ? UNKNOWN : KNOWN;
    }
  }
  // The queue holds the rings one after the other; the current one is start..ring.
  const queue = new Int32Array(hidden);
  let end = 0;
  for (let s = stride; s < state.length - stride; s++) {
    if (state[s] !== UNKNOWN) continue;
    for (let k = 0; k < 8; k++) {
      if (state[s + around[k]] !== KNOWN) continue;
      state[s] = QUEUED;
      queue[end++] = s;
      break;
    }
  }
  for (let start = 0; start < end; ) {
    const ring = end;
    for (let q = start; q < ring; q++) {
      const s = queue[q];
      const i = s - 2 * Math.floor(s / stride) - width - 1;
      let [r, g, b, total] = [0, 0, 0, 0];
      for (let k = 0; k < 8; k++) {
        const neighbour = state[s + around[k]];
        if (neighbour === UNKNOWN) {
          state[s + around[k]] = QUEUED;
          queue[end++] = s + around[k];
        }
        if (neighbour !== KNOWN) continue;
        const p = i + aroundPixel[k];
        // Nearly invisible pixels often store a poor colour and count for less.
        const weight = alpha[p] || 255;
        r += weight * data[p * 4];
        g += weight * data[p * 4 + 1];
        b += weight * data[p * 4 + 2];
        total += weight;
      }
      data[i * 4] = r / total;
      data[i * 4 + 1] = g / total;
      data[i * 4 + 2] = b / total;
    }
    for (let q = start; q < ring; q++) state[queue[q]] = KNOWN;
    start = ring;
  }
}

/** Puts `alpha` into `colour` itself, without a copy, and returns it; null leaves it opaque. */
export function joinAlpha(colour: Raster, alpha: Uint8ClampedArray | null): Raster {
  if (alpha === null) return colour;
  if (alpha.length !== colour.width * colour.height) {
    throw new EnlargerError('internal', 'Transparency and colour of a picture have different sizes.');
  }
  for (let i = 0; i < alpha.length; i++) colour.data[i * 4 + 3] = alpha[i];
  return colour;
}

/** The separable sum of one output sample. */
function sample(
  alpha: AlphaSamples,
  w: number,
  rows: WeightTable,
  j: number,
  columns: WeightTable,
  i: number,
): number {
  let sum = 0;
  for (let k = 0; k < rows.taps; k++) {
    const at = (rows.first[j] + k) * w + columns.first[i];
    let line = 0;
    for (let l = 0; l < columns.taps; l++) line += columns.weights[i * columns.taps + l] * alpha[at + l];
    sum += rows.weights[j * rows.taps + k] * line;
  }
  return sum;
}

/** Distances from an outline, in pixels of the mask, between which it stops to matter. */
const NEAR = 1;
const BEYOND = 1.5;

/**
 * Alpha of size `w` x `h` enlarged to `W` x `H`: cubic, kept within the values of the samples it is made from, so
 * nothing overshoots and flat areas (0 and 255 above all) stay exact. Where an edge takes a pixel at most, hard or
 * antialiased, its outline is drawn again one output pixel wide instead of blurred. Shrinking along either side:
 * antialiased cubic.
 */
export function enlargeAlpha(
  alpha: AlphaSamples,
  w: number,
  h: number,
  W: number,
  H: number,
): Uint8ClampedArray {
  return alphaEnlarger(alpha, w, h, W, H)(0, H);
}

/** `enlargeAlpha` in bands: the returned function makes `rowCount` rows of the result from row `y` on. */
export function alphaEnlarger(
  alpha: AlphaSamples,
  w: number,
  h: number,
  W: number,
  H: number,
): (y: number, rowCount: number) => Uint8ClampedArray {
  if (W < w || H < h) {
    const planes: Planes = { width: w, height: h, channels: 1, data: Float32Array.from(alpha) };
    return (y, rowCount) => {
      const band = resizePlanes(planes, W, H, { window: { x: 0, y, width: W, height: rowCount } });
      return Uint8ClampedArray.from(band.data);
    };
  }
  const [rows, columns] = axes(w, h, W, H, 'cubic');
  const [linearRows, linearColumns] = axes(w, h, W, H, 'linear');
  const scale = Math.sqrt((W / w) * (H / h));
  const outline = scale > 1 ? findOutline(alpha, w, h) : null;
  return (y, rowCount) => {
    const out = new Uint8ClampedArray(W * rowCount);
    for (let j = y, to = 0; j < y + rowCount; j++) {
      for (let i = 0; i < W; i++, to++) {
        const [low, high] = range(alpha, w, rows, j, columns, i);
        const soft =
          low === high ? low : Math.min(high, Math.max(low, sample(alpha, w, rows, j, columns, i)));
        out[to] = soft;
        if (outline === null || low === high) continue;
        const at = (field: Float32Array) => sample(field, w, linearRows, j, linearColumns, i);
        const hardness = Math.min(1, scale - 1) * at(outline.hardness);
        if (hardness === 0) continue;
        // Linear is right beside outlines and corners, cubic for the ridge of a thin line between two pixels.
        const distance = (at(outline.distance) + sample(outline.distance, w, rows, j, columns, i)) / 2;
        const share = hardness * Math.min(1, Math.max(0, (BEYOND - Math.abs(distance)) / (BEYOND - NEAR)));
        const inside = Math.min(1, Math.max(0, distance * scale + 0.5));
        const [from, until] = [at(outline.low), at(outline.high)];
        out[to] = soft + share * (from + (until - from) * inside - soft);
      }
    }
    return out;
  };
}

function axes(
  w: number,
  h: number,
  W: number,
  H: number,
  kernel: Kernel,
): [rows: WeightTable, columns: WeightTable] {
  return [weightTable(h, H, H / h, kernel, true), weightTable(w, W, W / w, kernel, true)];
}

/** The least and the largest of the samples that one output sample is made from. */
function range(
  alpha: AlphaSamples,
  w: number,
  rows: WeightTable,
  j: number,
  columns: WeightTable,
  i: number,
): [low: number, high: number] {
  let [low, high] = [255, 0];
  for (let k = 0; k < rows.taps; k++) {
    const at = (rows.first[j] + k) * w + columns.first[i];
    for (let l = 0; l < columns.taps; l++) {
      const a = alpha[at + l];
      if (a < low) low = a;
      if (a > high) high = a;
    }
  }
  return [low, high];
}
