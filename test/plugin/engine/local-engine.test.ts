import { EnlargerError } from '../../../core/errors.js';
import { type Channel, openChannel } from '../../../plugin/engine/channel.js';
import type { UpscaleRequest } from '../../../plugin/engine/engine-client.js';
import type { EngineParts, WorkerHandle } from '../../../plugin/engine/engine-parts.js';
import { createLocalEngine, type LocalEngineOptions } from '../../../plugin/engine/local-engine.js';
import { ENGINE_CALLS, NO_CALLS, PAGE_CALLS, PICTURE_CALLS } from '../../../plugin/engine/messages.js';

/** What the workers do, as the test wants it. */
interface Script {
  /** How a started engine turns out, by how many there were before it. */
  readonly engine?: (name: 'webgpu' | 'wasm', before: number) => { software?: boolean; fails?: string };
  /** Whether what an engine computes is right. */
  readonly proof?: (name: 'webgpu' | 'wasm', before: number) => void;
  /** A job; `polite` resolves when the page asks it to stop. */
  readonly job?: (job: {
    stopped: Promise<void>;
    replace: (failure: 'lost' | 'memory') => Promise<unknown>;
  }) => Promise<string[]>;
}

const RESULT = {
  picture: { width: 2, height: 2, pieces: [] },
  inputWidth: 1,
  inputHeight: 1,
  seed: 0,
  detail: 0,
  stages: [{ factor: 2 as const, width: 2, height: 2, milliseconds: 1 }],
};
const request: UpscaleRequest = {
  bytes: new Uint8Array(),
  target: { scale: 2 },
  seed: 0,
  maxSidePx: null,
  beyondLimit: 'clamp',
  formats: ['png'],
};

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const each of cleanUp.splice(0)) each();
});

/** Workers in this memory, and what became of them. */
function harness(script: Script = {}, options: Partial<LocalEngineOptions> = {}) {
  const log: string[] = [];
  let models = 0;

  function worker(serve: (endpoint: never) => void, kind: string): WorkerHandle {
    const { port1, port2 } = new MessageChannel();
    cleanUp.push(() => (port1 as unknown as { close(): void }).close());
    log.push(`start ${kind}`);
    serve(port2 as never);
    return Object.assign(port1 as unknown as WorkerHandle, {
      terminate: () => {
        log.push(`end ${kind}`);
        (port1 as unknown as { close(): void }).close();
      },
    });
  }

  function pictures(endpoint: never): void {
    let running: 'webgpu' | 'wasm' = 'wasm';
    const page: Channel<typeof PAGE_CALLS> = openChannel(endpoint, PAGE_CALLS, PICTURE_CALLS, {
      open: async () => ({ name: 'p', title: 'P', licence: 'MIT', defaultDetail: 0.3, trainedOn: [] }),
      async attach({ name, port }) {
        (port as unknown as { close(): void }).close();
        running = name;
        script.proof?.(name, models - 1);
        return { pixelsPerSecond: 1000, operationsPerSecond: running === 'wasm' ? 2e10 : 1e12 };
      },
      detach: async () => null,
      async upscale(_request, { signal }) {
        const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        const replace = (failure: 'lost' | 'memory') =>
          page.call('replaceEngine', { failure, message: 'It broke.' });
        const notices = (await script.job?.({ stopped, replace })) ?? [];
        return { ...RESULT, engine: running, notices };
      },
    });
  }

  function model(endpoint: never): void {
    const before = models++;
    openChannel(endpoint, NO_CALLS, ENGINE_CALLS, {
      async start({ name, port }) {
        cleanUp.push(() => (port as unknown as { close(): void }).close());
        const { software = false, fails } = (await script.engine?.(name, before)) ?? {};
        if (fails) throw new EnlargerError('backend-unavailable', fails);
        return { description: name, software };
      },
    });
  }

  const parts: EngineParts = {
    startWorker: async (kind) => worker(kind === 'picture' ? pictures : model, kind),
    wasm: async () => new Blob(),
    packFiles: async () => [],
  };
  const engine = createLocalEngine({ parts, ...options });
  cleanUp.push(() => void engine.dispose());
  return { engine, log };
}

const stop = () => {
  throw new EnlargerError('cancelled', 'Stopped.');
};

