/**
 * The task of the embedded generator: what a caption lets expect of an icon's latent (the prior), and the vector field of
 * the straight path from noise to it (rectified flow, Liu et al. 2023; times as in Esser et al. 2024). Text encoder and
 * prior learn first, which costs little, and then stay. Some captions are left out, so that guidance can
 * compare with and without (Ho and Salimans 2022).
 */

import { normalQuantile } from '../../flow/gaussian.js';
import { add, collectLayout, mean, mul, scoped } from '../../graph/index.js';
import { type DenoiserConfig, fieldError, priorErrors } from '../../nets/denoiser.js';
import { textEncoder } from '../../nets/text.js';
import { float32, type HostTensor } from '../../runtime/engine.js';
import { type CaptionedIcon, drawCaption } from '../data/captions.js';
import type { LatentIcons } from '../latent-icons.js';
import type { DenoiserRecipe } from '../recipe.js';
import type { LossBuilder } from '../step.js';
import type { TrainingTask } from '../trainer.js';
import { batchNoise } from './batch-noise.js';
import type { IconDraw } from './icon-draw.js';

/** Token numbers of a caption, padded or cut to the length of prompts; id 0 fills. */
export type CaptionTokens = (caption: string) => readonly number[];

export function denoiserConfig(
  recipe: DenoiserRecipe,
  icons: Pick<LatentIcons, 'channels' | 'side'>,
): DenoiserConfig {
  const { channels, side } = icons;
  return { ...recipe.network, channels, side };
}

/** The spread learns from its own likelihood, besides which the other losses are small. */
const SPREAD_WEIGHT = 0.05;

export function denoiserTask(
  recipe: DenoiserRecipe,
  icons: LatentIcons,
  records: readonly CaptionedIcon[],
  tokens: CaptionTokens,
  draw: IconDraw,
): TrainingTask {
  const { batch, text, captionDropout, learns } = recipe;
  const { channels, side } = icons;
  const config = denoiserConfig(recipe, icons);
  const shape = [batch, channels, side, side];
  const length = channels * side * side;

  const loss: LossBuilder = (source) => {
    const { graph } = source;
    const data = graph.input('icon.latent', shape);
    const ids = graph.input('icon.tokens', [batch, text.length], 'int64');
    const context = textEncoder(scoped(source, 'text'), ids, text);
    const own = scoped(source, 'denoiser');
    const errors = priorErrors(own, data, context, config);
    const metrics = { expected: mean(errors.mean), likelihood: mean(errors.spread) };
    const known = add(metrics.expected, mul(metrics.likelihood, SPREAD_WEIGHT));
    if (learns === 'prior') return { loss: known, metrics };
    const noise = graph.input('icon.noise', shape);
    const t = graph.input('icon.t', [batch, 1, 1, 1]);
    const field = mean(fieldError(own, { data, noise, t, context }, errors.prior, config));
    // Nothing of the field's loss reaches prior and text encoder, and nothing of their own loss counts: they stay.
    return { loss: add(field, mul(known, 0)), metrics: { ...metrics, field } };
  };

  return {
    layout: collectLayout(loss),
    loss,
    metrics: learns === 'prior' ? ['expected', 'likelihood'] : ['expected', 'likelihood', 'field'],
    batch(step) {
      const latents = new Float32Array(batch * length);
      const t = new Float32Array(batch);
      const ids = new BigInt64Array(batch * text.length);
      for (let i = 0; i < batch; i++) {
        const { example, rng } = draw(step, i);
        latents.set(icons.data.subarray(example * length, (example + 1) * length), i * length);
        // Logit-normal: the middle of the path is where the task is hardest.
        t[i] = 1 / (1 + Math.exp(-normalQuantile(Math.min(1 - 1e-6, Math.max(1e-6, rng.next())))));
        const caption = rng.chance(captionDropout) ? '' : drawCaption(records[example], rng);
        for (const [k, id] of tokens(caption).entries()) ids[i * text.length + k] = BigInt(id);
      }
      const known: Record<string, HostTensor> = {
        'icon.latent': float32(shape, latents),
        'icon.tokens': { type: 'int64', dims: [batch, text.length], data: ids },
      };
      if (learns === 'prior') return known;
      return {
        ...known,
        'icon.noise': float32(shape, batchNoise(recipe.seed, step, { batch, channels, side })),
        'icon.t': float32([batch, 1, 1, 1], t),
      };
    },
  };
}
