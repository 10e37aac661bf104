/** Turns a recipe into a task with its data, its frozen networks and its sample sheet. */

import type { ParameterLayout } from '../core/graph/index.js';
import type { AutoencoderConfig } from '../core/nets/autoencoder.js';
import { componentLayout, decoderComponent, encoderComponent } from '../core/nets/components.js';
import type { Engine } from '../core/runtime/engine.js';
import { readPairs, writePairs } from '../core/runtime/node/latent-store.js';
import type { PictureSet } from '../core/runtime/node/picture-store.js';
import { RunFolder } from '../core/runtime/node/run-folder.js';
import { hashText } from '../core/train/data/rng.js';
import { createSampler, type Sampler } from '../core/train/data/sampler.js';
import { encodePairs } from '../core/train/latent-pairs.js';
import type { AutoencoderRecipe, Recipe, UpsamplerRecipe, VelocityRecipe } from '../core/train/recipe.js';
import type { Checkpoint } from '../core/train/state.js';
import { autoencoderTask, shares } from '../core/train/tasks/autoencoder.js';
import { AutoencoderStart } from '../core/train/tasks/autoencoder-start.js';
import type { FrozenUpsampler } from '../core/train/tasks/frozen.js';
import { upsamplerTask } from '../core/train/tasks/upsampler.js';
import { type LatentPairs, velocityTask } from '../core/train/tasks/velocity.js';
import type { TrainingTask } from '../core/train/trainer.js';
import { readRecipe } from './recipes.js';
import { sampleAutoencoder, sampleUpsampler, writeSheet } from './samples.js';

export interface PreparedTask extends TrainingTask {
  /** Changes the random start of a fresh run, where a task knows a better one. */
  initialise?(params: Float32Array): Promise<void>;
  /** Writes a PNG that shows what these parameters do to pictures that are never trained on. */
  writeSamples?(params: Float32Array, file: string): Promise<void>;
}

interface Context {
  readonly pictures: PictureSet;
  readonly runsDir: string;
  readonly recipesDir: string;
  readonly engine: Engine;
  /** Crops of `hrPx` for a recipe; held ones come from pictures that are never trained on. */
  sampler(options: { scale: number; batch: number; hrPx: number; held?: boolean }): Sampler;
}

const SHEET = { batch: 6, hrPx: 96, held: true };

/** Loads what the recipe needs. @throws EnlargerError `data-missing` when a run it builds on is missing. */
export async function prepareTask(
  recipe: Recipe,
  places: Pick<Context, 'pictures' | 'runsDir' | 'recipesDir' | 'engine'>,
): Promise<PreparedTask> {
  const { train, holdout } = places.pictures;
  const context: Context = {
    ...places,
    sampler: ({ held, ...options }) =>
      createSampler({
        ...options,
        pictures: held && holdout.length > 0 ? holdout : train,
        seed: recipe.seed,
        degradation: held ? { ...recipe.degradation, benchmark: 1 } : recipe.degradation,
      }),
  };
  switch (recipe.task) {
    case 'upsampler':
      return prepareUpsampler(recipe, context);
    case 'autoencoder':
      return prepareAutoencoder(recipe, context);
    case 'velocity':
      return prepareVelocity(recipe, context);
  }
}

function prepareUpsampler(recipe: UpsamplerRecipe, { sampler, engine }: Context): PreparedTask {
  const scale = recipe.network.factor;
  return {
    ...upsamplerTask(recipe, sampler({ scale, batch: recipe.batch, hrPx: recipe.hrPx })),
    async writeSamples(params, file) {
      const crops = sampler({ ...SHEET, scale }).batch(0);
      await writeSheet(await sampleUpsampler(engine, { config: recipe.network, params }, crops, SHEET), file);
    },
  };
}

async function loadUpsamplers(names: readonly string[], context: Context): Promise<FrozenUpsampler[]> {
  return Promise.all(
    names.map(async (name) => {
      const recipe = await readRecipe(context.recipesDir, name, 'upsampler');
      const { state } = await RunFolder.of(context.runsDir, name).finished();
      return { config: recipe.network, params: state.ema };
    }),
  );
}

