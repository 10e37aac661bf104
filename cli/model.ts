/** Opens what the commands run: a pack on an engine. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StageProvider } from '../core/pipeline/stage.js';
import { createUpscaler } from '../core/pipeline/upscaler.js';
import { createEngine } from '../core/runtime/node/engines.js';
import { oneAtATime } from '../core/runtime/one-at-a-time.js';
import { requireAddressSpace } from './address-space.js';
import type { ModelFlags } from './options.js';
import { createFolderReader } from './store/pack-reader.js';

/** A pack that is ready to run; `dispose` releases all of it. */
export interface Model {
  readonly provider: StageProvider;
  /** Name of the engine it runs on. */
  readonly backend: string;
  /** Engine and why it was chosen, for people. */
  readonly description: string;
  dispose(): Promise<void>;
}

export type ModelOpener = (flags: Pick<ModelFlags, 'pack' | 'backend' | 'threads'>) => Promise<Model>;

/** @throws EnlargerError for packs that are not what they should be and engines that are not there. */
export const openModel: ModelOpener = async ({ pack = defaultPack(), backend, threads }) => {
  requireAddressSpace();
  const choice = await createEngine(backend, threads === undefined ? {} : { threads });
  // The stages of a cascade alternate rarely: what both would hold at once is better saved.
  const { provider, engine, dispose } = await createUpscaler(
    createFolderReader(pack),
    oneAtATime(choice.engine),
  );
  return {
    provider,
    backend: engine,
    description: `${choice.engine.description} (${choice.reason})`,
    dispose,
  };
};

/** The folder of the package, wherever this file runs from: sources or bundle. */
export function packageRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, 'package.json')) && path.dirname(folder) !== folder) {
    folder = path.dirname(folder);
  }
  return folder;
}

/** The folder of the pack that comes along. */
export function defaultPack(): string {
  return path.join(packageRoot(), 'models', 'enlarger-1');
}
