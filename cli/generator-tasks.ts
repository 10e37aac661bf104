/** The recipes of the embedded generator as tasks, with their icons, latents, tokens and sample sheets. */

import { readFile } from 'node:fs/promises';
import { sampleFlow } from '../core/flow/flow-sampler.js';
import { latentNoise } from '../core/flow/noise.js';
import { encodeModel, type ParameterLayout } from '../core/graph/index.js';
import {
  buildComponent,
  type ComponentBuilder,
  denoiserComponent,
  iconDecoderComponent,
  priorComponent,
  textEncoderComponent,
} from '../core/nets/components.js';
import { sha256Hex } from '../core/pack/hash.js';
import { fromPlanes } from '../core/raster/planes.js';
import type { Planes } from '../core/raster/raster.js';
import { type Engine, float32, type HostTensor, type Program } from '../core/runtime/engine.js';
import { writeFileAtomic } from '../core/runtime/node/atomic-write.js';
import { encodeImage } from '../core/runtime/node/codec.js';
import { learnTokens } from '../core/train/bpe.js';
import { COLOURS, MIRRORED, plainWords } from '../core/train/data/captions.js';
import { encodeIcons, type LatentIcons } from '../core/train/latent-icons.js';
import type { DenoiserRecipe, GeneratedLatents, IconDecoderRecipe } from '../core/train/recipe.js';
import { denoiserConfig, denoiserTask } from '../core/train/tasks/denoiser.js';
import { iconDecoderConfig, iconDecoderTask } from '../core/train/tasks/icon-decoder.js';
import { createIconDraw } from '../core/train/tasks/icon-draw.js';
import { captionTokens, generatedLatents, partLoader, TOKENIZER_FILE } from './generated-latents.js';
import { readRecipe } from './recipes.js';
import { sheetOf } from './sheet.js';
import { type IconSet, readIcons } from './store/icon-store.js';
import { readLatents, writeLatents } from './store/latent-store.js';
import { RunFolder } from './store/run-folder.js';
import { type PreparedTask, splitAutoencoder } from './tasks.js';

interface Places {
  readonly iconsDir: string;
  readonly runsDir: string;
  readonly recipesDir: string;
  readonly engine: Engine;
}

type GeneratorRecipe = IconDecoderRecipe | DenoiserRecipe;

/** Loads what the recipe needs. @throws EnlargerError `data-missing` without icons or the runs it builds on. */
export async function prepareGeneratorTask(recipe: GeneratorRecipe, places: Places): Promise<PreparedTask> {
  const icons = await readIcons(places.iconsDir);
  const latents = await latentIcons(recipe, icons, places);
  const draw = createIconDraw(icons.records, recipe.seed);
  if (recipe.task === 'denoiser') return prepareDenoiser(recipe, icons, latents, draw, places);
  const generated = recipe.generated && (await generatedOf(recipe, recipe.generated, icons, latents, places));
  const task = iconDecoderTask(recipe, { icons: latents, rgba: icons.rgba, generated }, draw);
  return {
    ...task,
    async writeSamples(params, file) {
      const build = iconDecoderComponent(iconDecoderConfig(recipe, latents));
      const chosen = Array.from({ length: 24 }, (_, i) => draw(0, i).example);
      const made = await decodeAll(
        places.engine,
        build,
        params,
        latents,
        chosen.map((example) => latentOf(latents, example)),
      );
      await writeSheet(file, made, 8);
    },
  };
}

async function generatedOf(
  { seed }: IconDecoderRecipe,
  how: GeneratedLatents,
  { records }: IconSet,
  icons: LatentIcons,
  { engine, runsDir, recipesDir }: Places,
): Promise<Float32Array> {
  const recipe = await readRecipe(recipesDir, how.denoiser, 'denoiser');
  return generatedLatents({ engine, runsDir, recipe, icons, records, how, seed });
}

