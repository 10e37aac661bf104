import { EnlargerError } from '../../../core/errors.js';
import { closeHarnesses, harness, request, type Script } from './harness.js';

afterEach(closeHarnesses);

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

  it('gives up a start that nobody waits for any more, and ends its workers', async () => {
    const hang = (name: string) => (name === 'webgpu' ? new Promise(() => undefined) : {}) as never;
    const { engine, log } = harness({ engine: hang });
    const first = engine.start('auto');
    first.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await engine.start('wasm')).toMatchObject({ name: 'wasm' });
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    const workers = ['start picture', 'start model'];
    expect(log.slice(0, 2)).toEqual(workers);
    expect(new Set(log.filter((line) => line.startsWith('end')))).toEqual(
      new Set(['end model', 'end picture']),
    );
    expect(log.filter((line) => line.startsWith('start'))).toEqual([...workers, ...workers]);
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

  it('gives a job as long to stop as its caller says', async () => {
    const slow = async ({ stopped }: { stopped: Promise<void> }) => {
      await stopped;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return stop();
    };
    const { engine, log } = harness({ job: slow }, { politeMs: 5 });
    const abort = new AbortController();
    const job = engine.upscale(request, { signal: abort.signal, politeMs: 5000 });
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
