/** Turns a recipe into a task with its data, its frozen networks and its sample sheet. */

import { EnlargerError } from '../core/errors.js';
import { noiseLevel } from '../core/flow/noise.js';
import type { ParameterLayout } from '../core/graph/index.js';
import type { AutoencoderConfig } from '../core/nets/autoencoder.js';
import {
  buildComponent,
  type ComponentBuilder,
  componentLayout,
  decoderComponent,
  encoderComponent,
  spreadComponent,
  upsamplerComponent,
  velocityComponent,
} from '../core/nets/components.js';
import { sha256Hex } from '../core/pack/hash.js';
import type { Engine } from '../core/runtime/engine.js';
import { createSampler, type Sampler } from '../core/train/data/sampler.js';
import { encodePairs } from '../core/train/latent-pairs.js';
import type { AutoencoderRecipe, UpsamplerRecipe, VelocityRecipe } from '../core/train/recipe.js';
import type { Checkpoint } from '../core/train/state.js';
import { autoencoderTask, shares } from '../core/train/tasks/autoencoder.js';
import { AutoencoderStart } from '../core/train/tasks/autoencoder-start.js';
import type { FrozenUpsampler } from '../core/train/tasks/frozen.js';
import { upsamplerTask } from '../core/train/tasks/upsampler.js';
import { type LatentPairs, velocityConfig, velocityTask } from '../core/train/tasks/velocity.js';
import type { TrainingTask } from '../core/train/trainer.js';
import { readRecipe } from './recipes.js';
import { sampleAutoencoder, sampleFlow, sampleUpsampler, writeSheet } from './samples.js';
import { readPairs, writePairs } from './store/latent-store.js';
import type { PictureSet } from './store/picture-store.js';
import { RunFolder } from './store/run-folder.js';

export interface PreparedTask extends TrainingTask {
  /** Changes the random start of a fresh run, where a task knows a better one. */
  initialise?(params: Float32Array): Promise<void>;
  /** Writes a PNG that shows what these parameters do to pictures that are never trained on. */
  writeSamples?(params: Float32Array, file: string): Promise<void>;
}

/** Recipes that learn from pictures; those of the generator learn from icons (generator-tasks.ts). */
export type PictureRecipe = UpsamplerRecipe | AutoencoderRecipe | VelocityRecipe;

interface Context {
  readonly pictures: PictureSet;
  readonly runsDir: string;
  readonly recipesDir: string;
  readonly engine: Engine;
  /** Crops of `hrPx` for a recipe; held ones come from pictures that are never trained on. */
  sampler(options: { scale: number; batch: number; hrPx: number; held?: boolean }): Sampler;
}

const SHEET = { batch: 6, hrPx: 96, held: true };
/** How the flow is walked for its sample sheet. */
const SHEET_WALK = { solver: 'euler', evaluations: 4 } as const;

/** Loads what the recipe needs. @throws EnlargerError `data-missing` when a run it builds on is missing. */
export async function prepareTask(
  recipe: PictureRecipe,
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

/** The parameters of one component out of those of a run, in the component's own order. */
export function pickParameters(
  run: Pick<ParameterLayout, 'specs'>,
  params: Float32Array,
  build: ComponentBuilder,
  prefix = '',
): Float32Array {
  const part = componentLayout(build);
  const target = new Float32Array(part.size);
  for (const spec of part.specs) {
    const from = run.specs.find(({ name }) => name === `${prefix}${spec.name}`);
    if (!from)
      throw new EnlargerError(
        'data-missing',
        `The run has no parameter "${prefix}${spec.name}".`,
        'Train it again.',
      );
    target.set(params.subarray(from.offset, from.offset + from.size), spec.offset);
  }
  return target;
}

/** Encoder and decoder parameters out of those of a whole autoencoder. */
export function splitAutoencoder(
  config: AutoencoderConfig,
  layout: Pick<ParameterLayout, 'specs'>,
  params: Float32Array,
): { encoder: Float32Array; decoder: Float32Array } {
  return {
    encoder: pickParameters(layout, params, encoderComponent(config), 'encoder.'),
    decoder: pickParameters(layout, params, decoderComponent(config), 'decoder.'),
  };
}

async function prepareVelocity(recipe: VelocityRecipe, context: Context): Promise<PreparedTask> {
  const { engine, sampler } = context;
  const frozen = await loadFrozen(recipe, context);
  const pairs = await latentPairs(recipe, context, frozen);
  const task = velocityTask(recipe, pairs);
  const config = velocityConfig(recipe, pairs);
  return {
    ...task,
    async writeSamples(params, file) {
      const [upsampler] = frozen.upsamplers;
      const { factor } = upsampler.config;
      const crops = sampler({ ...SHEET, scale: factor }).batch(0);
      const samples = await sampleUpsampler(engine, upsampler, crops, SHEET);
      const component = (build: ComponentBuilder, values: Float32Array) =>
        buildComponent('part', build, values);
      const flow = {
        encoder: component(encoderComponent(frozen.network), frozen.encoder),
        decoder: component(decoderComponent(frozen.network), frozen.decoder),
        spread: component(
          spreadComponent(config),
          pickParameters(task.layout, params, spreadComponent(config)),
        ),
        velocity: component(
          velocityComponent(config),
          pickParameters(task.layout, params, velocityComponent(config)),
        ),
        latent: pairs,
        ...SHEET_WALK,
      };
      const parts = {
        factor,
        upsampler: component(upsamplerComponent(upsampler.config), upsampler.params),
        flow,
      };
      const level = noiseLevel(recipe.maxNoiseStep / 2);
      await writeSheet(await sampleFlow(engine, parts, level, samples, crops), file);
    },
  };
}

interface FrozenParts {
  readonly upsamplers: FrozenUpsampler[];
  readonly network: AutoencoderConfig;
  readonly encoder: Float32Array;
  readonly decoder: Float32Array;
}

async function loadFrozen(recipe: VelocityRecipe, context: Context): Promise<FrozenParts> {
  const { network } = await readRecipe(context.recipesDir, recipe.autoencoder, 'autoencoder');
  const trained: Checkpoint = await RunFolder.of(context.runsDir, recipe.autoencoder).finished();
  return {
    upsamplers: await loadUpsamplers(recipe.upsamplers, context),
    network,
    ...splitAutoencoder(network, trained, trained.state.ema),
  };
}

/** The pairs of this recipe, encoded now or kept from an earlier start with the same networks and data. */
async function latentPairs(
  recipe: VelocityRecipe,
  context: Context,
  frozen: FrozenParts,
): Promise<LatentPairs> {
  const { runsDir, engine, sampler } = context;
  const { hrPx, pairs: count, pairsBatch: batch } = recipe;
  const { encoder, upsamplers, network } = frozen;
  const weights = [encoder, ...upsamplers.map(({ params }) => params)];
  const hashes = await Promise.all(
    weights.map((v) => sha256Hex(new Uint8Array(v.buffer, v.byteOffset, v.byteLength))),
  );
  const key = JSON.stringify([hashes, recipe.seed, hrPx, count, batch, recipe.degradation]);
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
