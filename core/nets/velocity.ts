/**
 * The velocity network of Coupling Flow Matching (FMBoost, Schusterbauer et al., ECCV 2024): from a point x_t
 * on the path between the low-resolution latent x0 and the high-resolution latent x1 it predicts
 * v = x1 - x0. The clean low-resolution latent z0 is context; x0 is z0 with noise of a known level.
 *
 * Preconditioned in the manner of EDM (Karras et al. 2022): with delta = x1 - z0 of variance s^2 and
 * x0 = signal * z0 + sigma * noise, the part of v that a Gaussian model explains from x_t and z0 is put in
 * closed form, and the network predicts the rest, which has unit variance at every t and noise level.
 *
 * s is no constant: `spread` predicts it for every channel and place from z0. Where the picture is smooth nothing is
 * missing, s is next to nothing, and so are the noise the flow starts from (`localNoise`) and whatever the network could
 * do wrong: no grain on flat areas, by construction.
 */

import {
  add,
  clip,
  concat,
  div,
  exp,
  log,
  mul,
  type ParameterSource,
  reshape,
  rmsNorm,
  silu,
  sqrt,
  square,
  sub,
  type Value,
} from '../graph/index.js';
import { conv, fourierFeatures, modulatedBlock } from './layers.js';

export interface VelocityConfig {
  readonly latentChannels: number;
  readonly channels: number;
  /** Residual blocks of two 3 x 3 convolutions. */
  readonly blocks: number;
  /** Width of the embedding of time and noise level. */
  readonly embedding: number;
  /** Root mean square of x1 - z0 in normalised latents: where `spread` starts, and its unit. */
  readonly changeStd: number;
}

/** Where on the path and how noisy its start: t and sigma in 0..1, each [N]; spread as `spread` gives it. */
export interface PathPoint {
  readonly t: Value;
  readonly sigma: Value;
  readonly spread: Value;
}

const SPREAD_CHANNELS = 64;
/** Bounds of the spread in units of changeStd: a floor, or flat places would count like all others in training. */
const SPREAD_RANGE = [0.02, 4] as const;

/**
 * How much of the picture is missing, channel by channel and place by place: the standard deviation of x1 - z0 that z0
 * lets expect. z0 [N, C, h, w] to [N, C, h, w], positive.
 */
export function spread(source: ParameterSource, z0: Value, config: VelocityConfig): Value {
  const { latentChannels, changeStd } = config;
  const first = silu(conv(source, 'spread.in', z0, SPREAD_CHANNELS, 3));
  const second = silu(conv(source, 'spread.middle', first, SPREAD_CHANNELS, 3));
  const bounded = clip(
    conv(source, 'spread.out', second, latentChannels, 1, 0.1),
    Math.log(SPREAD_RANGE[0]),
    Math.log(SPREAD_RANGE[1]),
  );
  return mul(exp(bounded), changeStd);
}

/** Negative log-likelihood, but for a constant, of the change under a Gaussian of this spread: what trains `spread`. */
export function spreadError(spread: Value, change: Value): Value {
  return add(log(spread), mul(square(div(change, spread)), 0.5));
}

/** A noise level place by place: signal^2 + sigma^2 = 1, each [N, C, h, w]. */
export interface LocalNoise {
  readonly signal: Value;
  readonly sigma: Value;
}

/**
 * The noise level asked for, `sigma` [N, 1, 1, 1] or [1], lowered where less than usual is missing: a
 * variance-preserving step (FMBoost's noising step) of its own size at every place.
 */
export function localNoise(sigma: Value, spread: Value, changeStd: number): LocalNoise {
  const here = mul(clip(mul(spread, 1 / changeStd), 0, 1), sigma);
  return { signal: sqrt(sub(1, square(here))), sigma: here };
}

/**
 * Keeps the closed form finite where x_t says everything (no noise) or nothing (t = 0): it acts as if the
 * start were noised a little more than it is.
 */
const SIGMA_FLOOR = 0.02;