async function prepareAutoencoder(recipe: AutoencoderRecipe, context: Context): Promise<PreparedTask> {
  const { engine, sampler } = context;
  const { network, hrPx } = recipe;
  const upsamplers = await loadUpsamplers(recipe.upsamplers, context);
  const { each, blank } = shares(recipe.batch, upsamplers.length);
  const samplers = upsamplers.map(({ config }, i) => sampler({ scale: config.factor, batch: each[i], hrPx }));
  if (blank > 0) samplers.push(sampler({ scale: 1, batch: blank, hrPx }));
  const task = autoencoderTask(recipe, upsamplers, samplers);
  return {
    ...task,
    async initialise(params) {
      const start = new AutoencoderStart();
      for (const [i, upsampler] of upsamplers.entries()) {
        const crops = sampler({ scale: upsampler.config.factor, batch: 64, hrPx: SHEET.hrPx }).batch(0);
        const pictures = await sampleUpsampler(engine, upsampler, crops, { batch: 64, hrPx: SHEET.hrPx });
        start.observe(crops.hr, Float32Array.from(pictures.flatMap(({ up }) => [...up.data])), SHEET.hrPx);
        process.stderr.write(`principal components: up-sampler ${i + 1} of ${upsamplers.length}\n`);
      }
      start.apply(params, task.layout, network.latentChannels);
    },
    async writeSamples(params, file) {
      const [upsampler] = upsamplers;
      const crops = sampler({ ...SHEET, scale: upsampler.config.factor }).batch(0);
      const parts = splitAutoencoder(network, task.layout, params);
      const samples = await sampleUpsampler(engine, upsampler, crops, SHEET);
      await writeSheet(await sampleAutoencoder(engine, network, parts, samples, crops), file);
    },
  };
}

/** Encoder and decoder parameters out of those of a whole autoencoder, in the components' own order. */
export function splitAutoencoder(
  config: AutoencoderConfig,
  layout: Pick<ParameterLayout, 'specs'>,
  params: Float32Array,
): { encoder: Float32Array; decoder: Float32Array } {
  const pick = (prefix: string, part: ParameterLayout) => {
    const target = new Float32Array(part.size);
    for (const spec of part.specs) {
      const from = layout.specs.find(({ name }) => name === `${prefix}.${spec.name}`)!;
      target.set(params.subarray(from.offset, from.offset + from.size), spec.offset);
    }
    return target;
  };
  return {
    encoder: pick('encoder', componentLayout(encoderComponent(config))),
    decoder: pick('decoder', componentLayout(decoderComponent(config))),
  };
}

async function prepareVelocity(recipe: VelocityRecipe, context: Context): Promise<PreparedTask> {
  return velocityTask(recipe, await latentPairs(recipe, context));
}

async function latentPairs(recipe: VelocityRecipe, context: Context): Promise<LatentPairs> {
  const { runsDir, recipesDir, engine, sampler } = context;
  const { hrPx, pairs: count, pairsBatch: batch } = recipe;
  const upsamplers = await loadUpsamplers(recipe.upsamplers, context);
  const { network } = await readRecipe(recipesDir, recipe.autoencoder, 'autoencoder');
  const trained: Checkpoint = await RunFolder.of(runsDir, recipe.autoencoder).finished();
  const { encoder } = splitAutoencoder(network, trained, trained.state.ema);
  const numbers = [encoder, ...upsamplers.map(({ params }) => params)].map((v) =>
    v.reduce((sum, x) => sum + Math.abs(x), 0),
  );
  const key = hashText(JSON.stringify([numbers, recipe.seed, hrPx, count, recipe.degradation])).toString(16);
  const file = RunFolder.of(runsDir, recipe.name).file('latents');
  const stored = await readPairs(file, key);
  if (stored) return stored;
  const made = await encodePairs({
    engine,
    encoder: { config: network, params: encoder },
    sources: upsamplers.map((upsampler) => ({
      upsampler,
      sampler: sampler({ scale: upsampler.config.factor, batch, hrPx }),
    })),
    batch,
    hrPx,
    count,
    onProgress: (done, total) => {
      if (done % (batch * 50) === 0) process.stderr.write(`${done}/${total} pairs encoded\n`);
    },
  });
  await writePairs(file, key, made);
  return made;
}
