/**
 * An engine whose programs take turns: only the one that ran last is compiled and holds memory. A cascade with
 * two kinds of stages then needs the memory of the larger one, not of both; compiling again when they alternate
 * costs little, as each works for many tiles before the other has its turn. Owns the wrapped engine.
 */

import { EnlargerError } from '../errors.js';
import type { Engine, Program } from './engine.js';
import { SerialQueue } from './serial-queue.js';

interface Awake {
  readonly model: Uint8Array;
  readonly program: Program;
}

/**
 * @param engine The engine to wrap. The bytes of its models are kept until their programs are disposed, and must
 *   not be changed.
 */
export function oneAtATime(engine: Engine): Engine {
  // Waking, running and letting go must not be torn apart by another program's turn.
  const queue = new SerialQueue();
  let awake: Awake | undefined;

  async function sleep(): Promise<void> {
    const last = awake;
    awake = undefined;
    await last?.program.dispose();
  }

  async function wake(model: Uint8Array): Promise<Program> {
    if (awake?.model !== model) {
      await sleep();
      awake = { model, program: await engine.load(model) };
    }
    return awake.program;
  }

  return {
    name: engine.name,
    description: engine.description,
    async load(bytes) {
      // A view of its own tells apart programs that share their bytes.
      const model = bytes.subarray();
      await queue.add(() => wake(model));
      let released = false;
      return {
        run: (inputs) =>
          queue.add(async () => {
            if (released) throw new EnlargerError('internal', 'A model was run after it was released.');
            return (await wake(model)).run(inputs);
          }),
        dispose: () =>
          queue.add(async () => {
            released = true;
            if (awake?.model === model) await sleep();
          }),
      };
    },
    dispose: () =>
      queue.add(async () => {
        await sleep();
        await engine.dispose();
      }),
  };
}
