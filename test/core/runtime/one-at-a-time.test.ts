import { EnlargerError } from '../../../core/errors.js';
import { type Engine, float32 } from '../../../core/runtime/engine.js';
import { oneAtATime } from '../../../core/runtime/one-at-a-time.js';

/** An engine that writes down what happens to it; a model's one byte is its name. */
function recorder() {
  const log: string[] = [];
  const engine: Engine = {
    name: 'cpu',
    description: 'recorder',
    async load(model) {
      const name = String.fromCharCode(model[0]);
      log.push(`load ${name}`);
      if (name === 'x') throw new EnlargerError('graph-invalid', 'No model.');
      return {
        async run(inputs) {
          await Promise.resolve();
          log.push(`run ${name}`);
          return inputs;
        },
        async dispose() {
          log.push(`free ${name}`);
        },
      };
    },
    async dispose() {
      log.push('end');
    },
  };
  return { log, engine: oneAtATime(engine) };
}

const model = (name: string) => Uint8Array.of(name.charCodeAt(0));
const inputs = { x: float32([1], Float32Array.of(7)) };

describe('oneAtATime', () => {
  it('keeps one program compiled and gives each its own results', async () => {
    const { log, engine } = recorder();
    const a = await engine.load(model('a'));
    const b = await engine.load(model('b'));
    expect(await b.run(inputs)).toBe(inputs);
    await b.run(inputs);
    await a.run(inputs);
    await a.run(inputs);
    await engine.dispose();
    expect(log).toEqual([
      ...[
        'load a',
        'free a',
        'load b',
        'run b',
        'run b',
        'free b',
        'load a',
        'run a',
        'run a',
        'free a',
        'end',
      ],
    ]);
  });

  it('never lets turns overlap', async () => {
    const { log, engine } = recorder();
    const [a, b] = await Promise.all([engine.load(model('a')), engine.load(model('b'))]);
    await Promise.all([a.run(inputs), b.run(inputs), a.run(inputs)]);
    const turns = log.slice(3).join(', ');
    expect(turns).toBe('free b, load a, run a, free a, load b, run b, free b, load a, run a');
  });

  it('tells programs of the same bytes apart', async () => {
    const { log, engine } = recorder();
    const bytes = model('a');
    const first = await engine.load(bytes);
    const second = await engine.load(bytes);
    await first.dispose();
    await expect(first.run(inputs)).rejects.toMatchObject({ code: 'internal' });
    await second.run(inputs);
    await second.dispose();
    expect(log).toEqual(['load a', 'free a', 'load a', 'run a', 'free a']);
  });

  it('goes on after a model that the engine rejects', async () => {
    const { log, engine } = recorder();
    const a = await engine.load(model('a'));
    await expect(engine.load(model('x'))).rejects.toMatchObject({ code: 'graph-invalid' });
    await a.run(inputs);
    expect(log).toEqual(['load a', 'free a', 'load x', 'load a', 'run a']);
  });
});
