/**
 * Latents as a finished generator makes them of the captions of its own training icons: what the decoder of generated
 * pictures has to live with. Made once and kept beside the exact ones.
 */

import { readFile } from 'node:fs/promises';
import { sampleFlow } from '../core/flow/flow-sampler.js';
import { latentNoise } from '../core/flow/noise.js';
import { openTokenizer } from '../core/generate/tokens.js';
import { encodeModel, type ParameterLayout } from '../core/graph/index.js';
import {
  buildComponent,
  type ComponentBuilder,
  denoiserComponent,
  textEncoderComponent,
} from '../core/nets/components.js';
import { sha256Hex } from '../core/pack/hash.js';
import { type Engine, float32, type Program } from '../core/runtime/engine.js';
import { type CaptionedIcon, drawCaption } from '../core/train/data/captions.js';
import { createRng } from '../core/train/data/rng.js';
import type { LatentIcons } from '../core/train/latent-icons.js';
import type { DenoiserRecipe, GeneratedLatents } from '../core/train/recipe.js';
import { type CaptionTokens, denoiserConfig } from '../core/train/tasks/denoiser.js';
import { readLatents, writeLatents } from './store/latent-store.js';
import { RunFolder } from './store/run-folder.js';
import { pickParameters } from './tasks.js';

/** Beside the checkpoint of a denoiser: what its token numbers mean. */
export const TOKENIZER_FILE = 'tokenizer.json';

export interface GeneratedLatentsSource {
  readonly engine: Engine;
  readonly runsDir: string;
  readonly recipe: DenoiserRecipe;
  readonly icons: LatentIcons;
  readonly records: readonly CaptionedIcon[];
  readonly how: GeneratedLatents;
  readonly seed: number;
}

const BATCH = 32;

/** Loads one network of a denoiser run, by the prefix of its parameters' names. */
export const partLoader =
  (engine: Engine, layout: Pick<ParameterLayout, 'specs'>, params: Float32Array) =>
  (build: ComponentBuilder, prefix: string): Promise<Program> =>
    engine.load(encodeModel(buildComponent('part', build, pickParameters(layout, params, build, prefix))));

/** Token numbers of captions, cut to the length of prompts. `tokenizer` is the content of `TOKENIZER_FILE`. */
export function captionTokens(tokenizer: Uint8Array, length: number): CaptionTokens {
  const tokenize = openTokenizer(tokenizer, { length: 256, pad: 0 }, TOKENIZER_FILE);
  return (caption) => tokenize(caption).ids.slice(0, length);
}

/** [count, channels, side, side], one for each icon. @throws EnlargerError `data-missing` without the finished run. */
export async function generatedLatents(source: GeneratedLatentsSource): Promise<Float32Array> {
  const { runsDir, recipe, icons, how, seed } = source;
  const folder = RunFolder.of(runsDir, recipe.name);
  const run = await folder.finished();
  const { ema } = run.state;
  const weights = await sha256Hex(new Uint8Array(ema.buffer, ema.byteOffset, ema.byteLength));
  const key = JSON.stringify([weights, icons.count, how, seed]);
  const file = RunFolder.of(runsDir, 'icon-latents').file('generated');
  const stored = await readLatents(file, key);
  if (stored) return stored.data;
  const tokens = captionTokens(await readFile(folder.file(TOKENIZER_FILE)), recipe.text.length);
  const data = await generateAll(source, partLoader(source.engine, run, ema), tokens);
  await writeLatents(file, key, { ...icons, data });
  return data;
}

async function generateAll(
  { recipe, icons, records, how, seed }: GeneratedLatentsSource,
  load: ReturnType<typeof partLoader>,
  tokens: CaptionTokens,
): Promise<Float32Array> {
  const config = { ...denoiserConfig(recipe, icons), temperature: how.temperature };
  const text = await load(textEncoderComponent(recipe.text), 'text.');
  const denoise = await load(denoiserComponent(config, recipe.text), 'denoiser.');
  const { count, channels, side } = icons;
  const length = channels * side * side;
  const data = new Float32Array(count * length);
  for (let from = 0; from < count; from += BATCH) {
    const ids = new BigInt64Array(BATCH * recipe.text.length);
    for (let i = 0; i < Math.min(BATCH, count - from); i++) {
      const caption = drawCaption(records[from + i], createRng(seed, from + i));
      for (const [k, id] of tokens(caption).entries()) ids[i * recipe.text.length + k] = BigInt(id);
    }
    const { context } = await text.run({
      tokens: { type: 'int64', dims: [BATCH, recipe.text.length], data: ids },
    });
    const predict = async (x: Float32Array, t: number) => {
      const inputs = {
        sample: float32([BATCH, channels, side, side], x),
        time: float32([BATCH], new Float32Array(BATCH).fill(t)),
        context,
      };
      return (await denoise.run(inputs)).prediction.data as Float32Array;
    };
    const noise = latentNoise({ seed, stage: from, channels, x: 0, y: 0, width: side, height: side * BATCH });
    const made = await sampleFlow({ predict, noise }, { solver: 'euler', steps: how.steps });
    data.set(made.subarray(0, Math.min(BATCH, count - from) * length), from * length);
    if (from % (BATCH * 20) === 0) process.stderr.write(`${from}/${count} icons generated\n`);
  }
  await text.dispose();
  await denoise.dispose();
  return data;
}
