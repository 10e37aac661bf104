import type { OrtLibrary } from '../../../core/runtime/backend-ort.js';
import { createEngine } from '../../../core/runtime/browser.js';
import { float32 } from '../../../core/runtime/engine.js';
import { createWebGpuEngine, type Gpu, type GpuAdapter } from '../../../core/runtime/webgpu.js';

type Lost = { reason: string; message: string };

/** A graphics stack that obeys the test: what it was asked for, and levers for its failures. */
function fakeGpu(features: string[] = []) {
  let lose: (how: Lost) => void = () => undefined;
  let report: (event: { error: { message: string } }) => void = () => undefined;
  const asked: Parameters<GpuAdapter['requestDevice']>[0][] = [];
  let destroyed = false;
  const adapter: GpuAdapter = {
    features: new Set(features),
    limits: { maxBufferSize: 4096, maxStorageBuffersPerShaderStage: 10 },
    info: { vendor: 'acme', architecture: 'two', isFallbackAdapter: true },
    requestDevice: async (descriptor) => {
      asked.push(descriptor);
      return {
        lost: new Promise<Lost>((resolve) => {
          lose = resolve;
        }),
        addEventListener: (_type, listener) => {
          report = listener;
        },
        destroy: () => {
          destroyed = true;
          lose({ reason: 'destroyed', message: '' });
        },
      };
    },
  };
  const gpu: Gpu = { requestAdapter: async () => adapter };
  return {
    gpu,
    asked,
    lose: (how: Lost) => lose(how),
    report: (error: { message: string }) => report({ error }),
    destroyed: () => destroyed,
  };
}

/** A library whose sessions do what the test says. */
function fakeLibrary(run: () => Promise<unknown>) {
  const library = {
    InferenceSession: {
      create: async () => ({ outputNames: ['y'], run, release: async () => undefined }),
    },
    Tensor: class {
      constructor(
        readonly type: string,
        readonly data: unknown,
        readonly dims: readonly number[],
      ) {}
    },
  };
  return async () => library as unknown as OrtLibrary;
}

const y = { y: { type: 'float32', dims: [1], data: Float32Array.of(5) } };
const answers = fakeLibrary(async () => y);
const input = { x: float32([1], Float32Array.of(1)) };

class GPUOutOfMemoryError {
  constructor(readonly message: string) {}
}
class GPUValidationError {
  constructor(readonly message: string) {}
}

describe('createWebGpuEngine', () => {
  it('is unavailable without WebGPU or without an adapter', async () => {
    await expect(createWebGpuEngine()).rejects.toMatchObject({ code: 'backend-unavailable' });
    const gpu: Gpu = { requestAdapter: async () => null };
    await expect(createWebGpuEngine({ gpu })).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringContaining('adapter'),
    });
  });

  it('asks for the limits of the adapter, and for float16 only if offered', async () => {
    for (const features of [['shader-f16'], []]) {
      const { gpu, asked } = fakeGpu(features);
      const engine = await createWebGpuEngine({ gpu, loadLibrary: answers });
      expect(asked).toEqual([
        {
          requiredFeatures: features,
          requiredLimits: { maxBufferSize: 4096, maxStorageBuffersPerShaderStage: 10 },
        },
      ]);
      expect(engine.float16).toBe(features.length > 0);
      expect(engine.description).toBe('WebGPU: acme two (software)');
    }
  });

  it('rejects the run in flight and later ones when the device is lost', async () => {
    const fake = fakeGpu();
    const never = fakeLibrary(() => new Promise(() => undefined));
    const engine = await createWebGpuEngine({ gpu: fake.gpu, loadLibrary: never });
    const program = await engine.load(new Uint8Array());
    const inFlight = program.run(input);
    const queued = program.run(input);
    fake.lose({ reason: 'unknown', message: 'driver reset' });
    const lost = { code: 'backend-unavailable', message: expect.stringContaining('driver reset') };
    await expect(inFlight).rejects.toMatchObject(lost);
    await expect(queued).rejects.toMatchObject(lost);
    await expect(engine.load(new Uint8Array())).rejects.toMatchObject(lost);
    await engine.dispose();
  });

  it('counts a device that somebody else destroyed as lost', async () => {
    const fake = fakeGpu();
    const engine = await createWebGpuEngine({ gpu: fake.gpu, loadLibrary: answers });
    const program = await engine.load(new Uint8Array());
    fake.lose({ reason: 'destroyed', message: '' });
    await new Promise(setImmediate);
    await expect(program.run(input)).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringContaining('lost'),
    });
  });

  it('hands the wasm file to the library', async () => {
    const env = { wasm: {} };
    const library = { ...(await answers()), env };
    const wasmBinary = new ArrayBuffer(4);
    await createWebGpuEngine({ gpu: fakeGpu().gpu, loadLibrary: async () => library, wasmBinary });
    expect(env.wasm).toEqual({ numThreads: 1, wasmBinary });
  });

  it('says when the adapter is software', async () => {
    expect((await createWebGpuEngine({ gpu: fakeGpu().gpu, loadLibrary: answers })).software).toBe(true);
  });

  it.each([
    [new GPUOutOfMemoryError('no'), 'out-of-memory'],
    [new GPUValidationError('binding 3 is invalid'), 'internal'],
  ])('fails a run during which the device reported %j', async (error, code) => {
    const fake = fakeGpu();
    let faulty = true;
    const loadLibrary = fakeLibrary(async () => {
      if (faulty) fake.report(error);
      return y;
    });
    const engine = await createWebGpuEngine({ gpu: fake.gpu, loadLibrary });
    const program = await engine.load(new Uint8Array());
    await expect(program.run(input)).rejects.toMatchObject({ code });
    faulty = false;
    await expect(program.run(input)).resolves.toMatchObject({ y: { data: Float32Array.of(5) } });
  });

  it('destroys its device in the end, which is no loss', async () => {
    const fake = fakeGpu();
    const engine = await createWebGpuEngine({ gpu: fake.gpu, loadLibrary: answers });
    await engine.load(new Uint8Array());
    await engine.dispose();
    expect(fake.destroyed()).toBe(true);
    await expect(engine.load(new Uint8Array())).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('engines of a browser', () => {
  it('prefers graphics', async () => {
    const webgpu = { gpu: fakeGpu().gpu, loadLibrary: answers };
    const { engine } = await createEngine('auto', { webgpu });
    expect(engine.name).toBe('webgpu');
  });

  it('does not offer the native engine', async () => {
    await expect(createEngine('cpu')).rejects.toMatchObject({
      code: 'backend-unavailable',
      hint: 'Choose one of: auto, webgpu, wasm.',
    });
  });
});
