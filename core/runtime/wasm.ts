/**
 * The WebAssembly engine (onnxruntime-web, CPU build), for every browser and for Node. Owns the settings of
 * that library's wasm runtime, of which there is one per page, worker or process.
 */

import { EnlargerError } from '../errors.js';
import { createOrtEngine } from './backend-ort.js';
import type { Engine } from './engine.js';

export interface WasmEngineOptions {
  /** Threads for one run; default 1. More need a cross-origin isolated page. */
  readonly threads?: number;
  /** The bytes of the .wasm file, where the library cannot fetch it by itself (sandboxed editor frames). */
  readonly wasmBinary?: ArrayBuffer;
}

/** The thread count the runtime was started with; it cannot be changed afterwards. */
let startedThreads: number | undefined;

/**
 * Prepares the wasm engine; the runtime itself starts with the first model.
 * @throws EnlargerError `backend-unavailable` if there is no WebAssembly, if the library cannot be loaded,
 *   or if the runtime was started before with another number of threads.
 */
export async function createWasmEngine(options: WasmEngineOptions = {}): Promise<Engine> {
  const { threads = 1, wasmBinary } = options;
  if (!Number.isSafeInteger(threads) || threads < 1) {
    throw new EnlargerError(
      'option-invalid',
      `The number of threads must be a whole number from 1, not ${threads}.`,
    );
  }
  if (!('WebAssembly' in globalThis)) {
    throw new EnlargerError('backend-unavailable', 'WebAssembly is switched off here.');
  }
  if (startedThreads !== undefined && startedThreads !== threads) {
    throw new EnlargerError(
      'backend-unavailable',
      `The wasm engine already runs with ${startedThreads} thread(s) and cannot change to ${threads}.`,
      'Start it in a new worker or process.',
    );
  }
  let ort: typeof import('onnxruntime-web/wasm');
  try {
    ort = await import('onnxruntime-web/wasm');
  } catch (error) {
    throw new EnlargerError('backend-unavailable', 'The wasm engine could not be loaded.', '', {
      cause: error,
    });
  }
  startedThreads = threads;
  ort.env.wasm.numThreads = threads;
  if (wasmBinary) ort.env.wasm.wasmBinary = wasmBinary;
  ort.env.logLevel = 'error';
  return createOrtEngine({
    ort,
    name: 'wasm',
    description: `WebAssembly, ${threads} thread${threads === 1 ? '' : 's'}`,
    session: { executionProviders: ['wasm'], graphOptimizationLevel: 'all', logSeverityLevel: 4 },
  });
}
