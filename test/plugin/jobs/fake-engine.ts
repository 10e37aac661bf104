/** An engine that makes flat pictures of the right size, step by step, and fails where it is told to. */

import { EnlargerError } from '../../../core/errors.js';
import { planCascade } from '../../../core/pipeline/cascade.js';
import type { EngineClient, UpscaleRequest, UpscaleResult } from '../../../plugin/engine/engine-client.js';

export interface FakeEngineOptions {
  /** Size of a picture by its bytes; the first two bytes are width and height unless told otherwise. */
  readonly size?: (bytes: Uint8Array) => { width: number; height: number };
  /** Runs before each tile: throw to fail, wait to take time. */
  readonly beforeTile?: (bytes: Uint8Array, tile: number) => void | Promise<void>;
  readonly tiles?: number;
  /** Does not listen to the signal. */
  readonly deaf?: boolean;
}

export interface FakeEngine extends EngineClient {
  readonly requests: readonly UpscaleRequest[];
}

export function fakeEngine({
  size,
  beforeTile,
  tiles = 4,
  deaf = false,
}: FakeEngineOptions = {}): FakeEngine {
  const requests: UpscaleRequest[] = [];
  return {
    requests,
    async start() {
      return {
        name: 'wasm',
        description: 'WebAssembly, 1 thread',
        reason: 'It is a fake.',
        pixelsPerSecond: 1e6,
        operationsPerSecond: 1.4e11,
        slowdown: null,
        pack: { name: 'fake', title: 'Fake', licence: 'MIT', defaultDetail: 0, trainedOn: [] },
        startMs: 1,
      };
    },
    async upscale(request, options = {}): Promise<UpscaleResult> {
      requests.push(request);
      const { bytes, target, seed, detail = 0, formats } = request;
      const input = size ? size(bytes) : { width: bytes[0], height: bytes[1] };
      const { width, height } = planCascade(input, target, [2, 4]);
      for (let tile = 0; tile < tiles; tile++) {
        await beforeTile?.(bytes, tile);
        await Promise.resolve();
        if (options.signal?.aborted && !deaf) throw new EnlargerError('cancelled', 'It was stopped.');
        const percent = ((tile + 1) / tiles) * 100;
        const secondsLeft = tile < 1 ? null : 1;
        options.onProgress?.({ percent, stage: 1, stages: 1, tilesDone: tile + 1, tiles, secondsLeft });
      }
      const piece = { bytes: Uint8Array.of(99, ...bytes), format: formats[0], x: 0, y: 0, width, height };
      return {
        picture: { width, height, pieces: [piece] },
        inputWidth: input.width,
        inputHeight: input.height,
        seed,
        detail,
        engine: 'wasm',
        stages: [],
        notices: [],
      };
    },
    async dispose() {},
  };
}

/** A picture file that the fake engine can read: its size and a mark that makes it different from others. */
export function fakePicture(width: number, height: number, mark = 0) {
  return { bytes: Uint8Array.of(width, height, mark), format: 'png' as const, width, height };
}
