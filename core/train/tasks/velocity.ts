/**
 * The task of Coupling Flow Matching: pairs of latents (of the up-sampled and of the true picture), a point on
 * the straight path between the noised first and the second, and the vector field as target.
 */

import { noiseLevel } from '../../flow/noise.js';
import {
  add,
  collectLayout,
  mean,
  mul,
  reshape,
  square,
  stopGradient,
  sub,
  type Value,
} from '../../graph/index.js';
import { localNoise, spread, spreadError, type VelocityConfig, velocityError } from '../../nets/velocity.js';
import { float32 } from '../../runtime/engine.js';
import { createRng } from '../data/rng.js';
import type { VelocityRecipe } from '../recipe.js';
import type { LossBuilder } from '../step.js';
import type { TrainingTask } from '../trainer.js';
import { batchNoise } from './batch-noise.js';

/** Encoded training pairs in memory, normalised per channel, and the statistics they were normalised with. */
export interface LatentPairs {
  readonly count: number;
  readonly channels: number;
  /** Side of each latent. */
  readonly side: number;
  /** [count, channels, side, side] each: of the up-sampled and of the true pictures. */
  readonly z0: Float32Array;
  readonly z1: Float32Array;
  /** Per channel, of the true pictures' latents before normalisation. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Root mean square of z1 - z0 after normalisation. */
  readonly changeStd: number;
}

export function velocityConfig(recipe: VelocityRecipe, pairs: LatentPairs): VelocityConfig {
  return { ...recipe.network, latentChannels: pairs.channels, changeStd: pairs.changeStd };
}

/** Which example, where on its path, and how noisy its start; a function of seed, step and place in the batch. */
function draw(recipe: VelocityRecipe, pairs: LatentPairs, step: number, index: number) {
  const rng = createRng(recipe.seed, step, index);
  const example = rng.int(pairs.count);
  if (recipe.objective === 'regression') return { example, t: 0, level: noiseLevel(0) };
  const t = rng.chance(recipe.startShare) ? 0 : rng.next();
  const noiseStep = rng.chance(recipe.cleanShare) ? 0 : rng.range(0, recipe.maxNoiseStep);
  return { example, t, level: noiseLevel(noiseStep) };
}

/** Two losses of about unit size that share no parameters: the weight only divides the clipped gradient's norm. */
const SPREAD_WEIGHT = 0.2;

export function velocityTask(recipe: VelocityRecipe, pairs: LatentPairs): TrainingTask {
  const { batch } = recipe;
  const { channels, side } = pairs;
  const config = velocityConfig(recipe, pairs);
  const shape = [batch, channels, side, side];
  const length = channels * side * side;

  const loss: LossBuilder = (source) => {
    const { graph } = source;
    const [z0, z1, noise] = ['z0', 'z1', 'noise'].map((name) => graph.input(`latent.${name}`, shape));
    const [t, sigma] = ['t', 'sigma'].map((name) => graph.input(`point.${name}`, [batch]));
    const column = (v: Value) => reshape(v, [batch, 1, 1, 1]);
    const width = spread(source, z0, config);
    // The spread learns from its own likelihood only: through the other loss it could make its task easier.
    const point = { t, sigma, spread: stopGradient(width) };
    const level = localNoise(column(sigma), point.spread, config.changeStd);
    const x0 = add(mul(z0, level.signal), mul(noise, level.sigma));
    const target = sub(z1, x0);
    const xt = add(x0, mul(target, column(t)));
    const field = mean(square(velocityError(source, xt, z0, target, point, config)));
    const likelihood = mean(spreadError(width, sub(z1, z0)));
    return { loss: add(field, mul(likelihood, SPREAD_WEIGHT)), metrics: { field, likelihood } };
  };

  return {
    layout: collectLayout(loss),
    loss,
    metrics: ['field', 'likelihood'],
    batch(step) {
      const z0 = new Float32Array(batch * length);
      const z1 = new Float32Array(batch * length);
      const t = new Float32Array(batch);
      const sigma = new Float32Array(batch);
      for (let i = 0; i < batch; i++) {
        const drawn = draw(recipe, pairs, step, i);
        const from = drawn.example * length;
        z0.set(pairs.z0.subarray(from, from + length), i * length);
        z1.set(pairs.z1.subarray(from, from + length), i * length);
        t[i] = drawn.t;
        sigma[i] = drawn.level.sigma;
      }
      return {
        'latent.z0': float32(shape, z0),
        'latent.z1': float32(shape, z1),
        'latent.noise': float32(shape, batchNoise(recipe.seed, step, { batch, channels, side })),
        'point.t': float32([batch], t),
        'point.sigma': float32([batch], sigma),
      };
    },
  };
}
