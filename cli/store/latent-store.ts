/** Keeps encoded training pairs on disk, so that a resumed run trains on the very same ones. */

import { open, readFile } from 'node:fs/promises';
import { writeFileAtomic } from '../../core/runtime/node/atomic-write.js';
import type { LatentPairs } from '../../core/train/tasks/velocity.js';

type Header = Omit<LatentPairs, 'z0' | 'z1'> & { readonly key: string };

const vectors = ['z0', 'z1'] as const;

/** The stored pairs if they were made under this key, else undefined. */
export async function readPairs(file: string, key: string): Promise<LatentPairs | undefined> {
  const handle = await open(`${file}.json`, 'r').catch(() => undefined);
  if (!handle) return undefined;
  const header = JSON.parse((await handle.readFile('utf8')).toString()) as Header;
  await handle.close();
  if (header.key !== key) return undefined;
  const { key: _, ...statistics } = header;
  const length = header.count * header.channels * header.side ** 2;
  const loaded = await Promise.all(
    vectors.map(async (name) => {
      const data = new Float32Array(length);
      const vector = await open(`${file}.${name}`, 'r');
      await vector.read(new Uint8Array(data.buffer));
      await vector.close();
      return data;
    }),
  );
  return { ...statistics, z0: loaded[0], z1: loaded[1] };
}

/** What is known of stored pairs without reading them. @throws when the run has none. */
export async function readPairStatistics(file: string): Promise<Omit<LatentPairs, 'z0' | 'z1'>> {
  return JSON.parse(await readFile(`${file}.json`, 'utf8')) as Header;
}

/** Writes pairs; the header comes last, so a torn write is never taken for a store. */
export async function writePairs(file: string, key: string, pairs: LatentPairs): Promise<void> {
  for (const name of vectors) {
    const data = pairs[name];
    await writeFileAtomic(`${file}.${name}`, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  const { z0: _z0, z1: _z1, ...statistics } = pairs;
  await writeFileAtomic(`${file}.json`, JSON.stringify({ key, ...statistics } satisfies Header));
}
