/** The engines of a page or worker: graphics first, wasm everywhere else. */

import { type EngineChoice, selectEngine } from './select.js';
import { createWasmEngine, type WasmEngineOptions } from './wasm.js';
import { createWebGpuEngine, type WebGpuEngineOptions } from './webgpu.js';

/**
 * Starts `auto`, `webgpu` or `wasm` in a browser.
 * @throws EnlargerError `backend-unknown`, `backend-unavailable`; see `selectEngine`.
 */
export function createEngine(
  wanted: string,
  options: { readonly wasm?: WasmEngineOptions; readonly webgpu?: WebGpuEngineOptions } = {},
): Promise<EngineChoice> {
  return selectEngine(wanted, [
    { name: 'webgpu', create: () => createWebGpuEngine(options.webgpu) },
    { name: 'wasm', create: () => createWasmEngine(options.wasm) },
  ]);
}
