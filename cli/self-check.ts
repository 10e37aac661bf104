/** Writes the stored answer of a pack, by which engines in editors prove themselves. */

import path from 'node:path';
import { sha256Hex } from '../core/pack/hash.js';
import { loadPack, PACK_FILE } from '../core/pack/load.js';
import { encodeAnswer, runSelfCheck, SELF_CHECK_FILE } from '../core/pipeline/self-check.js';
import { openStages } from '../core/pipeline/stages.js';
import { writeFileAtomic } from '../core/runtime/node/atomic-write.js';
import { createEngine } from '../core/runtime/node/engines.js';
import { createFolderReader } from './store/pack-reader.js';

/**
 * Runs the self-check tile on the native engine and writes its answer into the pack's folder.
 * @throws EnlargerError when the pack is not what it should be.
 */
export async function writeSelfCheck(folder: string): Promise<void> {
  const reader = createFolderReader(folder);
  const pack = await loadPack(reader);
  const hash = await sha256Hex(await reader.read(PACK_FILE));
  const { engine } = await createEngine('cpu', { threads: 1 });
  try {
    const provider = openStages(pack, engine);
    const answer = encodeAnswer(hash, await runSelfCheck(provider));
    await writeFileAtomic(path.join(folder, SELF_CHECK_FILE), `${JSON.stringify(answer)}\n`);
    await provider.dispose();
  } finally {
    await engine.dispose();
  }
}