/** The recipe's latents, encoded now or kept from an earlier start with the same icons and encoder. */
async function latentIcons(recipe: GeneratorRecipe, icons: IconSet, places: Places): Promise<LatentIcons> {
  const { network } = await readRecipe(places.recipesDir, recipe.autoencoder, 'autoencoder');
  const trained = await RunFolder.of(places.runsDir, recipe.autoencoder).finished();
  const { encoder } = splitAutoencoder(network, trained, trained.state.ema);
  const { coverageChannels } = recipe;
  const { rgba, sidePx } = icons;
  const hashes = await Promise.all(
    [new Uint8Array(encoder.buffer, encoder.byteOffset, encoder.byteLength), rgba].map(sha256Hex),
  );
  const key = JSON.stringify([hashes, coverageChannels]);
  const file = RunFolder.of(places.runsDir, 'icon-latents').file('latents');
  const stored = await readLatents(file, key);
  if (stored) return stored;
  const made = await encodeIcons({
    engine: places.engine,
    encoder: { config: network, params: encoder },
    rgba,
    sidePx,
    measured: icons.records.filter(({ twin }) => !twin).length,
    coverageChannels,
    onProgress: (done, total) => {
      if (done % 800 === 0 || done === total) process.stderr.write(`${done}/${total} icons encoded\n`);
    },
  });
  await writeLatents(file, key, made);
  return made;
}

/** Prompts of the sample sheet: as in the training set, recoloured, and composed anew. */
const SHEET_PROMPTS = [
  'red apple',
  'birthday cake',
  'rocket',
  'cat face',
  'house with garden',
  'guitar',
  'blue apple',
  'green car',
  'purple mushroom',
  'yellow umbrella',
  'pink robot',
  'snowy mountain',
];
const SHEET_STEPS = 20;
const SHEET_GUIDANCE = 2;

async function prepareDenoiser(
  recipe: DenoiserRecipe,
  icons: IconSet,
  latents: LatentIcons,
  draw: ReturnType<typeof createIconDraw>,
  { runsDir, recipesDir, engine }: Places,
): Promise<PreparedTask> {
  const { text } = recipe;
  const file = RunFolder.of(runsDir, recipe.name).file(TOKENIZER_FILE);
  const read = (from: string) => readFile(from, 'utf8').catch(() => undefined);
  // The numbers of the tokens belong to the weights: a run that starts from another takes that one's tokenizer.
  const earlier = recipe.from && (await read(RunFolder.of(runsDir, recipe.from).file(TOKENIZER_FILE)));
  const tokenizer =
    earlier || (await read(file)) || JSON.stringify(learnCaptionTokens(icons, text.vocabulary));
  await writeFileAtomic(file, tokenizer);
  const tokens = captionTokens(new TextEncoder().encode(tokenizer), text.length);
  const task = denoiserTask(recipe, latents, icons.records, tokens, draw);
  return {
    ...task,
    async writeSamples(params, sheet) {
      const decoder = await finishedDecoder(recipe, latents, runsDir, recipesDir);
      if (!decoder) return;
      const made = await samplePrompts(engine, recipe, latents, task.layout, params, tokens);
      await writeSheet(sheet, await decodeAll(engine, decoder.build, decoder.params, latents, made), 6);
    },
  };
}

function learnCaptionTokens(icons: IconSet, size: number) {
  // Names count more than tags: what people type is names.
  const originals = icons.records.filter(({ twin }) => !twin);
  const texts = originals.flatMap(({ label, tags }) => [label, label, ...tags.map(plainWords)]);
  return learnTokens(
    [...texts, ...[...COLOURS, MIRRORED].flatMap((word) => Array<string>(50).fill(word))],
    size,
  );
}

/** The decoder to look at samples with, once there is one. */
async function finishedDecoder(
  recipe: DenoiserRecipe,
  latents: LatentIcons,
  runsDir: string,
  recipesDir: string,
) {
  const decoder = await readRecipe(recipesDir, 'icon-decoder', 'icon-decoder').catch(() => undefined);
  const trained = await RunFolder.of(runsDir, 'icon-decoder').checkpoint();
  if (!decoder || !trained || decoder.coverageChannels !== recipe.coverageChannels) return undefined;
  return { build: iconDecoderComponent(iconDecoderConfig(decoder, latents)), params: trained.state.ema };
}