/** The Gaussian part: v = base + residual * slope + scale * F, and the network's first input. */
export interface Preconditioner {
  /** What is known of v before the network: [N, C, h, w]. */
  readonly base: Value;
  /** Standard deviation of the rest: [N, C, h, w]. */
  readonly scale: Value;
  /** x_t without its known part, at unit variance: [N, C, h, w]. */
  readonly input: Value;
}

/** All tensors in normalised latent units; xt and z0 [N, C, h, w]. */
export function precondition(xt: Value, z0: Value, point: PathPoint, changeStd: number): Preconditioner {
  const batch = point.t.shape[0];
  const [t, level] = [point.t, point.sigma].map((v) => reshape(v, [batch, 1, 1, 1]));
  const { signal, sigma } = localNoise(level, point.spread, changeStd);
  const rest = sub(1, t);
  const variance = square(point.spread);
  const noise = add(square(sigma), SIGMA_FLOOR * SIGMA_FLOOR);
  // x_t = (1-t) (signal z0 + sigma noise) + t (z0 + delta): subtract what z0 explains.
  const residual = sub(xt, mul(z0, add(mul(rest, signal), t)));
  const total = add(mul(square(rest), noise), mul(square(t), variance));
  const slope = div(sub(mul(t, variance), mul(rest, noise)), total);
  return {
    base: add(mul(z0, sub(1, signal)), mul(residual, slope)),
    scale: sqrt(div(mul(noise, variance), total)),
    input: div(residual, sqrt(total)),
  };
}

/** The network proper: unit-variance input and context [N, C, h, w] to F [N, C, h, w] of unit variance. */
function residualNetwork(
  source: ParameterSource,
  input: Value,
  z0: Value,
  point: PathPoint,
  config: VelocityConfig,
): Value {
  const { channels, blocks, latentChannels } = config;
  const features = concat(
    [point.t, point.sigma].map((v) => fourierFeatures(reshape(v, [v.shape[0], 1, 1, 1]))),
    1,
  );
  const embedding = silu(conv(source, 'embed', features, config.embedding, 1));
  let x = conv(source, 'in', concat([input, z0], 1), channels, 3);
  for (let i = 0; i < blocks; i++) x = modulatedBlock(source, `block${i}`, x, embedding, channels);
  return conv(source, 'out', silu(rmsNorm(x)), latentChannels, 1, 0.1);
}

/** v = x1 - x0 at x_t, [N, C, h, w], in normalised latent units. */
export function velocity(
  source: ParameterSource,
  xt: Value,
  z0: Value,
  point: PathPoint,
  config: VelocityConfig,
): Value {
  const { base, scale, input } = precondition(xt, z0, point, config.changeStd);
  return add(base, mul(residualNetwork(source, input, z0, point, config), scale));
}

/**
 * What training regresses: the network's output against its target (v - base) / scale, which has unit variance, weighted
 * by the root of the spread: half way between equal relative errors, which would spend the network on flat places, and
 * equal absolute ones, which would leave grain there.
 */
export function velocityError(
  source: ParameterSource,
  xt: Value,
  z0: Value,
  target: Value,
  point: PathPoint,
  config: VelocityConfig,
): Value {
  const { base, scale, input } = precondition(xt, z0, point, config.changeStd);
  const wanted = div(sub(target, base), scale);
  const weight = sqrt(mul(point.spread, 1 / config.changeStd));
  return mul(sub(residualNetwork(source, input, z0, point, config), wanted), weight);
}

/** Multiply-accumulates per output pixel of the spread, once per tile. */
export function spreadMacs({ latentChannels }: VelocityConfig): number {
  return ((9 * latentChannels + 9 * SPREAD_CHANNELS + latentChannels) * SPREAD_CHANNELS) / 64;
}

/** Multiply-accumulates per output pixel of one evaluation. */
export function velocityMacs({ latentChannels, channels, blocks }: VelocityConfig): number {
  return (18 * latentChannels * channels + 18 * blocks * channels ** 2 + channels * latentChannels) / 64;
}
