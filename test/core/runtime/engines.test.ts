/** @jest-environment <rootDir>/test/core/runtime/wasm-environment.cjs */

import type { Engine } from '../../../core/runtime/engine.js';
import { float32 } from '../../../core/runtime/engine.js';
import { createCpuEngine } from '../../../core/runtime/node/cpu.js';
import { createEngine } from '../../../core/runtime/node/engines.js';
import { createWasmEngine } from '../../../core/runtime/wasm.js';
import { affineModel, boxModel, expandModel, passModel } from './models.js';

declare const requireOutside: (id: string) => unknown;
jest.mock('onnxruntime-web/wasm', () => requireOutside('onnxruntime-web/wasm'));

const engines: [string, () => Promise<Engine>][] = [
  ['cpu', () => createCpuEngine({ threads: 1 })],
  ['cpu without arena', () => createCpuEngine({ threads: 2, arena: false })],
  ['wasm', () => createWasmEngine()],
];

describe.each(engines)('%s', (_, create) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await create();
  });
  afterAll(() => engine.dispose());

  it('runs a model on any height and width', async () => {
    const program = await engine.load(boxModel());
    for (const [h, w] of [
      [1, 1],
      [3, 4],
      [5, 2],
    ]) {
      const { y } = await program.run({ x: float32([1, 1, h, w], new Float32Array(h * w).fill(1)) });
      expect(y.dims).toEqual([1, 1, h, w]);
      const expected = Array.from({ length: h * w }, (_value, i) => {
        const reach = (at: number, size: number) => 1 + Number(at > 0) + Number(at < size - 1);
        return reach(Math.floor(i / w), h) * reach(i % w, w);
      });
      expect([...(y.data as Float32Array)]).toEqual(expected);
    }
    await program.dispose();
  });

  it('carries float16 bit patterns, int32 and int64', async () => {
    const program = await engine.load(passModel());
    const { halfOut, shortOut, wholeOut } = await program.run({
      half: { type: 'float16', dims: [2], data: Uint16Array.of(0x3c00, 0x0001) },
      short: { type: 'int32', dims: [2], data: Int32Array.of(7, -(2 ** 30)) },
      whole: { type: 'int64', dims: [2], data: BigInt64Array.of(7n, -(2n ** 60n)) },
    });
    expect(halfOut).toEqual({ type: 'float16', dims: [2], data: Uint16Array.of(0xbc00, 0x8001) });
    expect(shortOut).toEqual({ type: 'int32', dims: [2], data: Int32Array.of(-7, 2 ** 30) });
    expect(wholeOut).toEqual({ type: 'int64', dims: [2], data: BigInt64Array.of(-7n, 2n ** 60n) });
    await program.dispose();
  });

  it('survives a model that it rejects', async () => {
    const [bad, good] = await Promise.allSettled([
      engine.load(Uint8Array.of(1, 2, 3)),
      engine.load(affineModel()),
    ]);
    expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'graph-invalid' } });
    expect(good.status).toBe('fulfilled');
    if (good.status === 'fulfilled') await good.value.dispose();
  });

  it('survives a run that fails, and keeps results apart when runs are asked for at once', async () => {
    const program = await engine.load(affineModel());
    const runs = await Promise.allSettled([
      program.run({ x: float32([1, 1, 1, 1], Float32Array.of(1)) }),
      program.run({ wrong: float32([1, 1, 1, 1], Float32Array.of(1)) }),
      program.run({ x: float32([1, 1, 1, 1], Float32Array.of(3)) }),
    ]);
    expect(runs[0]).toMatchObject({ status: 'fulfilled', value: { y: { data: Float32Array.of(3) } } });
    expect(runs[1]).toMatchObject({
      status: 'rejected',
      reason: { name: 'EnlargerError', code: 'internal' },
    });
    expect(runs[2]).toMatchObject({ status: 'fulfilled', value: { y: { data: Float32Array.of(7) } } });
    await program.dispose();
  });

  it('says so when memory ends, and works on afterwards', async () => {
    const program = await engine.load(expandModel());
    const shape = (a: bigint, b: bigint) => ({
      shape: { type: 'int64', dims: [2], data: BigInt64Array.of(a, b) } as const,
    });
    await expect(program.run(shape(2n ** 20n, 2n ** 20n))).rejects.toMatchObject({ code: 'out-of-memory' });
    const { y } = await program.run(shape(2n, 3n));
    expect(y.dims).toEqual([2, 3]);
    await program.dispose();
  });

  it('refuses a released program, and releasing twice is harmless', async () => {
    const program = await engine.load(affineModel());
    await program.dispose();
    await program.dispose();
    await expect(program.run({ x: float32([1, 1, 1, 1], Float32Array.of(1)) })).rejects.toMatchObject({
      code: 'internal',
    });
  });
});

describe('engines in Node', () => {
  it('auto is the native one and says why', async () => {
    const { engine, reason } = await createEngine('auto', { threads: 1 });
    expect(engine.name).toBe('cpu');
    expect(engine.description).toBe('CPU, 1 thread');
    expect(reason).toMatch(/^cpu was chosen/);
    await engine.dispose();
    await expect(engine.load(affineModel())).rejects.toMatchObject({ code: 'internal' });
  });

  it('gives cpu and wasm as asked', async () => {
    for (const name of ['cpu', 'wasm']) {
      const { engine } = await createEngine(name);
      expect(engine.name).toBe(name);
      await engine.dispose();
    }
  });

  it('names what is supported when asked for something else', async () => {
    await expect(createEngine('cuda')).rejects.toMatchObject({
      code: 'backend-unknown',
      message: expect.stringContaining('"cuda"'),
      hint: 'Choose one of: auto, cpu, wasm.',
    });
    await expect(createEngine('webgpu')).rejects.toMatchObject({ code: 'backend-unavailable' });
  });

  it('refuses thread counts that make no sense', async () => {
    for (const threads of [0, 1.5, -2]) {
      await expect(createCpuEngine({ threads })).rejects.toMatchObject({ code: 'option-invalid' });
      await expect(createWasmEngine({ threads })).rejects.toMatchObject({ code: 'option-invalid' });
    }
  });
});
