/**
 * The denoiser of the embedded generator: the vector field of the straight path from noise to a latent, v = data - noise at
 * x_t = (1 - t) noise + t data, given a prompt.
 *
 * What the prior knows of the latent is put in closed form, as for the velocity network that enlarges (velocity.ts): were
 * the latent Gaussian with the prior's mean and spread, the best v would be `base`, and what is left has unit variance.
 * A convolutional network predicts that rest.
 */

import {
  add,
  concat,
  div,
  log,
  mul,
  type ParameterSource,
  reduceMean,
  reshape,
  rmsNorm,
  scoped,
  silu,
  sqrt,
  square,
  stopGradient,
  sub,
  type Value,
} from '../graph/index.js';
import { conv, fourierFeatures, modulatedBlock } from './layers.js';
import { type Prior, type PriorConfig, prior } from './prior.js';
import { linear } from './transformer.js';

export interface DenoiserConfig {
  /** Channels and side of the latent. */
  readonly channels: number;
  readonly side: number;
  readonly prior: Omit<PriorConfig, 'channels' | 'side'>;
  /** Channels and residual blocks of the network proper. */
  readonly width: number;
  readonly blocks: number;
  /** Width of the embedding of time and prompt. */
  readonly embedding: number;
  /**
   * How far samples stray from what the prior expects, 0..1; default 1, as trained. Lower is cleaner and less varied: a
   * field that has not learnt all it could leaves noise as strong as the spread.
   */
  readonly temperature?: number | undefined;
}

/** The part of v that a Gaussian of this prior explains: v = base + scale * F, and the network's input at unit variance. */
export function conditionOnPrior(xt: Value, t: Value, { mean, spread }: Prior) {
  const rest = sub(1, t);
  const variance = square(spread);
  const residual = sub(xt, mul(mean, t));
  const total = add(square(rest), mul(square(t), variance));
  return {
    base: add(mean, mul(residual, div(sub(mul(t, variance), rest), total))),
    scale: div(spread, sqrt(total)),
    input: div(residual, sqrt(total)),
  };
}

function network(
  source: ParameterSource,
  input: Value,
  t: Value,
  context: Value,
  { mean, spread }: Prior,
  { width, blocks, embedding, channels }: DenoiserConfig,
): Value {
  const [batch] = input.shape;
  const subject = linear(source, 'subject', reduceMean(context, [1]), embedding);
  const time = conv(source, 'time', fourierFeatures(t), embedding, 1);
  const state = silu(add(time, reshape(subject, [batch, embedding, 1, 1])));
  let x = conv(source, 'in', concat([input, mean, spread], 1), width, 3);
  for (let i = 0; i < blocks; i++) x = modulatedBlock(source, `block${i}`, x, state, width);
  return conv(source, 'out', silu(rmsNorm(x)), channels, 1, 0.1);
}

/** xt [N, C, S, S] in normalised units, t [N, 1, 1, 1] in 0..1, context [N, L, D] of the prompts, to v [N, C, S, S]. */
export function denoiser(
  source: ParameterSource,
  xt: Value,
  t: Value,
  context: Value,
  config: DenoiserConfig,
): Value {
  const known = prior(scoped(source, 'prior'), context, { ...config.prior, ...latentSize(config) });
  const cooled = { mean: known.mean, spread: mul(known.spread, config.temperature ?? 1) };
  const { base, scale, input } = conditionOnPrior(xt, t, cooled);
  return add(base, mul(network(scoped(source, 'field'), input, t, context, known, config), scale));
}

/** The prior of prompts, and how wrong it is; errors per latent value [N, C, S, S]. */
export interface PriorErrors {
  readonly prior: Prior;
  /** Of the mean, squared. */
  readonly mean: Value;
  /** Negative log-likelihood of the spread, but for a constant; trains nothing but the spread. */
  readonly spread: Value;
}

/** `data` are the true latents. */
export function priorErrors(
  source: ParameterSource,
  data: Value,
  context: Value,
  config: DenoiserConfig,
): PriorErrors {
  const made = prior(scoped(source, 'prior'), context, { ...config.prior, ...latentSize(config) });
  const change = sub(data, made.mean);
  const spread = add(log(made.spread), mul(square(div(stopGradient(change), made.spread)), 0.5));
  return { prior: made, mean: square(change), spread };
}

/**
 * Squared error of the field, in units in which it has unit variance, weighted by the spread; trains nothing but the
 * field. `noise` is the start of the path to `data`.
 */
export function fieldError(
  source: ParameterSource,
  { data, noise, t, context }: Record<'data' | 'noise' | 't' | 'context', Value>,
  learnt: Prior,
  config: DenoiserConfig,
): Value {
  const known = { mean: stopGradient(learnt.mean), spread: stopGradient(learnt.spread) };
  const target = sub(data, noise);
  const { base, scale, input } = conditionOnPrior(add(noise, mul(target, t)), t, known);
  const wanted = div(sub(target, base), scale);
  const made = network(scoped(source, 'field'), input, t, stopGradient(context), known, config);
  return mul(square(sub(made, wanted)), known.spread);
}

const latentSize = ({ channels, side }: DenoiserConfig) => ({ channels, side });

/** Multiply-accumulates of one evaluation, without the prior's. */
export function denoiserMacs({ channels, side, width, blocks }: DenoiserConfig): number {
  return side * side * (27 * channels * width + 18 * blocks * width * width + channels * width);
}
