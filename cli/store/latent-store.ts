/** Keeps encoded training examples on disk, so that a resumed run trains on the very same ones. */

import { open, readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../../core/runtime/node/atomic-write.js';
import type { LatentIcons } from '../../core/train/latent-icons.js';
import type { LatentPairs } from '../../core/train/tasks/velocity.js';

/** What is kept of examples beside their vectors. */
interface Statistics {
  readonly count: number;
  readonly channels: number;
  readonly side: number;
}

const PAIR_VECTORS = ['z0', 'z1'] as const;
type PairStatistics = Omit<LatentPairs, (typeof PAIR_VECTORS)[number]>;

/** The stored pairs if they were made under this key, else undefined. */
export async function readPairs(file: string, key: string): Promise<LatentPairs | undefined> {
  const stored = await readVectors<PairStatistics>(file, key, PAIR_VECTORS);
  return stored && { ...stored.statistics, z0: stored.vectors[0], z1: stored.vectors[1] };
}

/** What is known of stored pairs without reading them. @throws when the run has none. */
export async function readPairStatistics(file: string): Promise<PairStatistics> {
  return JSON.parse(await readFile(`${file}.json`, 'utf8')) as PairStatistics;
}

export async function writePairs(
  file: string,
  key: string,
  { z0, z1, ...statistics }: LatentPairs,
): Promise<void> {
  await writeVectors(file, key, statistics, { z0, z1 });
}

/** The stored icons if they were made under this key, else undefined. */
export async function readLatents(file: string, key: string): Promise<LatentIcons | undefined> {
  const stored = await readVectors<Omit<LatentIcons, 'data'>>(file, key, ['data']);
  return stored && { ...stored.statistics, data: stored.vectors[0] };
}

/** The stored icons, whatever they were made of. @throws when there are none. */
export async function readLatentsOf(file: string): Promise<LatentIcons> {
  const { key } = JSON.parse(await readFile(`${file}.json`, 'utf8')) as { key: string };
  return (await readLatents(file, key))!;
}

export async function writeLatents(
  file: string,
  key: string,
  { data, ...statistics }: LatentIcons,
): Promise<void> {
  await writeVectors(file, key, statistics, { data });
}

/** What is known of stored icons without reading them. @throws when there are none. */
export async function readLatentStatistics(file: string): Promise<Omit<LatentIcons, 'data'>> {
  return JSON.parse(await readFile(`${file}.json`, 'utf8')) as Omit<LatentIcons, 'data'>;
}

async function readVectors<T extends Statistics>(file: string, key: string, names: readonly string[]) {
  const header = await readFile(`${file}.json`, 'utf8').catch(() => undefined);
  if (header === undefined) return undefined;
  const { key: storedKey, ...statistics } = JSON.parse(header) as T & { key: string };
  if (storedKey !== key) return undefined;
  const { count, channels, side } = statistics;
  const vectors = await Promise.all(
    names.map(async (name) => {
      const data = new Float32Array(count * channels * side ** 2);
      const vector = await open(`${file}.${name}`, 'r');
      await vector.read(new Uint8Array(data.buffer));
      await vector.close();
      return data;
    }),
  );
  return { statistics: statistics as unknown as T, vectors };
}

/** Writes vectors; the header comes last, so a torn write is never taken for a store. */
async function writeVectors(
  file: string,
  key: string,
  statistics: Statistics,
  vectors: Readonly<Record<string, Float32Array>>,
): Promise<void> {
  for (const [name, { buffer, byteOffset, byteLength }] of Object.entries(vectors))
    await writeFileAtomic(`${file}.${name}`, new Uint8Array(buffer, byteOffset, byteLength));
  await writeFileAtomic(`${file}.json`, JSON.stringify({ key, ...statistics }));
}