/** One latent per prompt of the sheet: what the prior expects, or what the flow makes of it. */
async function samplePrompts(
  engine: Engine,
  recipe: DenoiserRecipe,
  latents: LatentIcons,
  layout: ParameterLayout,
  params: Float32Array,
  tokens: (caption: string) => readonly number[],
): Promise<Float32Array[]> {
  const { length } = recipe.text;
  const load = partLoader(engine, layout, params);
  const text = await load(textEncoderComponent(recipe.text), 'text.');
  const config = denoiserConfig(recipe, latents);
  const denoise = await load(
    recipe.learns === 'prior' ? priorComponent(config, recipe.text) : denoiserComponent(config, recipe.text),
    'denoiser.',
  );
  const made: Float32Array[] = [];
  for (const [seed, prompt] of SHEET_PROMPTS.entries()) {
    const ids = new BigInt64Array(2 * length);
    for (const [i, id] of tokens(prompt).entries()) ids[i] = BigInt(id);
    const { context } = await text.run({ tokens: { type: 'int64', dims: [2, length], data: ids } });
    const sample =
      recipe.learns === 'prior'
        ? (await denoise.run({ context })).mean
        : await walk(denoise, latents, context, seed);
    made.push(
      sample instanceof Float32Array ? sample : (sample.data as Float32Array).slice(0, latentSize(latents)),
    );
  }
  await text.dispose();
  await denoise.dispose();
  return made;
}

/** Values of one latent. */
const latentSize = ({ channels, side }: LatentIcons) => channels * side * side;

/** The flow from noise, guided; `context` is of the prompt and of none. */
function walk(denoise: Program, { channels, side }: LatentIcons, context: HostTensor, seed: number) {
  const predict = async (x: Float32Array, t: number) => {
    const both = new Float32Array(2 * x.length);
    both.set(x);
    both.set(x, x.length);
    const { prediction } = await denoise.run({
      sample: float32([2, channels, side, side], both),
      time: float32([2], Float32Array.of(t, t)),
      context,
    });
    const v = prediction.data as Float32Array;
    return x.map((_, i) => v[x.length + i] + SHEET_GUIDANCE * (v[i] - v[x.length + i]));
  };
  const noise = latentNoise({ seed, stage: 0, channels, x: 0, y: 0, width: side, height: side });
  return sampleFlow({ predict, noise }, { solver: 'euler', steps: SHEET_STEPS });
}

function latentOf(latents: LatentIcons, example: number): Float32Array {
  const length = latentSize(latents);
  return latents.data.subarray(example * length, (example + 1) * length);
}

/** Latents as pictures on white. */
async function decodeAll(
  engine: Engine,
  build: ComponentBuilder,
  params: Float32Array,
  { channels, side }: LatentIcons,
  latents: readonly Float32Array[],
): Promise<Planes[]> {
  const program = await engine.load(encodeModel(buildComponent('decoder', build, params)));
  const made: Planes[] = [];
  for (const latent of latents) {
    const { picture, alpha } = await program.run({
      latent: float32([1, channels, side, side], latent.slice()),
    });
    const [, , height, width] = picture.dims;
    const [colour, coverage] = [picture.data as Float32Array, alpha.data as Float32Array];
    const size = width * height;
    const data = colour.map((value, i) => 1 + coverage[i % size] * (value - 1));
    made.push({ width, height, channels: 3, data });
  }
  await program.dispose();
  return made;
}

async function writeSheet(file: string, pictures: readonly Planes[], columns: number): Promise<void> {
  const sheet = sheetOf(
    pictures.map((planes) => fromPlanes(planes)),
    columns,
  );
  await writeFileAtomic(file, await encodeImage(sheet, 'png'));
}
