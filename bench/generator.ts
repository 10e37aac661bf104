/**
 * How well the embedded generator does what it is told: the object of 100 captions it was trained with, by the nearest
 * training icon in latent space; the colour of 50 combinations of colour and object it has never seen; how near its
 * pictures come to copies of training icons; and a sheet of samples for 64 fixed prompts.
 *
 * Latent space is a fair place to look for the object: the encoder was trained on other pictures altogether, and the
 * distance is nearly that of the pixels with fine detail weighted down. What is asked is hard in one way: 1 400 families
 * compete.
 */

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { sheetOf } from '../cli/sheet.js';
import { type IconRecord, readIcons } from '../cli/store/icon-store.js';
import { readLatentsOf } from '../cli/store/latent-store.js';
import { createFolderReader } from '../cli/store/pack-reader.js';
import type { Candidate, Generator } from '../core/generate/generator.js';
import { openPackGenerator } from '../core/generate/pack-generator.js';
import { loadPack } from '../core/pack/load.js';
import { isFloatPicture, toRaster } from '../core/raster/float-picture.js';
import type { Raster } from '../core/raster/raster.js';
import { writeFileAtomic } from '../core/runtime/node/atomic-write.js';
import { encodeImage } from '../core/runtime/node/codec.js';
import { createCpuEngine } from '../core/runtime/node/cpu.js';
import { COLOURS, colourless, isHeldOut } from '../core/train/data/captions.js';
import { hashText } from '../core/train/data/rng.js';
import { mainColour } from '../scripts/data/icons/recolour.js';
import { type LatentSet, nearest } from './generator/nearest.js';
import { SEEN_PROMPTS, trainedWith, UNSEEN_PROMPTS } from './generator/prompts.js';
import { markdownTable, mean, median } from './table.js';

const CAPTIONS = 100;
const COMBINATIONS = 50;
/** Nearer than this share of the usual distance between icons of different families counts as a copy. */
const COPY_SHARE = 0.25;

export interface GeneratorBench {
  /** Share whose nearest training icon is of the family named. */
  readonly object: number;
  /** Share whose main colour is the colour named. */
  readonly colour: number;
  /** Median distance to the nearest training icon, and the usual distance between icons of different families. */
  readonly nearest: number;
  readonly usual: number;
  readonly copies: number;
  readonly secondsPerCandidate: number;
  readonly misses: readonly string[];
  /** Of the fixed prompts said to be captions, and of those said not to be, how many are. */
  readonly fixedPrompts: { readonly seen: number; readonly unseen: number };
}

export interface GeneratorBenchOptions {
  readonly pack: string;
  readonly icons: string;
  /** The run folder of the icons' latents. */
  readonly latents: string;
  readonly out: string;
  readonly guidance?: number | undefined;
  readonly steps?: number | undefined;
  readonly limit?: number | undefined;
  readonly say: (line: string) => void;
}

/** The same ones every time, from all over the list. */
function chosen<T>(items: readonly T[], count: number, key: (item: T) => string): T[] {
  return [...items].sort((a, b) => hashText(key(a)) - hashText(key(b))).slice(0, count);
}

/** Names of icons as trained on, one per family. */
function captions(records: readonly IconRecord[]): IconRecord[] {
  const firsts = new Map<string, IconRecord>();
  for (const record of records)
    if (
      !record.recoloured &&
      !record.twin &&
      !/skin tone|flag/.test(record.label) &&
      !firsts.has(record.family)
    )
      firsts.set(record.family, record);
  return chosen([...firsts.values()], CAPTIONS, ({ label }) => label);
}

/** Colours of objects that were kept out of the training set. */
function combinations(records: readonly IconRecord[]): { colour: string; object: string }[] {
  const objects = new Set(
    records.filter(({ colour, recoloured }) => colour && !recoloured).map(({ label }) => colourless(label)),
  );
  const all = [...objects].flatMap((object) =>
    COLOURS.filter((colour) => isHeldOut(colour, object)).map((colour) => ({ colour, object })),
  );
  const seen = new Set(records.map(({ colour, label }) => `${colour} ${colourless(label)}`));
  const unseen = all.filter(({ colour, object }) => !seen.has(`${colour} ${object}`));
  return chosen(unseen, COMBINATIONS, ({ colour, object }) => `${colour} ${object}`);
}

