/** A model worker that fails when the test says so. The page posts it `{ faults }`, before anything else or later. */

import { EnlargerError } from '../../../core/errors.js';
import type { Engine, HostTensor, Program } from '../../../core/runtime/engine.js';
import { createWasmEngine } from '../../../core/runtime/wasm.js';
import {
  createWebGpuEngine,
  type Gpu,
  type GpuDevice,
  type WebGpuLibrary,
} from '../../../core/runtime/webgpu.js';
import type { Endpoint } from '../../../plugin/engine/channel.js';
import { type EngineStarter, serveModels } from '../../../plugin/engine/worker/model-service.js';
import type { Faults } from './engine-page-calls.js';

let faults: Faults = {};
self.addEventListener('message', ({ data }: MessageEvent) => {
  if (data?.faults) faults = data.faults as Faults;
});

let device: GpuDevice | undefined;

/** The browser's graphics, with the device kept at hand. */
function watchedGpu(): Gpu {
  const { gpu } = navigator as unknown as { gpu: Gpu };
  return {
    async requestAdapter(options) {
      const adapter = await gpu.requestAdapter(options);
      if (!adapter) return null;
      return {
        features: adapter.features,
        limits: adapter.limits,
        ...(adapter.info && { info: adapter.info }),
        requestDevice: async (descriptor) => (device = await adapter.requestDevice(descriptor)),
      };
    },
  };
}

const loadLibrary = async (): Promise<WebGpuLibrary> => import('onnxruntime-web/jspi');

const start: EngineStarter = async (name, wasmBinary) => {
  if (faults.unavailable) throw new EnlargerError('backend-unavailable', faults.unavailable);
  if (name === 'webgpu' && !faults.pretendWebGpu) {
    const engine = await createWebGpuEngine({ gpu: watchedGpu(), loadLibrary, wasmBinary });
    return { engine: faulty(engine), software: engine.software };
  }
  const engine = await createWasmEngine({ wasmBinary });
  const named = name === 'webgpu' ? { ...engine, name, description: 'WebGPU: pretended' } : engine;
  return { engine: faulty(named), software: false };
};

let runs = 0;

function faulty(engine: Engine): Engine {
  const program = (inner: Program): Program => ({
    dispose: () => inner.dispose(),
    async run(inputs) {
      runs++;
      if (runs === faults.memoryAt) throw new EnlargerError('out-of-memory', 'No memory, says the test.');
      if (runs >= (faults.hangFrom ?? Infinity)) for (;;);
      if (runs === faults.loseAt || faults.loseNext) {
        faults = {};
        if (!device) throw new EnlargerError('backend-unavailable', 'The graphics device was lost: test.');
        device.destroy();
      }
      const outputs = await inner.run(inputs);
      return Object.fromEntries(Object.entries(outputs).map(([key, tensor]) => [key, shifted(tensor)]));
    },
  });
  return { ...engine, load: async (model) => program(await engine.load(model)) };
}

function shifted(tensor: HostTensor): HostTensor {
  const { offset } = faults;
  if (!offset || tensor.type !== 'float32') return tensor;
  return { ...tensor, data: tensor.data.map((value) => value + offset) };
}

serveModels(self as unknown as Endpoint, start);
