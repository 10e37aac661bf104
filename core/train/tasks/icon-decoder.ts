/** The task of decoding generated pictures: latents of icons back to colour and coverage. */

import { abs, add, addAll, collectLayout, mean, mul, slice, sub, type Value } from '../../graph/index.js';
import { type IconDecoderConfig, iconDecoder } from '../../nets/icon-decoder.js';
import { float32 } from '../../runtime/engine.js';
import type { LatentIcons } from '../latent-icons.js';
import type { IconDecoderRecipe } from '../recipe.js';
import type { LossBuilder } from '../step.js';
import type { TrainingTask } from '../trainer.js';
import { batchNoise } from './batch-noise.js';
import type { IconDraw } from './icon-draw.js';

export function iconDecoderConfig(
  recipe: IconDecoderRecipe,
  icons: Pick<LatentIcons, 'channels'>,
): IconDecoderConfig {
  return { ...recipe.network, latentChannels: icons.channels };
}

/** The icons to learn from, in one order. */
export interface DecodedIcons {
  readonly icons: LatentIcons;
  /** [count, side * 8, side * 8, 4], colour not premultiplied. */
  readonly rgba: Uint8Array;
  /** What a generator makes of their captions, as `LatentIcons.data`. */
  readonly generated?: Float32Array | undefined;
}

export function iconDecoderTask(
  recipe: IconDecoderRecipe,
  { icons, rgba, generated }: DecodedIcons,
  draw: IconDraw,
): TrainingTask {
  const { batch, hrPx } = recipe;
  const { channels, side } = icons;
  const config = iconDecoderConfig(recipe, icons);
  const latentShape = [batch, channels, side, side];
  const pictureShape = [batch, 4, hrPx, hrPx];

  const loss: LossBuilder = (source) => {
    const { graph } = source;
    const z = graph.input('icon.latent', latentShape);
    const noise = graph.input('icon.noise', latentShape);
    const wanted = graph.input('icon.picture', pictureShape);
    const made = iconDecoder(source, add(z, mul(noise, recipe.latentNoise)), config);
    // Colour counts as far as it is seen.
    const seen = (v: Value) => mul(slice(v, 1, 0, 3), slice(v, 1, 3, 4));
    const wrong = sub(seen(made), seen(wanted));
    const colour = mean(abs(wrong));
    // A pattern on a surface is a small error of colour and a large one of its change from pixel to pixel.
    const change = add(mean(abs(steps(wrong, 2))), mean(abs(steps(wrong, 3))));
    const coverage = mean(abs(sub(slice(made, 1, 3, 4), slice(wanted, 1, 3, 4))));
    return { loss: addAll([colour, coverage, change]), metrics: { colour, coverage, change } };
  };

  return {
    layout: collectLayout(loss),
    loss,
    metrics: ['colour', 'coverage', 'change'],
    batch(step) {
      const length = channels * side * side;
      const latents = new Float32Array(batch * length);
      const pictures = new Float32Array(batch * 4 * hrPx * hrPx);
      const strengths: number[] = [];
      for (let i = 0; i < batch; i++) {
        const { example, rng } = draw(step, i);
        // From none to all of it: sharp where a latent is, calm where it is not.
        strengths.push(rng.next());
        const from = example * length;
        const exact = icons.data.subarray(from, from + length);
        // Part of the way to what the generator makes of it: wrong as generated latents are wrong, and still of this icon.
        const goal = (generated ?? icons.data).subarray(from, from + length);
        const way = generated && rng.chance(recipe.generated!.share) ? rng.next() : 0;
        for (let k = 0; k < length; k++) latents[i * length + k] = exact[k] + way * (goal[k] - exact[k]);
        toPlanes(rgba, example, hrPx * hrPx, pictures.subarray(i * 4 * hrPx * hrPx));
      }
      return {
        'icon.latent': float32(latentShape, latents),
        'icon.noise': float32(
          latentShape,
          batchNoise(recipe.seed, step, { batch, channels, side }).map(
            (value, i) => value * strengths[Math.floor(i / length)],
          ),
        ),
        'icon.picture': float32(pictureShape, pictures),
      };
    },
  };
}

/** Differences between neighbours along an axis of static length. */
function steps(x: Value, axis: number): Value {
  const length = x.shape[axis] as number;
  return sub(slice(x, axis, 1, length), slice(x, axis, 0, length - 1));
}

function toPlanes(rgba: Uint8Array, example: number, size: number, target: Float32Array): void {
  const start = example * size * 4;
  for (let i = 0; i < size; i++)
    for (let c = 0; c < 4; c++) target[c * size + i] = rgba[start + 4 * i + c] / 255;
}