export async function benchGenerator(options: GeneratorBenchOptions): Promise<GeneratorBench> {
  const { guidance, steps, limit, say } = options;
  const { records } = await readIcons(options.icons);
  const latents = await readLatentsOf(options.latents);
  const set: LatentSet = {
    count: latents.count,
    length: latents.channels * latents.side ** 2,
    data: latents.data,
  };
  const engine = await createCpuEngine();
  const generator = openPackGenerator(await loadPack(createFolderReader(options.pack)), engine);
  const make = async (prompt: string) => {
    for await (const candidate of generator.generate({ prompt, seed: 1, guidance, steps }))
      return { candidate, picture: await pictureOf(generator, candidate) };
    throw new Error(`Nothing came for "${prompt}".`);
  };
  try {
    const started = performance.now();
    const misses: string[] = [];
    const sheet: Raster[] = [];
    const near: number[] = [];
    let objects = 0;
    const named = captions(records).slice(0, limit);
    for (const record of named) {
      const { candidate, picture } = await make(record.label);
      const { example, distance } = nearest(latentData(candidate), set);
      near.push(distance);
      sheet.push(picture);
      if (records[example].family === record.family) objects++;
      else misses.push(`${record.label} -> ${records[example].label}`);
    }
    say(`${objects} of ${named.length} objects`);
    const seconds = (performance.now() - started) / 1000 / named.length;
    let colours = 0;
    const combined = combinations(records).slice(0, limit);
    for (const { colour, object } of combined) {
      const { picture } = await make(`${colour} ${object}`);
      const found = mainColour(new Uint8Array(picture.data));
      sheet.push(picture);
      if (found === colour) colours++;
      else misses.push(`${colour} ${object} -> ${found ?? 'no one colour'}`);
    }
    say(`${colours} of ${combined.length} colours`);
    await writeSheet(path.join(options.out, 'generator.png'), sheet, 15);
    const samples: Raster[] = [];
    for (const prompt of [...SEEN_PROMPTS, ...UNSEEN_PROMPTS].slice(0, limit))
      samples.push((await make(prompt)).picture);
    await writeSheet(path.join(options.out, 'generator-prompts.png'), samples, 8);
    const usual = median(usualDistances(records, set, 60));
    return {
      object: objects / named.length,
      colour: colours / combined.length,
      nearest: median(near),
      usual,
      copies: mean(near.map((distance) => (distance < COPY_SHARE * usual ? 1 : 0))),
      secondsPerCandidate: seconds,
      misses,
      fixedPrompts: {
        seen: trainedWith(SEEN_PROMPTS, records).length,
        unseen: trainedWith(UNSEEN_PROMPTS, records).length,
      },
    };
  } finally {
    await generator.dispose();
    await engine.dispose();
  }
}

function latentData(candidate: Candidate): Float32Array {
  if (candidate.kind === 'latent') return candidate.latent.data;
  throw new Error('Only generators that make latents can be measured.');
}

async function pictureOf(generator: Generator, candidate: Candidate): Promise<Raster> {
  const picture = await generator.picture(candidate);
  return isFloatPicture(picture) ? toRaster(picture) : picture;
}

/** Distances from some icons to the nearest of another family. */
function usualDistances(records: readonly IconRecord[], set: LatentSet, count: number): number[] {
  const every = Math.max(1, Math.floor(records.length / count));
  return records.flatMap(({ family, twin }, i) => {
    if (i % every !== 0 || twin) return [];
    const own = set.data.subarray(i * set.length, (i + 1) * set.length);
    return [nearest(own, set, (n) => records[n].family !== family).distance];
  });
}

async function writeSheet(file: string, pictures: readonly Raster[], columns: number): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFileAtomic(file, await encodeImage(sheetOf(pictures, columns), 'png'));
}

export function generatorTable(bench: GeneratorBench): string {
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  const table = markdownTable(
    ['', 'measured'],
    [
      ['object right, of 100 captions trained with', percent(bench.object)],
      ['colour right, of 50 combinations never seen', percent(bench.colour)],
      ['distance to the nearest training icon, median', bench.nearest.toFixed(3)],
      ['usual distance between icons of different families', bench.usual.toFixed(3)],
      ['nearer than a quarter of that: copies', percent(bench.copies)],
      ['seconds for one candidate', bench.secondsPerCandidate.toFixed(2)],
      [
        `captions among the first and the last ${UNSEEN_PROMPTS.length} fixed prompts`,
        `${bench.fixedPrompts.seen}, ${bench.fixedPrompts.unseen}`,
      ],
    ],
  );
  return `${table}\n\nMisses: ${bench.misses.join('; ') || 'none'}.`;
}
