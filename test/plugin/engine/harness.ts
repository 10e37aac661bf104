/** A local engine over workers that live in this memory and do what a script says. */

import { EnlargerError } from '../../../core/errors.js';
import { type Channel, openChannel } from '../../../plugin/engine/channel.js';
import type { UpscaleRequest } from '../../../plugin/engine/engine-client.js';
import type { EngineParts, WorkerHandle } from '../../../plugin/engine/engine-parts.js';
import { createLocalEngine, type LocalEngineOptions } from '../../../plugin/engine/local-engine.js';
import { ENGINE_CALLS, NO_CALLS, PAGE_CALLS, PICTURE_CALLS } from '../../../plugin/engine/messages.js';

/** What the workers do, as the test wants it. */
export interface Script {
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
export const request: UpscaleRequest = {
  bytes: new Uint8Array(),
  target: { scale: 2 },
  seed: 0,
  maxSidePx: null,
  beyondLimit: 'clamp',
  formats: ['png'],
};

const cleanUp: (() => void)[] = [];

/** Closes everything that harnesses have opened. */
export function closeHarnesses(): void {
  for (const each of cleanUp.splice(0)) each();
}

/** Workers in this memory, and what became of them. */
export function harness(script: Script = {}, options: Partial<LocalEngineOptions> = {}) {
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
