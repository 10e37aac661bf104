/**
 * Makes the generator's training set: icons through the pack's encoder, and their coverage through a small linear code.
 *
 * Colour is encoded over grey, so that what cannot be seen is the same everywhere and costs the generator nothing.
 */

import type { Matrix } from 'ml-matrix';
import { encodeModel, Graph } from '../graph/index.js';
import { LATENT_FACTOR } from '../nets/autoencoder.js';
import { type Engine, float32 } from '../runtime/engine.js';
import { Covariance, leadingComponents } from './pca.js';
import { type FrozenEncoder, frozenEncoder } from './tasks/frozen.js';

/** Icons as training examples, in memory. */
export interface LatentIcons {
  readonly count: number;
  /** Colour channels, then coverage channels. */
  readonly channels: number;
  readonly side: number;
  /** [count, channels, side, side], normalised: (encoded - mean) / std. */
  readonly data: Float32Array;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export interface LatentIconOptions {
  readonly engine: Engine;
  readonly encoder: FrozenEncoder;
  /** [count, sidePx, sidePx, 4], colour not premultiplied. */
  readonly rgba: Uint8Array;
  readonly sidePx: number;
  /** How many icons, from the first, the statistics and the code of the coverage are taken from; default all. */
  readonly measured?: number;
  /** Channels of the code of the coverage. */
  readonly coverageChannels: number;
  readonly onProgress?: (done: number, total: number) => void;
}

const BATCH = 16;
const PATCH = LATENT_FACTOR * LATENT_FACTOR;
const GREY = 0.5;

/** Encodes and normalises the icons. */
export async function encodeIcons(options: LatentIconOptions): Promise<LatentIcons> {
  const { engine, encoder, rgba, sidePx, coverageChannels, onProgress } = options;
  const size = sidePx * sidePx;
  const count = rgba.length / (4 * size);
  const measured = options.measured ?? count;
  const side = sidePx / LATENT_FACTOR;
  const colours = encoder.config.latentChannels;
  const channels = colours + coverageChannels;
  const data = new Float32Array(count * channels * side * side);

  const graph = new Graph('encode');
  const picture = graph.input('picture', [BATCH, 3, sidePx, sidePx]);
  graph.output('latent', frozenEncoder(picture, encoder));
  const program = await engine.load(encodeModel(graph));
  const basis = coverageBasis(rgba.subarray(0, measured * 4 * size), sidePx, coverageChannels);
  for (let from = 0; from < count; from += BATCH) {
    const taken = Math.min(BATCH, count - from);
    const batch = new Float32Array(BATCH * 3 * size);
    for (let i = 0; i < taken; i++) overGrey(rgba, (from + i) * size, size, batch, i * 3 * size);
    const { latent } = await program.run({ picture: float32([BATCH, 3, sidePx, sidePx], batch) });
    const length = colours * side * side;
    for (let i = 0; i < taken; i++) {
      const target = data.subarray(
        (from + i) * channels * side * side,
        (from + i + 1) * channels * side * side,
      );
      target.set((latent.data as Float32Array).subarray(i * length, (i + 1) * length));
      encodeCoverage(rgba, (from + i) * size, sidePx, basis, target.subarray(length));
    }
    onProgress?.(from + taken, count);
  }
  await program.dispose();
  return { count, channels, side, data, ...normalise(data, { count, measured, channels }) };
}

/** Colour over grey by its coverage, as planes in 0..1. `pixel` counts pixels from the start of `rgba`. */
function overGrey(rgba: Uint8Array, pixel: number, size: number, target: Float32Array, at: number): void {
  for (let i = 0; i < size; i++) {
    const p = 4 * (pixel + i);
    const alpha = rgba[p + 3] / 255;
    for (let c = 0; c < 3; c++) target[at + c * size + i] = alpha * (rgba[p + c] / 255) + (1 - alpha) * GREY;
  }
}

/** The coverage of one 8 x 8 patch, centred. */
function coveragePatch(
  rgba: Uint8Array,
  pixel: number,
  sidePx: number,
  px: number,
  py: number,
  patch: Float32Array,
) {
  for (let y = 0; y < LATENT_FACTOR; y++)
    for (let x = 0; x < LATENT_FACTOR; x++) {
      const p = pixel + (py * LATENT_FACTOR + y) * sidePx + px * LATENT_FACTOR + x;
      patch[y * LATENT_FACTOR + x] = rgba[4 * p + 3] / 255 - 0.5;
    }
}

/** Principal components of the patches of every 7th icon, one unit vector per row. */
function coverageBasis(rgba: Uint8Array, sidePx: number, count: number): number[][] {
  const size = sidePx * sidePx;
  const covariance = new Covariance(PATCH);
  const patch = new Float32Array(PATCH);
  for (let pixel = 0; 4 * pixel < rgba.length; pixel += 7 * size)
    for (let py = 0; py < sidePx / LATENT_FACTOR; py++)
      for (let px = 0; px < sidePx / LATENT_FACTOR; px++) {
        coveragePatch(rgba, pixel, sidePx, px, py, patch);
        covariance.add(patch);
      }
  const matrix: Matrix = covariance.mean();
  return leadingComponents(matrix, count);
}

function encodeCoverage(
  rgba: Uint8Array,
  pixel: number,
  sidePx: number,
  basis: readonly number[][],
  target: Float32Array,
): void {
  const side = sidePx / LATENT_FACTOR;
  const patch = new Float32Array(PATCH);
  for (let py = 0; py < side; py++)
    for (let px = 0; px < side; px++) {
      coveragePatch(rgba, pixel, sidePx, px, py, patch);
      for (const [c, component] of basis.entries()) {
        let sum = 0;
        for (let i = 0; i < PATCH; i++) sum += component[i] * patch[i];
        target[(c * side + py) * side + px] = sum;
      }
    }
}

/**
 * Brings channels nearer to one another, but leaves weak ones weaker: each is divided by the geometric mean of its own
 * deviation and the largest. The walk from noise then settles what matters first, the coarse before the fine.
 */
/** In place, all of them, by what is measured on the first. */
function normalise(
  data: Float32Array,
  { count, measured, channels }: Record<'count' | 'measured' | 'channels', number>,
) {
  const plane = data.length / (count * channels);
  const mean: number[] = [];
  const deviation: number[] = [];
  const each = (c: number, icons: number, visit: (at: number) => void) => {
    for (let n = 0; n < icons; n++) {
      const start = (n * channels + c) * plane;
      for (let i = start; i < start + plane; i++) visit(i);
    }
  };
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    let squares = 0;
    each(c, measured, (i) => {
      sum += data[i];
      squares += data[i] * data[i];
    });
    const m = sum / (measured * plane);
    mean.push(m);
    deviation.push(Math.sqrt(squares / (measured * plane) - m * m));
  }
  const largest = Math.max(...deviation);
  const std = deviation.map((own) => Math.sqrt(own * largest));
  for (let c = 0; c < channels; c++)
    each(c, count, (i) => {
      data[i] = (data[i] - mean[c]) / std[c];
    });
  return { mean, std };
}
