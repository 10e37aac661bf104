import { EnlargerError } from '../../../core/errors.js';
import { type Engine, float32 } from '../../../core/runtime/engine.js';
import type { Endpoint } from '../../../plugin/engine/channel.js';
import { serveEngine } from '../../../plugin/engine/worker/model-service.js';
import { type EngineFailure, RemoteEngine } from '../../../plugin/engine/worker/remote-engine.js';

const input = { x: float32([1], Float32Array.of(3)) };
const model = Uint8Array.of(1, 2, 3);

const ports: { close(): void }[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** A model worker in this memory; `run` is what its programs do. */
function worker(run: (value: number) => Promise<number>, loaded: Uint8Array[] = []): Endpoint {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1 as never, port2 as never);
  const engine: Engine = {
    name: 'wasm',
    description: 'test',
    async load(bytes) {
      loaded.push(bytes);
      return {
        run: async ({ x }) => ({ y: float32([1], Float32Array.of(await run(Number(x.data[0])))) }),
        dispose: async () => undefined,
      };
    },
    dispose: async () => undefined,
  };
  serveEngine(port2 as unknown as Endpoint, engine);
  return port1 as unknown as Endpoint;
}

const double = async (value: number) => value * 2;
const attach = (engine: RemoteEngine, port: Endpoint) =>
  engine.attach(port, 'wasm', 'test', async () => undefined);

describe('an engine in a worker', () => {
  it('runs models there', async () => {
    const engine = new RemoteEngine(async () => undefined);
    await attach(engine, worker(double));
    expect([engine.name, engine.description]).toEqual(['wasm', 'test']);
    const program = await engine.load(model);
    expect((await program.run(input)).y.data).toEqual(Float32Array.of(6));
    expect((await program.run(input)).y.data).toEqual(Float32Array.of(6));
    await program.dispose();
    await expect(program.run(input)).rejects.toMatchObject({ code: 'internal' });
    await engine.dispose();
  });

  it.each([
    ['out-of-memory', 'memory', 'out-of-memory'],
    ['backend-unavailable', 'lost', 'engine-lost'],
    ['internal', 'lost', 'engine-lost'],
  ] as const)(
    'after %s asks for another worker, tells the pipeline, and goes on there',
    async (code, failure, told) => {
      const failures: EngineFailure[] = [];
      const loaded: Uint8Array[] = [];
      const engine = new RemoteEngine(async (each) => {
        failures.push(each);
        await attach(engine, worker(double, loaded));
      });
      await attach(
        engine,
        worker(async () => {
          throw new EnlargerError(code, 'It broke.');
        }),
      );
      const program = await engine.load(model);
      await expect(program.run(input)).rejects.toMatchObject({ code: told });
      expect(failures).toEqual([{ failure, message: 'It broke.' }]);
      expect((await program.run(input)).y.data).toEqual(Float32Array.of(6));
      expect(loaded).toEqual([model]);
      await engine.dispose();
    },
  );

  it('asks for another worker when one ends in the middle of a run', async () => {
    const engine = new RemoteEngine(() => attach(engine, worker(double)));
    await attach(
      engine,
      worker(() => new Promise(() => undefined)),
    );
    const program = await engine.load(model);
    const run = program.run(input);
    setTimeout(() => engine.detach(new EnlargerError('engine-lost', 'The engine ended unexpectedly.')), 5);
    await expect(run).rejects.toMatchObject({ code: 'engine-lost' });
    expect((await program.run(input)).y.data).toEqual(Float32Array.of(6));
    await engine.dispose();
  });

  it('does not, when the job was stopped or the worker is still on trial', async () => {
    const replace = jest.fn(async () => undefined);
    const engine = new RemoteEngine(replace);
    await attach(
      engine,
      worker(() => new Promise(() => undefined)),
    );
    const run = (await engine.load(model)).run(input);
    setTimeout(() => engine.detach(new EnlargerError('cancelled', 'Stopped.')), 5);
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    const broken = worker(async () => {
      throw new EnlargerError('backend-unavailable', 'The device was lost.');
    });
    const trial = engine.attach(broken, 'wasm', 'test', async () => (await engine.load(model)).run(input));
    await expect(trial).rejects.toMatchObject({ code: 'backend-unavailable' });
    expect(replace).not.toHaveBeenCalled();
    await engine.dispose();
  });

  it('gives up with the reason when there is no other worker', async () => {
    const engine = new RemoteEngine(async () => {
      throw new EnlargerError('internal', 'The engine stopped again and again.');
    });
    await attach(
      engine,
      worker(async () => {
        throw new EnlargerError('backend-unavailable', 'It broke.');
      }),
    );
    const program = await engine.load(model);
    await expect(program.run(input)).rejects.toMatchObject({
      message: expect.stringMatching(/again and again/),
    });
    await engine.dispose();
  });
});
