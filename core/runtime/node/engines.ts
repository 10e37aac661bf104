/** The engines of Node: native first, wasm everywhere else. */

import { type EngineChoice, selectEngine } from '../select.js';
import { createWasmEngine } from '../wasm.js';
import { type CpuEngineOptions, createCpuEngine } from './cpu.js';

/**
 * Starts `auto`, `cpu` or `wasm` in Node. The options apply to the native engine; wasm runs on one thread.
 * @throws EnlargerError `backend-unknown`, `backend-unavailable`; see `selectEngine`.
 */
export function createEngine(wanted: string, options: CpuEngineOptions = {}): Promise<EngineChoice> {
  return selectEngine(wanted, [
    { name: 'cpu', create: () => createCpuEngine(options) },
    { name: 'wasm', create: () => createWasmEngine() },
  ]);
}