describe('the engine of a page', () => {
  it('starts once, and says what runs and why', async () => {
    const { engine, log } = harness();
    const [first, second] = await Promise.all([engine.start(), engine.start()]);
    expect(first).toMatchObject({
      name: 'webgpu',
      reason: expect.stringMatching(/fastest/),
      pixelsPerSecond: 1000,
      slowdown: null,
    });
    expect(second).toEqual(first);
    expect(log).toEqual(['start picture', 'start model']);
  });

  it.each<[string, Script, RegExp]>([
    ['is not there', { engine: (name) => (name === 'webgpu' ? { fails: 'No WebGPU.' } : {}) }, /No WebGPU/],
    ['is software', { engine: (name) => ({ software: name === 'webgpu' }) }, /imitation/],
    [
      'computes wrongly',
      {
        proof(name) {
          if (name === 'webgpu') throw new EnlargerError('bad-picture', 'It computes wrongly.');
        },
      },
      /computes wrongly/,
    ],
  ])('takes the processor and says so when the graphics card %s', async (_, script, reason) => {
    const { engine, log } = harness(script);
    expect(await engine.start('auto')).toMatchObject({ name: 'wasm', reason: expect.stringMatching(reason) });
    expect(log).toEqual(['start picture', 'start model', 'end model', 'start model']);
  });

  it('never replaces an engine that was asked for', async () => {
    const { engine } = harness({ engine: (name) => (name === 'webgpu' ? { fails: 'No WebGPU.' } : {}) });
    await expect(engine.start('webgpu')).rejects.toMatchObject({ code: 'backend-unavailable' });
    expect(await engine.start('wasm')).toMatchObject({ name: 'wasm', reason: 'It was asked for.' });
  });

  it('compares a processor with the graphics card of this machine once that has been measured', async () => {
    const { engine } = harness();
    expect((await engine.start('wasm')).slowdown).toEqual({ times: 45, than: 'laptop' });
    expect((await engine.start('webgpu')).slowdown).toBeNull();
    expect((await engine.start('wasm')).slowdown).toEqual({ times: 50, than: 'own' });
  });

  it('compares with no imitation of a graphics card', async () => {
    const { engine } = harness({ engine: (name) => ({ software: name === 'webgpu' }) });
    expect((await engine.start('webgpu')).name).toBe('webgpu');
    expect((await engine.start('wasm')).slowdown).toMatchObject({ than: 'laptop' });
  });

  it('does not wait for ever for one that hangs', async () => {
    const hang = (name: string) => (name === 'webgpu' ? new Promise(() => undefined) : {}) as never;
    const { engine } = harness({ engine: hang }, { startTimeoutMs: 500 });
    expect(await engine.start()).toMatchObject({ name: 'wasm', reason: expect.stringMatching(/in time/) });
  });

  it('runs one job after the other, and lets those that wait leave at once', async () => {
    let running = 0;
    let most = 0;
    const { engine } = harness({
      async job() {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 20));
        running--;
        return [];
      },
    });
    const abort = new AbortController();
    const jobs = [
      engine.upscale(request),
      engine.upscale(request),
      engine.upscale(request, { signal: abort.signal }),
    ];
    abort.abort();
    await expect(jobs[2]).rejects.toMatchObject({ code: 'cancelled' });
    await expect(Promise.all(jobs.slice(0, 2))).resolves.toHaveLength(2);
    expect(most).toBe(1);
  });

  it('keeps its workers when a job stops politely', async () => {
    const { engine, log } = harness({ job: async ({ stopped }) => stopped.then(stop) });
    await engine.start();
    const abort = new AbortController();
    const job = engine.upscale(request, { signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await expect(job).rejects.toMatchObject({ code: 'cancelled' });
    expect(log).toEqual(['start picture', 'start model']);
  });

  it('ends the workers of a job that does not, and has others ready', async () => {
    const never = new Promise<never>(() => undefined);
    let jobs = 0;
    const { engine, log } = harness(
      { job: () => (jobs++ === 0 ? never : Promise.resolve([])) },
      { politeMs: 20 },
    );
    await engine.start();
    const abort = new AbortController();
    const job = engine.upscale(request, { signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await expect(job).rejects.toMatchObject({ code: 'cancelled' });
    expect(log.slice(2)).toEqual(['end model', 'end picture', 'start picture']);
    await expect(engine.upscale(request)).resolves.toMatchObject({ engine: 'webgpu' });
    expect(log.filter((line) => line === 'start model')).toHaveLength(2);
  });

  it('replaces a lost device once, then goes on with the processor, and tells the user', async () => {
    const { engine, log } = harness({
      async job({ replace }) {
        await replace('lost');
        await replace('lost');
        return [];
      },
    });
    expect(await engine.start()).toMatchObject({ name: 'webgpu' });
    const { notices, engine: ended } = await engine.upscale(request);
    expect(ended).toBe('wasm');
    expect(notices).toEqual([
      expect.stringMatching(/graphics card stopped in the middle/),
      expect.stringMatching(/given up.*processor/),
    ]);
    expect(await engine.start()).toMatchObject({
      name: 'wasm',
      reason: expect.stringMatching(/not used any more/),
    });
    expect(log.filter((line) => line === 'start model')).toHaveLength(3);
  });

  it('gives up with a sentence when the processor fails again and again', async () => {
    const { engine } = harness({
      async job({ replace }) {
        for (let i = 0; i < 20; i++) await replace('memory');
        return [];
      },
    });
    await engine.start('wasm');
    await expect(engine.upscale(request)).rejects.toMatchObject({
      code: 'out-of-memory',
      hint: expect.stringMatching(/Close other programs/),
    });
  });

  it('ends idle workers and comes back', async () => {
    const { engine, log } = harness({}, { idleMs: 20 });
    await engine.start();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(log).toEqual(['start picture', 'start model', 'end model', 'end picture']);
    await expect(engine.upscale(request)).resolves.toMatchObject({ engine: 'webgpu' });
  });
});
