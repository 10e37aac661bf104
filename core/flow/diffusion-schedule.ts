/**
 * The noise schedules of diffusion models (Ho et al. 2020; Rombach et al. 2022), so that denoisers trained
 * elsewhere can be sampled. Times are counted in training steps, from 0 (hardly any noise) to `trainSteps - 1`.
 */

import { cosineAlphaBar } from './noise.js';

/** How the noise of a training step grows with its number. */
export type BetaSchedule =
  | {
      readonly kind: 'linear' | 'scaled-linear';
      /** Variance that the first and the last step add. */
      readonly betaStart: number;
      readonly betaEnd: number;
      readonly trainSteps: number;
    }
  | { readonly kind: 'cosine'; readonly trainSteps: number };

/** Which training steps a sampler visits: see `timesteps`. */
export type Spacing = 'leading' | 'trailing' | 'linspace';

/** Nichol and Dhariwal's bound, which keeps the last steps of the cosine schedule from adding all noise at once. */
const MAX_BETA = 0.999;

function betas(schedule: BetaSchedule): Float64Array {
  const { trainSteps } = schedule;
  if (schedule.kind === 'cosine') {
    return Float64Array.from({ length: trainSteps }, (_, i) =>
      Math.min(MAX_BETA, 1 - cosineAlphaBar((i + 1) / trainSteps) / cosineAlphaBar(i / trainSteps)),
    );
  }
  const scaled = schedule.kind === 'scaled-linear';
  const [first, last] = [schedule.betaStart, schedule.betaEnd].map((b) => (scaled ? Math.sqrt(b) : b));
  return Float64Array.from({ length: trainSteps }, (_, i) => {
    const beta = first + ((last - first) * i) / Math.max(1, trainSteps - 1);
    return scaled ? beta * beta : beta;
  });
}

/** Alpha-bar of every training step: the share of variance that is still picture; falls strictly. */
export function alphaBars(schedule: BetaSchedule): Float64Array {
  let product = 1;
  return betas(schedule).map((beta) => (product *= 1 - beta));
}

/** Noise over picture, `sqrt((1 - alphaBar) / alphaBar)`, of an alpha-bar. */
export const sigmaOf = (alphaBar: number): number => Math.sqrt((1 - alphaBar) / alphaBar);

/**
 * `count` training steps from noisy to clean. `leading`: multiples of a whole stride, moved by `offset`;
 * `trailing`: from the last step down by an even stride, rounded; `linspace`: evenly from the last to the first,
 * fractions allowed.
 */
export function timesteps(trainSteps: number, count: number, spacing: Spacing, offset = 0): number[] {
  const range = Array.from({ length: count }, (_, i) => i);
  switch (spacing) {
    case 'leading': {
      const stride = Math.floor(trainSteps / count);
      return range.map((i) => Math.min(trainSteps - 1, (count - 1 - i) * stride + offset));
    }
    case 'trailing':
      return range.map((i) => Math.max(0, Math.round(trainSteps - (i * trainSteps) / count) - 1));
    case 'linspace':
      return range.map((i) =>
        count === 1 ? trainSteps - 1 : ((trainSteps - 1) * (count - 1 - i)) / (count - 1),
      );
  }
}

/** The value of a table at a fractional index, by a straight line between its neighbours. */
export function interpolate(table: Float64Array, at: number): number {
  const low = Math.min(table.length - 1, Math.max(0, Math.floor(at)));
  const high = Math.min(table.length - 1, low + 1);
  const share = Math.min(1, Math.max(0, at - low));
  return table[low] * (1 - share) + table[high] * share;
}

/**
 * Noise levels spaced as Karras et al. 2022 advise (rho 7), from the first to the last of `sigmas`, which fall.
 */
export function karrasSigmas(sigmas: readonly number[]): number[] {
  const rho = 7;
  const [most, least] = [sigmas[0], sigmas[sigmas.length - 1]].map((sigma) => sigma ** (1 / rho));
  const steps = Math.max(1, sigmas.length - 1);
  return sigmas.map((_, i) => (most + (i / steps) * (least - most)) ** rho);
}

/** The training step (with fraction) at which noise reaches `sigma`, by straight lines in its logarithm. */
export function stepOfSigma(sigma: number, table: Float64Array): number {
  const target = Math.log(sigma);
  let low = 0;
  let high = table.length - 1;
  if (target <= Math.log(table[low])) return low;
  if (target >= Math.log(table[high])) return high;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (Math.log(table[middle]) <= target) low = middle;
    else high = middle;
  }
  const [below, above] = [Math.log(table[low]), Math.log(table[high])];
  return low + (target - below) / (above - below);
}
