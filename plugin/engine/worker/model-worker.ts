/** Entry of the model worker: ONNX Runtime and nothing else, so that it can be thrown away at any time. */

import { EnlargerError } from '../../../core/errors.js';
import { createWasmEngine } from '../../../core/runtime/wasm.js';
import { createWebGpuEngine, type WebGpuLibrary } from '../../../core/runtime/webgpu.js';
import type { Endpoint } from '../channel.js';
import { type EngineStarter, serveModels } from './model-service.js';

/**
 * The graphics build that suspends wasm by the browser's own means (JSPI) is two thirds of the size of the one that
 * brings its own, and as fast on the processor as the plain one.
 */
async function loadJspiLibrary(): Promise<WebGpuLibrary> {
  return import('onnxruntime-web/jspi');
}

const start: EngineStarter = async (name, wasmBinary) => {
  if (name === 'wasm') return { engine: await createWasmEngine({ wasmBinary }), software: false };
  if (!('Suspending' in WebAssembly)) {
    throw new EnlargerError('backend-unavailable', 'This browser is too old for the graphics engine.');
  }
  const engine = await createWebGpuEngine({ loadLibrary: loadJspiLibrary, wasmBinary });
  return { engine, software: engine.software };
};

serveModels(self as unknown as Endpoint, start);
