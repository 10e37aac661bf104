/**
 * Noise for the start of the flow: how much (a variance-preserving step on the cosine schedule of Nichol
 * and Dhariwal 2021, arXiv 2102.09672, as FMBoost's noising step) and which (a function of seed, stage and
 * absolute latent coordinate). Callers own all arrays.
 */

import { normalQuantile } from './gaussian.js';
import { philox4x32 } from './philox.js';

/** The number of steps of the schedule: noise is counted in steps 0..NOISE_STEPS, fractions allowed. */
export const NOISE_STEPS = 1000;

/** How a noised latent is mixed: `x0 = signal * z0 + sigma * noise`, with signal^2 + sigma^2 = 1. */
export interface NoiseLevel {
  readonly signal: number;
  readonly sigma: number;
}

/**
 * The cosine schedule's alpha-bar, the share of variance that is still signal.
 * Continuous in time: the discrete schedule's entry i (counted from 0) is the value at (i + 1) / 1000.
 * @param time 0..1; gives exactly 1 at 0, falls strictly, and is 0 at 1.
 */
export function cosineAlphaBar(time: number): number {
  if (!(time >= 0 && time <= 1)) throw new RangeError(`The noise schedule runs from 0 to 1, not ${time}.`);
  // Exact ends: cos(pi / 2) is not quite 0 in floating point.
  if (time === 1) return 0;
  return squaredCosine(time) / squaredCosine(0);
}

function squaredCosine(time: number): number {
  // Nichol and Dhariwal's offset 0.008 keeps the first steps from being too small to matter.
  const cosine = Math.cos((((time + 0.008) / 1.008) * Math.PI) / 2);
  return cosine * cosine;
}

/** The noise level of a step in 0..1000 (fractions allowed); step 0 is exactly `{signal: 1, sigma: 0}`. */
export function noiseLevel(step: number): NoiseLevel {
  const alphaBar = cosineAlphaBar(step / NOISE_STEPS);
  return { signal: Math.sqrt(alphaBar), sigma: Math.sqrt(1 - alphaBar) };
}

/** `signal * z0 + sigma * noise`, element by element: one variance-preserving step of any size. */
export function noisingStep(z0: Float32Array, noise: Float32Array, level: NoiseLevel): Float32Array {
  if (z0.length !== noise.length) {
    throw new RangeError(`Noise of ${noise.length} values does not fit a latent of ${z0.length}.`);
  }
  return z0.map((z, i) => level.signal * z + level.sigma * noise[i]);
}

/** A window of the endless noise field that belongs to one seed and stage. */
export interface NoiseWindow {
  /** Integer in 0..2^53 - 1. */
  readonly seed: number;
  /** Which stage of the cascade, an integer from 0: every stage has a field of its own. */
  readonly stage: number;
  readonly channels: number;
  /** Left edge in latent pixels of the whole picture; may be negative (a halo). */
  readonly x: number;
  /** Top edge, likewise. */
  readonly y: number;
  /** Latent pixels. */
  readonly width: number;
  readonly height: number;
  /** Repeats the field: pixel `width` is pixel 0 again, along either side. For pictures that tile a plane. */
  readonly period?: { readonly width: number; readonly height: number } | undefined;
}

/**
 * Independent standard normal noise `[channels, height, width]`. Each value depends on seed, stage, channel
 * and absolute coordinate only, and is the same to the bit on every machine, so tiles of any size, in any
 * order, agree where they overlap.
 */
export function latentNoise(window: NoiseWindow): Float32Array {
  const { seed, stage, channels, x, y, width, height, period } = window;
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`A seed is a whole number from 0 to 2^53 - 1, not ${seed}.`);
  }
  const seedLow = seed % 0x100000000;
  const seedHigh = Math.floor(seed / 0x100000000);
  const plane = width * height;
  const noise = new Float32Array(channels * plane);
  const words = new Uint32Array(4);
  // One block of the generator serves four neighbouring channels.
  for (let channel = 0; channel < channels; channel += 4) {
    const lanes = Math.min(4, channels - channel);
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        philox4x32(
          words,
          wrap(x + column, period?.width),
          wrap(y + row, period?.height),
          channel >> 2,
          stage,
          seedLow,
          seedHigh,
        );
        const at = channel * plane + row * width + column;
        for (let lane = 0; lane < lanes; lane++) {
          // Centres of 2^32 equal bins: neither 0 nor 1 occurs, so the quantile is finite (|z| < 6.4).
          noise[at + lane * plane] = normalQuantile((words[lane] + 0.5) / 0x100000000);
        }
      }
    }
  }
  return noise;
}

function wrap(coordinate: number, period: number | undefined): number {
  return period === undefined ? coordinate : ((coordinate % period) + period) % period;
}
