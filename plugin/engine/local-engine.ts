/**
 * The engine on this machine, as panel and jobs use it: one job at a time, each of which can be stopped within a
 * second. Owns the session and its workers; idle ones are ended and come back when they are needed.
 */

import { EnlargerError } from '../../core/errors.js';
import { SerialQueue } from '../../core/runtime/serial-queue.js';
import type { CallOptions, EngineChoiceName, EngineClient, EngineFacts } from './engine-client.js';
import type { EngineParts } from './engine-parts.js';
import { EngineSession, type MachineFacts } from './engine-session.js';
import type { EnlargeNote } from './generate-messages.js';
import type { GeneratorClient } from './generator-client.js';

export interface LocalEngineOptions {
  readonly parts: EngineParts;
  /** How long a cancelled job may take to stop by itself before its workers are ended; default 600. */
  readonly politeMs?: number;
  /** Workers without work are ended after this time, which gives their memory back; default five minutes. */
  readonly idleMs?: number;
  /** An engine that has not proved itself by then counts as broken; default two minutes. */
  readonly startTimeoutMs?: number;
}

/** How a call can be stopped. */
type Stopping = Pick<CallOptions, 'signal' | 'politeMs'>;

/** An engine over workers that are started when they are first needed. */
export function createLocalEngine(options: LocalEngineOptions): EngineClient & GeneratorClient {
  const { parts, politeMs: defaultPoliteMs = 600, idleMs = 300_000, startTimeoutMs = 120_000 } = options;
  const queue = new SerialQueue();
  const machine: MachineFacts = { gpuOperationsPerSecond: null };
  let wanted: EngineChoiceName = 'auto';
  let session: Promise<EngineSession> | undefined;
  let current: EngineSession | undefined;
  let starting: AbortController | undefined;
  let idleTimer: ReturnType<typeof setTimeout> | undefined;
  let working = false;
  let disposed = false;

  /** The session in use, or a new one. */
  function open(): Promise<EngineSession> {
    if (disposed) return Promise.reject(new EnlargerError('internal', 'The engine was closed.'));
    if (current && !current.alive) drop();
    if (!session) {
      const ending = new AbortController();
      starting = ending;
      const opening = EngineSession.open(parts, wanted, startTimeoutMs, machine, ending.signal);
      session = opening;
      opening.then(
        (opened) => {
          if (session === opening) current = opened;
          else opened.close();
        },
        () => {
          if (session === opening) session = undefined;
        },
      );
    }
    return session;
  }

  function drop(): void {
    starting?.abort();
    current?.close();
    current = undefined;
    session = undefined;
  }

  /** Ends the workers later, unless there is work until then. */
  function rest(): void {
    clearTimeout(idleTimer);
    if (!disposed && !working) idleTimer = setTimeout(drop, idleMs);
  }

  /** Does one job, alone, and sees to it that it can be stopped. */
  async function run<T>(
    { signal, politeMs = defaultPoliteMs }: Stopping,
    task: (session: EngineSession) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted) throw cancelled();
    working = true;
    clearTimeout(idleTimer);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stop: () => void = () => undefined;
    const stopped = new Promise<never>((_, reject) => {
      stop = () => reject(cancelled());
    });
    stopped.catch(() => undefined);
    let used: EngineSession | undefined;
    const abort = () => {
      // An engine that is only starting is not this job's: it goes on, for the next one.
      if (!used) return stop();
      timer = setTimeout(() => {
        drop();
        stop();
      }, politeMs);
    };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      used = await Promise.race([open(), stopped]);
      if (signal?.aborted) throw cancelled();
      return await Promise.race([task(used), stopped]);
    } finally {
      signal?.removeEventListener('abort', abort);
      clearTimeout(timer);
      working = false;
      rest();
      // After a hard stop the next job should not have to wait for new workers.
      if (!disposed && used && !used.alive) void open().catch(() => undefined);
    }
  }

  function inTurn<T>(options: Stopping, task: (session: EngineSession) => Promise<T>): Promise<T> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      // A job that waits for its turn is cancelled at once.
      const leave = () => reject(cancelled());
      signal?.addEventListener('abort', leave, { once: true });
      const turn = () => {
        signal?.removeEventListener('abort', leave);
        return run(options, task);
      };
      queue.add(turn).then(resolve, reject);
    });
  }

  return {
    async start(choice = wanted): Promise<EngineFacts> {
      if (choice !== wanted) {
        await queue.add(async () => {
          drop();
          wanted = choice;
        });
      }
      const { facts } = await open();
      rest();
      return facts;
    },

    upscale(request, options = {}) {
      const { signal, onProgress } = options;
      return inTurn(options, (working) => working.upscale(request, { signal, onNote: onProgress }));
    },

    async generator() {
      return (await open()).generator();
    },

    generate(request, options = {}) {
      const { signal, onProgress } = options;
      return inTurn(options, (working) => working.generate(request, { signal, onNote: onProgress }));
    },

    enlargeCandidate(request, options = {}) {
      const { signal, onProgress, onStage } = options;
      const onNote = (note: EnlargeNote) =>
        'stagePicture' in note ? onStage?.(note.stagePicture) : onProgress?.(note);
      return inTurn(options, (working) => working.enlargeCandidate(request, { signal, onNote }));
    },

    async dispose() {
      disposed = true;
      clearTimeout(idleTimer);
      drop();
    },
  };
}

function cancelled(): EnlargerError {
  return new EnlargerError('cancelled', 'The job was stopped before it was done.');
}
