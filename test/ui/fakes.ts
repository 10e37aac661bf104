/** An engine that gives one byte for a picture, at once or when it is told to, and small pictures for documents. */

import { EnlargerError } from '../../core/errors.js';
import { targetSize } from '../../core/pipeline/cascade.js';
import type {
  CallOptions,
  EngineClient,
  EngineFacts,
  UpscaleRequest,
  UpscaleResult,
} from '../../plugin/engine/engine-client.js';
import type { LayerInput } from '../../plugin/hosts/fixture/index.js';

export const FACTS: EngineFacts = {
  name: 'webgpu',
  description: 'WebGPU: Test adapter',
  reason: 'It passed its self-check.',
  pixelsPerSecond: 1e6,
  pack: {
    name: 'enlarger-1',
    title: 'Enlarger 1',
    licence: 'MIT',
    defaultDetail: 0.4,
    trainedOn: [],
  },
  startMs: 12,
};

/** Pictures of the tests: nothing decodes them. */
export const SIDE = { width: 100, height: 50 };

export function pictureLayer(id: string, name = id): LayerInput {
  const bytes = new TextEncoder().encode(id);
  return { id, name, pictures: [{ bytes, format: 'png', ...SIDE }] };
}

export interface FakeEngine extends EngineClient {
  readonly requests: UpscaleRequest[];
  /** While set, results wait for `release`. */
  hold: boolean;
  release(): void;
  facts: EngineFacts;
  /** Thrown by the next start or upscale. */
  failure: EnlargerError | null;
}

export function createFakeEngine(): FakeEngine {
  let waiting: (() => void)[] = [];
  const engine: FakeEngine = {
    requests: [],
    hold: false,
    facts: FACTS,
    failure: null,
    release() {
      engine.hold = false;
      for (const go of waiting) go();
      waiting = [];
    },
    async start() {
      if (engine.failure) throw engine.failure;
      return engine.facts;
    },
    async upscale(request: UpscaleRequest, { signal, onProgress }: CallOptions = {}) {
      engine.requests.push(request);
      if (engine.hold)
        await new Promise<void>((go, reject) => {
          waiting.push(go);
          signal?.addEventListener('abort', () => reject(new EnlargerError('cancelled', 'Cancelled.')));
        });
      if (engine.failure) throw engine.failure;
      onProgress?.({ percent: 100, stage: 1, stages: 1, tilesDone: 1, tiles: 1, secondsLeft: 0 });
      return resultOf(request);
    },
    async dispose() {},
  };
  return engine;
}

export function resultOf(request: UpscaleRequest): UpscaleResult {
  const { width, height } = targetSize(request.crop ?? SIDE, request.crop ? { scale: 2 } : request.target);
  const bytes = new Uint8Array([1]);
  return {
    picture: { width, height, pieces: [{ x: 0, y: 0, width, height, format: 'png', bytes }] },
    inputWidth: SIDE.width,
    inputHeight: SIDE.height,
    seed: request.seed,
    detail: request.detail ?? 0.4,
    engine: 'webgpu',
    stages: [{ factor: 2, width, height, milliseconds: 500 }],
    notices: [],
  };
}

/** Resolves when the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`Never came true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
