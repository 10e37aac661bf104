/**
 * The task of learning the latent space: encode the true and the up-sampled picture, decode the true one from
 * the change between them. Part of each batch shows the decoder a blank picture instead, so that a latent
 * describes a picture even where there is none to look at (as for a generator's latent).
 */

import {
  abs,
  add,
  collectLayout,
  concat,
  mean,
  mul,
  scoped,
  slice,
  square,
  sub,
  type Value,
} from '../../graph/index.js';
import { decoder, encoder, LATENT_FACTOR } from '../../nets/autoencoder.js';
import { float32, type HostTensor } from '../../runtime/engine.js';
import type { Sampler } from '../data/sampler.js';
import type { AutoencoderRecipe } from '../recipe.js';
import type { LossBuilder } from '../step.js';
import type { TrainingTask } from '../trainer.js';
import { batchNoise } from './batch-noise.js';
import { type FrozenUpsampler, frozenUpsampler } from './frozen.js';

/** Standard deviation of the noise on latents while training: what is smaller cannot carry meaning. */
const LATENT_NOISE = 0.05;
/** Weight of the mean square of the latents, which stops them from outgrowing that noise. */
const LATENT_PENALTY = 1e-4;
/** Share of a batch with nothing to look at. */
const BLANK_SHARE = 0.15;

/** How a batch is divided: crops per up-sampler, then blanks. */
export function shares(
  batch: number,
  upsamplers: number,
  blankShare = BLANK_SHARE,
): { each: number[]; blank: number } {
  const blank = Math.round(batch * blankShare);
  const rest = batch - blank;
  const each = Array.from({ length: upsamplers }, (_, i) => Math.floor((rest + i) / upsamplers));
  return { each, blank };
}

/**
 * @param samplers One per up-sampler, in their order, with its share as batch and its factor as scale; a last
 *   one for the blanks if there are any.
 */
export function autoencoderTask(
  recipe: AutoencoderRecipe,
  upsamplers: readonly FrozenUpsampler[],
  samplers: readonly Sampler[],
): TrainingTask {
  const { batch, hrPx, network } = recipe;
  const { each, blank } = shares(batch, upsamplers.length);
  const side = hrPx / LATENT_FACTOR;
  const latentShape = [2 * batch, network.latentChannels, side, side];

  const loss: LossBuilder = (source) => {
    const { graph } = source;
    const hr = graph.input('image.hr', [batch, 3, hrPx, hrPx]);
    const ups: Value[] = upsamplers.map((frozen, i) => {
      const lrPx = hrPx / frozen.config.factor;
      const lr = graph.input(`image.lr${i}`, [each[i], 3, lrPx, lrPx]);
      return frozenUpsampler(lr, graph.input(`image.damage${i}`, [each[i]]), frozen);
    });
    if (blank > 0)
      ups.push(graph.initializer([blank, 3, hrPx, hrPx], new Float32Array(blank * 3 * hrPx ** 2).fill(0.5)));
    const up = concat(ups, 0);
    const noise = graph.input('latent.noise', latentShape);
    const latents = encoder(scoped(source, 'encoder'), concat([hr, up], 0), network);
    const noisy = add(latents, mul(noise, LATENT_NOISE));
    const z1 = slice(noisy, 0, 0, batch);
    const z0 = slice(noisy, 0, batch, 2 * batch);
    const sr = decoder(scoped(source, 'decoder'), z1, z0, up, network);
    const error = mean(abs(sub(sr, hr)));
    const upError = mean(abs(sub(up, hr)));
    return {
      loss: add(error, mul(mean(square(latents)), LATENT_PENALTY)),
      metrics: { reconstruction: error, upsampled: upError },
    };
  };

  return {
    layout: collectLayout(loss),
    loss,
    metrics: ['reconstruction', 'upsampled'],
    batch(step) {
      const parts = samplers.map((sampler) => sampler.batch(step));
      const hr = new Float32Array(batch * 3 * hrPx * hrPx);
      let offset = 0;
      for (const part of parts) {
        hr.set(part.hr, offset);
        offset += part.hr.length;
      }
      const inputs: Record<string, HostTensor> = {
        'image.hr': float32([batch, 3, hrPx, hrPx], hr),
        'latent.noise': float32(
          latentShape,
          batchNoise(recipe.seed, step, { batch: 2 * batch, channels: network.latentChannels, side }),
        ),
      };
      upsamplers.forEach(({ config }, i) => {
        const lrPx = hrPx / config.factor;
        inputs[`image.lr${i}`] = float32([each[i], 3, lrPx, lrPx], parts[i].lr);
        inputs[`image.damage${i}`] = float32([each[i]], parts[i].damage);
      });
      return inputs;
    },
  };
}
