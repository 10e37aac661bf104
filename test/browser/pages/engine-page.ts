/** The page of engine.test.ts: the engine as a plugin's page has it, with levers. Speaks JSON to the test. */

import { toEnlargerError } from '../../../core/errors.js';
import type { EngineChoiceName, EngineClient } from '../../../plugin/engine/engine-client.js';
import type { WorkerHandle } from '../../../plugin/engine/engine-parts.js';
import { inlinedParts } from '../../../plugin/engine/inlined-parts.js';
import { createLocalEngine } from '../../../plugin/engine/local-engine.js';
import type { EngineTest, Outcome, PageOptions, PageRequest } from './engine-page-calls.js';

const inlined = inlinedParts(document);
let engine: EngineClient | undefined;
let models = 0;
let pictures = 0;

async function open({ faults = [{}], plainWasm = false, settings = {} }: PageOptions): Promise<void> {
  await engine?.dispose();
  models = 0;
  pictures = 0;
  const parts = {
    ...inlined,
    wasm: (name: 'webgpu' | 'wasm') => inlined.wasm(plainWasm ? 'wasm' : name),
    async startWorker(kind: 'picture' | 'model'): Promise<WorkerHandle> {
      const worker = await inlined.startWorker(kind);
      if (kind === 'picture') pictures++;
      else worker.postMessage({ faults: faults[Math.min(models++, faults.length - 1)] }, []);
      return worker;
    },
  };
  engine = createLocalEngine({ parts, ...settings });
}

function opened(): EngineClient {
  if (!engine) throw new Error('The test has opened no engine.');
  return engine;
}

async function outcome<T>(task: () => Promise<T>): Promise<Outcome<T>> {
  const started = performance.now();
  try {
    return { value: await task(), ms: performance.now() - started };
  } catch (error) {
    const { code, message, hint } = toEnlargerError(error);
    return { error: { code, message, hint }, ms: performance.now() - started };
  }
}

function upscale({ picture, cancelMs, cancelAfter, ...request }: PageRequest) {
  const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
  const abort = new AbortController();
  let cancelled: number | undefined;
  const cancelLater = () =>
    setTimeout(() => {
      cancelled = performance.now();
      abort.abort();
    }, cancelMs);
  const progress: number[] = [];
  return outcome(async () => {
    if (cancelMs !== undefined && cancelAfter === 'begin') cancelLater();
    try {
      const result = await opened().upscale(
        { ...request, bytes },
        {
          signal: abort.signal,
          onProgress({ percent, tilesDone }) {
            progress.push(percent);
            if (cancelMs !== undefined && cancelAfter === 'first-tile' && tilesDone === 1) cancelLater();
          },
        },
      );
      const pieces = result.picture.pieces.map((piece) => ({ ...piece, bytes: base64(piece.bytes) }));
      return { ...result, picture: { ...result.picture, pieces }, progress };
    } finally {
      if (cancelled !== undefined) stopMs = performance.now() - cancelled;
    }
  });
}

/** From the signal to the end of the last cancelled job. */
let stopMs = 0;

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}

const engineTest: EngineTest = {
  open,
  start: (wanted?: EngineChoiceName) => outcome(() => opened().start(wanted)),
  upscale,
  /** One after the other, of which only the number is told. */
  async repeat(request: PageRequest, times: number) {
    for (let i = 0; i < times; i++) await upscale(request);
  },
  dispose: () => opened().dispose(),
  state: async () => ({ models, pictures, stopMs, origin: self.origin, secure: isSecureContext }),
};
Object.assign(globalThis, { engineTest });
