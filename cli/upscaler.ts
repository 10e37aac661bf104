/** An upscaler of Node in one call: the pack that comes along, or a folder's, on the native engine or wasm. */

import { createUpscaler, type Upscaler } from '../core/pipeline/upscaler.js';
import { createEngine } from '../core/runtime/node/engines.js';
import { oneAtATime } from '../core/runtime/one-at-a-time.js';
import { defaultPack } from './model.js';
import { createFolderReader } from './store/pack-reader.js';

export interface NodeUpscalerOptions {
  /** Folder of a model pack; default the pack that comes along. */
  readonly pack?: string;
  /** Default `auto`: native, or wasm where that does not start. */
  readonly backend?: 'auto' | 'cpu' | 'wasm';
  /** Threads of the native engine; default all. */
  readonly threads?: number;
}

/** @throws EnlargerError `pack-*` for packs that are not what they should be, `backend-unavailable`. */
export async function openUpscaler(options: NodeUpscalerOptions = {}): Promise<Upscaler> {
  const { pack = defaultPack(), backend = 'auto', threads } = options;
  const { engine } = await createEngine(backend, threads === undefined ? {} : { threads });
  return createUpscaler(createFolderReader(pack), oneAtATime(engine));
}
