/**
 * The prior of the embedded generator: what a prompt lets expect of a latent, before any sampling. It plays the part that
 * the low-resolution latent plays in Coupling Flow Matching (FMBoost, Schusterbauer et al., ECCV 2024): the flow starts
 * from what is known and only has to find the rest.
 */

import {
  clip,
  depthToSpace,
  exp,
  type ParameterSource,
  reduceMean,
  reshape,
  silu,
  slice,
  type Value,
} from '../graph/index.js';
import { conv, residual } from './layers.js';
import { linear } from './transformer.js';

export interface PriorConfig {
  /** Channels and side of the latent. */
  readonly channels: number;
  readonly side: number;
  /** Width of the vector a prompt becomes. */
  readonly width: number;
  /** Channels that the vector is spread to over half the side, and channels there and at the full side. */
  readonly seeds: number;
  readonly coarse: number;
  readonly fine: number;
}

/** Mean and standard deviation of every latent value, each [N, C, S, S]; normalised units. */
export interface Prior {
  readonly mean: Value;
  readonly spread: Value;
}

/** Normalised latents deviate by at most one: nothing is less sure than that, and nothing quite sure. */
const SPREAD_RANGE = [0.05, 1] as const;

/** context [N, L, D] as the text encoder gives it. */
export function prior(source: ParameterSource, context: Value, config: PriorConfig): Prior {
  const { channels, side, width, seeds, coarse, fine } = config;
  const [batch] = context.shape;
  const half = side / 2;
  const subject = silu(linear(source, 'subject', reduceMean(context, [1]), width));
  const grid = reshape(linear(source, 'grid', subject, seeds * half * half), [batch, seeds, half, half]);
  let x = conv(source, 'coarse', grid, coarse, 3);
  for (const name of ['coarse0', 'coarse1']) x = residual(source, name, x);
  const risen = depthToSpace(conv(source, 'rise', silu(x), 4 * fine, 1), 2);
  const y = silu(residual(source, 'fine0', risen));
  const made = conv(source, 'out', y, 2 * channels, 3, 0.3);
  const log = clip(
    slice(made, 1, channels, 2 * channels),
    Math.log(SPREAD_RANGE[0]),
    Math.log(SPREAD_RANGE[1]),
  );
  return { mean: slice(made, 1, 0, channels), spread: exp(log) };
}

/** Multiply-accumulates of one prompt. */
export function priorMacs({ channels, side, width, seeds, coarse, fine }: PriorConfig): number {
  const small = (side / 2) ** 2;
  const atHalf = (9 * seeds + 36 * coarse + 4 * fine) * coarse + seeds * width;
  const atFull = (18 * fine + 18 * channels) * fine;
  return small * atHalf + side * side * atFull;
}
