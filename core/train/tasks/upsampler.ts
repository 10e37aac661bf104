/** The task of learning an up-sampler: mean error against the high-resolution crop. */

import { abs, collectLayout, mean, mul, square, sub } from '../../graph/index.js';
import { upsampler } from '../../nets/upsampler.js';
import { float32 } from '../../runtime/engine.js';
import type { Sampler } from '../data/sampler.js';
import type { UpsamplerRecipe } from '../recipe.js';
import type { LossBuilder } from '../step.js';
import type { TrainingTask } from '../trainer.js';

/** Errors of trained networks are around 0.02, and d(e^2) = 2 e: this makes it about 1, as that of |e|. */
const SQUARED_SCALE = 25;

/**
 * Absolute error converges faster for networks of this kind (Lim et al. 2017, EDSR); squared error at the end is
 * what makes the result the posterior mean. Squared errors are scaled so that gradients keep their size.
 */
export function upsamplerTask(recipe: UpsamplerRecipe, sampler: Sampler): TrainingTask {
  const { batch, hrPx, network } = recipe;
  const lrPx = hrPx / network.factor;
  const loss: LossBuilder = (source) => {
    const lr = source.graph.input('image.lr', [batch, 3, lrPx, lrPx]);
    const hr = source.graph.input('image.hr', [batch, 3, hrPx, hrPx]);
    const damage = source.graph.input('image.damage', [batch]);
    const miss = sub(upsampler(source, lr, damage, network), hr);
    return { loss: recipe.error === 'squared' ? mul(mean(square(miss)), SQUARED_SCALE) : mean(abs(miss)) };
  };
  return {
    layout: collectLayout(loss),
    loss,
    metrics: [],
    batch(step) {
      const { lr, hr, damage } = sampler.batch(step);
      return {
        'image.lr': float32([batch, 3, lrPx, lrPx], lr),
        'image.hr': float32([batch, 3, hrPx, hrPx], hr),
        'image.damage': float32([batch], damage),
      };
    },
  };
}
