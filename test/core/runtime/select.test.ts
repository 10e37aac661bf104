import { EnlargerError } from '../../../core/errors.js';
import type { Engine, EngineName } from '../../../core/runtime/engine.js';
import { isOutOfMemory, loadError, runError } from '../../../core/runtime/ort-errors.js';
import { type EngineCandidate, selectEngine } from '../../../core/runtime/select.js';
import { SerialQueue } from '../../../core/runtime/serial-queue.js';

function works(name: EngineName): EngineCandidate {
  const engine: Engine = {
    name,
    description: name,
    load: () => Promise.reject(new Error('not part of this test')),
    dispose: () => Promise.resolve(),
  };
  return { name, create: () => Promise.resolve(engine) };
}

function fails(name: EngineName, error: unknown): EngineCandidate {
  return { name, create: () => Promise.reject(error) };
}

const noAdapter = new EnlargerError('backend-unavailable', 'No graphics adapter was offered.');

describe('selectEngine', () => {
  it('takes the first that works', async () => {
    const { engine, reason } = await selectEngine('auto', [works('webgpu'), works('wasm')]);
    expect(engine.name).toBe('webgpu');
    expect(reason).toBe('webgpu was chosen as the fastest engine here.');
  });

  it('says why an earlier one was passed over', async () => {
    const { engine, reason } = await selectEngine('auto', [fails('webgpu', noAdapter), works('wasm')]);
    expect(engine.name).toBe('wasm');
    expect(reason).toBe(
      'wasm was chosen because webgpu does not work here (No graphics adapter was offered).',
    );
  });

  it('never replaces an engine that was named', async () => {
    const candidates = [fails('webgpu', noAdapter), works('wasm')];
    await expect(selectEngine('webgpu', candidates)).rejects.toBe(noAdapter);
  });

  it('does not hide a bug behind the next engine', async () => {
    const bug = new TypeError('x is not a function');
    await expect(selectEngine('auto', [fails('webgpu', bug), works('wasm')])).rejects.toBe(bug);
  });

  it('explains when nothing works', async () => {
    await expect(selectEngine('auto', [fails('webgpu', noAdapter)])).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringContaining('No graphics adapter'),
    });
  });
});

describe('errors of the library', () => {
  it.each([
    'Non-zero status code returned while running Conv node. Failed to allocate memory for requested buffer of size 9',
    'std::bad_alloc',
    'bad allocation',
    'Aborted(OOM). Build with -sASSERTIONS for more info.',
    'Cannot enlarge memory, asked to go up to 4295032832 bytes',
    'Array buffer allocation failed',
    'Buffer size (5000000000) exceeds the max buffer size limit (4294967296).',
  ])('%s means out of memory', (message) => {
    expect(isOutOfMemory(new Error(message))).toBe(true);
    expect(loadError(new Error(message)).code).toBe('out-of-memory');
    expect(runError(new Error(message)).code).toBe('out-of-memory');
  });

  it('leaves other failures apart and keeps the cause', () => {
    const cause = new Error('Invalid rank for input: x Got: 1 Expected: 4');
    expect(runError(cause)).toMatchObject({ code: 'internal', cause });
    expect(loadError(cause)).toMatchObject({ code: 'graph-invalid', cause });
    expect(loadError(new Error('no available backend found. ERR: [wasm] x')).code).toBe(
      'backend-unavailable',
    );
    expect(runError(noAdapter)).toBe(noAdapter);
  });
});

describe('SerialQueue', () => {
  it('runs one task at a time, in order, past failures', async () => {
    const queue = new SerialQueue();
    const log: string[] = [];
    const task = (name: string, fail = false) =>
      queue.add(async () => {
        log.push(`${name} starts`);
        await Promise.resolve();
        log.push(`${name} ends`);
        if (fail) throw new Error(name);
        return name;
      });
    const results = await Promise.allSettled([task('a'), task('b', true), task('c')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(log).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
  });
});
