/** What a model worker does: it starts one engine and runs models on it for whoever holds its port. */

import { EnlargerError } from '../../../core/errors.js';
import type { Engine, HostTensor, Program } from '../../../core/runtime/engine.js';
import { oneAtATime } from '../../../core/runtime/one-at-a-time.js';
import { type Endpoint, type Handlers, openChannel, type Transfer, Transferring } from '../channel.js';
import { ENGINE_CALLS, MODEL_CALLS, NO_CALLS } from '../messages.js';
import { gunzip } from './gunzip.js';

export interface StartedEngine {
  readonly engine: Engine;
  /** Whether it only pretends to be a graphics card. */
  readonly software: boolean;
}

export type EngineStarter = (name: 'webgpu' | 'wasm', wasmBinary: ArrayBuffer) => Promise<StartedEngine>;

/**
 * Answers the page on `scope`.
 * @param start How engines are made; one worker only ever makes one.
 */
export function serveModels(scope: Endpoint, start: EngineStarter): void {
  let started = false;
  openChannel(scope, NO_CALLS, ENGINE_CALLS, {
    async start({ name, wasm, port }) {
      if (started) throw new EnlargerError('internal', 'This worker has an engine already.');
      started = true;
      const { engine, software } = await start(name, await gunzip(wasm));
      serveEngine(port, engine);
      return { description: engine.description, software };
    },
  });
}

/** Answers MODEL_CALLS on `port` with programs of `engine`. */
export function serveEngine(port: Endpoint, engine: Engine): void {
  // Stages of a cascade alternate rarely: what two would hold at once is better saved.
  const frugal = oneAtATime(engine);
  const programs = new Map<number, Program>();
  let next = 0;
  const handlers: Handlers<typeof MODEL_CALLS> = {
    async load(model) {
      programs.set(next, await frugal.load(model));
      return next++;
    },
    async run({ program, inputs }) {
      const found = programs.get(program);
      if (!found) throw new EnlargerError('internal', 'A model was run that is not there.');
      return handOver(await found.run(inputs));
    },
    async release(program) {
      await programs.get(program)?.dispose();
      programs.delete(program);
      return null;
    },
  };
  openChannel(port, NO_CALLS, MODEL_CALLS, handlers);
}

function handOver(outputs: Record<string, HostTensor>): Transferring<Record<string, HostTensor>> {
  const buffers: Transfer[] = [];
  for (const { data } of Object.values(outputs)) {
    // A view of the engine's own memory cannot be handed over; it is copied.
    const { buffer, byteLength } = data;
    if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffers.push(buffer);
  }
  return new Transferring(outputs, buffers);
}
