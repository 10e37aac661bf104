/** The task of learning an up-sampler: the error against the high-resolution crop. */

import { collectLayout } from '../../graph/index.js';
import { upsampler } from '../../nets/upsampler.js';
import { float32 } from '../../runtime/engine.js';
import type { Sampler } from '../data/sampler.js';
import type { UpsamplerRecipe } from '../recipe.js';
import type { LossBuilder } from '../step.js';
import type { TrainingTask } from '../trainer.js';
import { pictureError } from './picture-error.js';

export function upsamplerTask(recipe: UpsamplerRecipe, sampler: Sampler): TrainingTask {
  const { batch, hrPx, network } = recipe;
  const lrPx = hrPx / network.factor;
  const loss: LossBuilder = (source) => {
    const lr = source.graph.input('image.lr', [batch, 3, lrPx, lrPx]);
    const hr = source.graph.input('image.hr', [batch, 3, hrPx, hrPx]);
    const damage = source.graph.input('image.damage', [batch]);
    return { loss: pictureError(upsampler(source, lr, damage, network), hr, recipe) };
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
