/** An engine that gives one byte for a picture, at once or when it is told to, and small pictures for documents; one that generates, too. */

import { EnlargerError } from '../../core/errors.js';
import { targetSize } from '../../core/pipeline/cascade.js';
import type {
  CallOptions,
  EngineClient,
  EngineFacts,
  UpscaleRequest,
  UpscaleResult,
} from '../../plugin/engine/engine-client.js';
import type {
  EnlargeCandidateRequest,
  GeneratedPng,
  GenerateRequest,
  GeneratorClient,
  GeneratorInfo,
} from '../../plugin/engine/generator-client.js';
import type { LayerInput } from '../../plugin/hosts/fixture/index.js';

export const FACTS: EngineFacts = {
  name: 'webgpu',
  description: 'WebGPU: Test adapter',
  reason: 'It passed its self-check.',
  pixelsPerSecond: 1e6,
  operationsPerSecond: 1.4e11,
  slowdown: null,
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

export const GENERATOR: GeneratorInfo = {
  name: 'icons-1',
  title: 'Icons 1',
  licence: 'MIT',
  width: 128,
  height: 128,
  transparent: true,
  steps: null,
  guidance: { default: 3, max: 8 },
  maxPromptLength: 60,
  trainedOn: [],
};

/** As `FakeEngine`, for candidates and their enlarging. */
export interface FakeGenerator extends FakeEngine, GeneratorClient {
  readonly asked: GenerateRequest[];
  readonly enlarged: EnlargeCandidateRequest[];
  info: GeneratorInfo | null;
  /** While set, candidates wait for `goOn`, and so does the last stage of what is enlarged. */
  held: boolean;
  goOn(): void;
  /** Thrown by candidates from this one on, and by enlarging. */
  refusal: { readonly from: number; readonly error: EnlargerError } | null;
}

/** A picture of the tests that says which one it is. */
export function png(text: string, side: number): GeneratedPng {
  return { bytes: new TextEncoder().encode(text), format: 'png', width: side, height: side };
}

export function createFakeGenerator(): FakeGenerator {
  let waiting: (() => void)[] = [];
  const wait = (signal: AbortSignal | undefined) =>
    new Promise<void>((go, reject) => {
      const stop = () => reject(new EnlargerError('cancelled', 'Cancelled.'));
      if (signal?.aborted) stop();
      signal?.addEventListener('abort', stop);
      if (generator.held) waiting.push(go);
      else go();
    });
  const generator: FakeGenerator = {
    ...createFakeEngine(),
    asked: [],
    enlarged: [],
    info: GENERATOR,
    held: false,
    refusal: null,
    goOn() {
      generator.held = false;
      for (const go of waiting) go();
      waiting = [];
    },
    async generator() {
      return generator.info;
    },
    async generate(request, { signal, onProgress } = {}) {
      generator.asked.push(request);
      onProgress?.({ percent: 50, step: 1, steps: 2, secondsLeft: null });
      await wait(signal);
      const { refusal } = generator;
      if (refusal && request.index >= refusal.from) throw refusal.error;
      const candidateSeed = request.seed + request.index;
      return { ...request, candidateSeed, picture: png(`${request.prompt} ${candidateSeed}`, 128) };
    },
    async enlargeCandidate(request, { signal, onProgress, onStage } = {}) {
      generator.enlarged.push(request);
      const { size } = request;
      const stagePictures = [png('candidate', 128), png('first', 512), png('last', 2048)];
      for (const picture of stagePictures.slice(0, 2)) onStage?.(picture);
      onProgress?.({ percent: 60, stage: 2, stages: 2, tilesDone: 6, tiles: 10, secondsLeft: 4 });
      await wait(signal);
      if (generator.refusal) throw generator.refusal.error;
      onStage?.(stagePictures[2]);
      return {
        picture: {
          width: size,
          height: size,
          pieces: [{ x: 0, y: 0, width: size, height: size, format: 'png', bytes: new Uint8Array([7]) }],
        },
        inputWidth: 128,
        inputHeight: 128,
        seed: 0,
        detail: request.detail ?? 0.4,
        engine: 'webgpu',
        stages: [{ factor: 4, width: size, height: size, milliseconds: 2000 }],
        notices: [],
        stagePictures,
      };
    },
  };
  return generator;
}

/** Resolves when the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`Never came true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
