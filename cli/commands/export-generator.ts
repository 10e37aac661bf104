/** The part of `enlarger export` that makes a pack of a trained generator. */

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { LATENT_FACTOR } from '../../core/nets/autoencoder.js';
import { denoiserComponent, iconDecoderComponent, textEncoderComponent } from '../../core/nets/components.js';
import { denoiserMacs } from '../../core/nets/denoiser.js';
import { iconDecoderMacs } from '../../core/nets/icon-decoder.js';
import { priorMacs } from '../../core/nets/prior.js';
import { textEncoderMacs } from '../../core/nets/text.js';
import { sha256Hex } from '../../core/pack/hash.js';
import { denoiserConfig } from '../../core/train/tasks/denoiser.js';
import { iconDecoderConfig } from '../../core/train/tasks/icon-decoder.js';
import { TOKENIZER_FILE } from '../generated-latents.js';
import { type Made, makeComponent, writePack } from '../pack-writer.js';
import { readRecipe } from '../recipes.js';
import { readLatentStatistics } from '../store/latent-store.js';
import { RunFolder } from '../store/run-folder.js';
import { pickParameters } from '../tasks.js';

/** A plan for a pack with a generator; `denoiser` and `decoder` name runs. */
export const generatorPlanSchema = z.object({
  name: z.string(),
  title: z.string(),
  licence: z.string(),
  denoiser: z.string(),
  decoder: z.string(),
  trainedOn: z.array(z.object({ name: z.string(), licence: z.string() })).min(1),
  solver: z.enum(['euler', 'midpoint', 'heun', 'rk4']),
  steps: z.object({ default: z.int().positive(), max: z.int().positive() }),
  guidance: z.object({ default: z.number().min(1), max: z.number().min(1) }),
  /** How much longer the walk stays near the noise; 1 is even. */
  shift: z.number().positive(),
  /** How far samples stray from what the prior expects, 0..1. */
  temperature: z.number().positive().max(1),
});

type GeneratorPlan = z.infer<typeof generatorPlanSchema>;

export async function exportGenerator(
  plan: GeneratorPlan,
  recipesDir: string,
  { runs, out }: { runs: string; out: string },
): Promise<void> {
  const recipe = await readRecipe(recipesDir, plan.denoiser, 'denoiser');
  const decoderRecipe = await readRecipe(recipesDir, plan.decoder, 'icon-decoder');
  const latents = await readLatentStatistics(RunFolder.of(runs, 'icon-latents').file('latents'));
  const folder = RunFolder.of(runs, plan.denoiser);
  const { specs, state } = await folder.finished();
  const decoder = await RunFolder.of(runs, plan.decoder).finished();
  const decoderConfig = iconDecoderConfig(decoderRecipe, latents);
  const { channels, side } = latents;
  const pixels = (side * LATENT_FACTOR) ** 2;
  const { length } = recipe.text;
  const config = { ...denoiserConfig(recipe, latents), temperature: plan.temperature };
  const text = textEncoderComponent(recipe.text);
  const denoiser = denoiserComponent(config, recipe.text);
  const each = { haloPx: 0 };
  const made: Made[] = [
    await tokenizerComponent(folder.file(TOKENIZER_FILE)),
    await makeComponent(
      { role: 'text-encoder', ...each, macs: textEncoderMacs(recipe.text) / pixels },
      text,
      pickParameters({ specs }, state.ema, text, 'text.'),
    ),
    await makeComponent(
      {
        role: 'denoiser',
        ...each,
        macs: (denoiserMacs(config) + priorMacs({ ...config.prior, channels, side })) / pixels,
      },
      denoiser,
      pickParameters({ specs }, state.ema, denoiser, 'denoiser.'),
    ),
    await makeComponent(
      { role: 'latent-decoder', ...each, macs: iconDecoderMacs(decoderConfig) },
      iconDecoderComponent(decoderConfig),
      decoder.state.ema,
    ),
  ];
  const { solver, steps, guidance, shift } = plan;
  const generator = {
    latent: { space: plan.name, channels, width: side, height: side, factor: LATENT_FACTOR },
    prediction: 'flow',
    schedule: { kind: 'flow', shift },
    solver,
    steps,
    guidance,
    tokens: { length, pad: 0 },
  };
  const { name, title, licence, trainedOn } = plan;
  await writePack(
    out,
    made,
    { name, title, licence, trainedOn, sections: { generator } },
    { folder: runs, names: [plan.denoiser, plan.decoder] },
  );
}

async function tokenizerComponent(file: string): Promise<Made> {
  const bytes = new Uint8Array(await readFile(file));
  const entry = {
    role: 'tokenizer' as const,
    file: TOKENIZER_FILE,
    sha256: await sha256Hex(bytes),
    bytes: bytes.length,
    parameters: 0,
    inputs: [],
    outputs: [],
    haloPx: 0,
    macsPerOutputPixel: 0,
  };
  return { entry, bytes };
}
