/**
 * Samplers for denoisers trained by diffusion: Euler on discrete noise levels (Karras et al. 2022, algorithm 1
 * without churn) and the multistep sampler of latent consistency models (Luo et al. 2023, arXiv 2310.04378). Owns
 * nothing: every function returns new arrays.
 */

import {
  alphaBars,
  type BetaSchedule,
  interpolate,
  karrasSigmas,
  type Spacing,
  sigmaOf,
  stepOfSigma,
  timesteps,
} from './diffusion-schedule.js';

/** What the network was trained to tell of a noisy latent: the noise, or v (Salimans and Ho 2022). */
export type DiffusionPrediction = 'epsilon' | 'v';

export interface DiffusionOptions {
  readonly schedule: BetaSchedule;
  readonly prediction: DiffusionPrediction;
  /** Evaluations of the network. */
  readonly steps: number;
  /** Default `leading`. */
  readonly spacing?: Spacing;
  /** Added to the steps of `leading`; default 0. */
  readonly offset?: number;
  /** Karras' spacing of the noise levels; default false. Euler only. */
  readonly karras?: boolean;
  /** Steps of the sampler that a consistency model was distilled from; default 50. LCM only. */
  readonly originalSteps?: number;
}

/** A network and its noise. */
export interface Denoising {
  /** The network's prediction for x at a training step; x is as the network was trained to see it. */
  readonly predict: (x: Float32Array, time: number) => Promise<Float32Array> | Float32Array;
  /** Standard normal noise: number 0 is the start, later ones are what a sampler adds on its way. */
  readonly noise: (number: number) => Float32Array;
}

/**
 * The noise levels that Euler walks and the training steps that stand for them; `sigmas` ends with 0 and is one
 * longer. `start` is the standard deviation of the start.
 */
export function eulerPlan(options: DiffusionOptions): {
  readonly times: readonly number[];
  readonly sigmas: readonly number[];
  readonly start: number;
} {
  const { schedule, steps, spacing = 'leading', offset = 0, karras = false } = options;
  const table = alphaBars(schedule).map(sigmaOf);
  let times = timesteps(schedule.trainSteps, steps, spacing, offset);
  let sigmas = times.map((time) => interpolate(table, time));
  if (karras) {
    sigmas = karrasSigmas(sigmas);
    times = sigmas.map((sigma) => stepOfSigma(sigma, table));
  }
  // `leading` never visits the noisiest step: its start is picture and noise of the level where it begins.
  const start = spacing === 'leading' ? Math.sqrt(sigmas[0] ** 2 + 1) : sigmas[0];
  return { times, sigmas: [...sigmas, 0], start };
}

/** From noise to a latent with Euler steps in sigma. */
export async function sampleEuler(denoising: Denoising, options: DiffusionOptions): Promise<Float32Array> {
  const { times, sigmas, start } = eulerPlan(options);
  let x = denoising.noise(0).map((value) => value * start);
  for (let i = 0; i < times.length; i++) {
    const [sigma, next] = [sigmas[i], sigmas[i + 1]];
    const scale = 1 / Math.sqrt(sigma * sigma + 1);
    const output = await denoising.predict(
      x.map((value) => value * scale),
      times[i],
    );
    // The slope dx/dsigma is the noise itself; v holds it mixed with the picture.
    const [fromX, fromOutput] = options.prediction === 'epsilon' ? [0, 1] : [sigma * scale * scale, scale];
    x = x.map((value, k) => value + (next - sigma) * (fromX * value + fromOutput * output[k]));
  }
  return x;
}

/** LCM's boundary condition c_skip and c_out scales time by this; sigma_data is half. */
const TIME_SCALE = 10;
const SIGMA_DATA = 0.5;

/** The training steps that LCM visits: evenly out of those of the sampler it was distilled from. */
export function lcmTimes({ schedule, steps, originalSteps = 50 }: DiffusionOptions): number[] {
  const stride = Math.floor(schedule.trainSteps / originalSteps);
  const origin = Array.from({ length: originalSteps }, (_, i) => (originalSteps - i) * stride - 1);
  return Array.from({ length: steps }, (_, i) => origin[Math.floor((i * originalSteps) / steps)]);
}

/** From noise to a latent with a consistency model: jump to the picture, add noise of the next level, jump again. */
export async function sampleLcm(denoising: Denoising, options: DiffusionOptions): Promise<Float32Array> {
  const bars = alphaBars(options.schedule);
  const times = lcmTimes(options);
  let x = Float32Array.from(denoising.noise(0));
  for (const [i, time] of times.entries()) {
    const [signal, sigma] = levels(bars[time]);
    const output = await denoising.predict(x, time);
    const scaled = time * TIME_SCALE;
    const skip = SIGMA_DATA ** 2 / (scaled ** 2 + SIGMA_DATA ** 2);
    const out = scaled / Math.sqrt(scaled ** 2 + SIGMA_DATA ** 2);
    const picture = (value: number, predicted: number) =>
      options.prediction === 'epsilon'
        ? (value - sigma * predicted) / signal
        : signal * value - sigma * predicted;
    const denoised = x.map((value, k) => out * picture(value, output[k]) + skip * value);
    if (i === times.length - 1) return denoised;
    const [nextSignal, nextSigma] = levels(bars[times[i + 1]]);
    const noise = denoising.noise(i + 1);
    x = denoised.map((value, k) => nextSignal * value + nextSigma * noise[k]);
  }
  return x;
}

const levels = (alphaBar: number): [signal: number, sigma: number] => [
  Math.sqrt(alphaBar),
  Math.sqrt(1 - alphaBar),
];

/**
 * How strongly to follow the prompt, as consistency models take it: sines and cosines of 1000 times
 * `guidance - 1`, `size` values (even).
 */
export function guidanceEmbedding(guidance: number, size: number): Float32Array {
  const half = size / 2;
  const decay = Math.log(10000) / (half - 1);
  const embedding = new Float32Array(size);
  for (let i = 0; i < half; i++) {
    const angle = (guidance - 1) * 1000 * Math.exp(-decay * i);
    embedding[i] = Math.sin(angle);
    embedding[half + i] = Math.cos(angle);
  }
  return embedding;
}
