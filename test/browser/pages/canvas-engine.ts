/**
 * An engine without a network, for tests of the panel: pictures are enlarged by the browser's canvas, in steps that can
 * be slow, and it can be told to fail. It keeps the contract: whole sizes, crops, cancelling, progress that never falls.
 */

import { EnlargerError } from '../../../core/errors.js';
import { targetSize } from '../../../core/pipeline/cascade.js';
import type {
  CallOptions,
  EngineClient,
  EngineFacts,
  UpscaleRequest,
  UpscaleResult,
} from '../../../plugin/engine/engine-client.js';
import { type CanvasGenerator, createCanvasGenerator, pause } from './canvas-generator.js';
import type { CanvasEngineOptions } from './panel-scenario.js';

const STEPS = 20;

export interface CanvasEngine extends EngineClient, Partial<CanvasGenerator> {
  /** Every request, in order. */
  readonly requests: readonly UpscaleRequest[];
}

export function createCanvasEngine(options: CanvasEngineOptions = {}): CanvasEngine {
  const requests: UpscaleRequest[] = [];
  const facts = (name: 'webgpu' | 'wasm'): EngineFacts => ({
    name,
    description: name === 'webgpu' ? 'WebGPU: Test adapter' : 'WebAssembly, 1 thread',
    reason: name === 'webgpu' ? 'It passed its self-check.' : 'This browser offers no WebGPU.',
    pixelsPerSecond: options.pixelsPerSecond ?? 4e6,
    operationsPerSecond: 2.5e10,
    slowdown: name === 'webgpu' ? null : { times: 36, than: 'laptop' },
    pack: {
      name: 'enlarger-1',
      title: 'Enlarger 1: photographs, drawings, text and screens',
      licence: 'MIT',
      defaultDetail: 0.3,
      trainedOn: [
        { name: 'gnome-backgrounds', licence: 'CC-BY-SA-3.0' },
        { name: 'openarena-081-textures', licence: 'GPL-2+' },
      ],
    },
    startMs: options.startMs ?? 40,
  });
  const engine: EngineClient & Pick<CanvasEngine, 'requests'> = {
    requests,
    async start(wanted = 'auto') {
      await pause(options.startMs ?? 0);
      if (options.broken?.includes(wanted))
        throw new EnlargerError(
          'backend-unavailable',
          'The graphics card gave wrong answers in the self-check.',
          'Use the processor instead.',
        );
      return facts(wanted === 'auto' ? (options.name ?? 'webgpu') : wanted);
    },
    async upscale(request, { signal, onProgress }: CallOptions = {}) {
      requests.push(request);
      const started = performance.now();
      const bitmap = await decode(request.bytes);
      const steps = request.crop ? 1 : STEPS;
      for (let step = 1; step <= steps; step++) {
        await pause(request.crop ? 0 : (options.stepMs ?? 0));
        if (signal?.aborted) throw new EnlargerError('cancelled', 'Cancelled.');
        onProgress?.({
          percent: (step / steps) * 100,
          stage: 1,
          stages: 1,
          tilesDone: step,
          tiles: steps,
          secondsLeft: step < 2 ? null : ((performance.now() - started) / 1000 / step) * (steps - step),
        });
      }
      return enlarge(bitmap, request, options.name ?? 'webgpu', performance.now() - started);
    },
    async dispose() {},
  };
  return options.generator ? Object.assign(createCanvasGenerator(options.generator), engine) : engine;
}

async function decode(bytes: Uint8Array): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(new Blob([bytes.slice().buffer]));
  } catch (cause) {
    throw new EnlargerError(
      'input-unreadable',
      'The picture cannot be read: its file is damaged.',
      'Put the picture into the layer again.',
      { cause },
    );
  }
}

async function enlarge(
  bitmap: ImageBitmap,
  request: UpscaleRequest,
  engine: 'webgpu' | 'wasm',
  milliseconds: number,
): Promise<UpscaleResult> {
  const asked = targetSize(bitmap, request.target);
  const limit = request.maxSidePx ?? Number.POSITIVE_INFINITY;
  const large = Math.max(asked.width, asked.height) > limit;
  const whole = large && request.beyondLimit === 'clamp' ? targetSize(bitmap, { longSide: limit }) : asked;
  const crop = request.crop ?? { x: 0, y: 0, width: bitmap.width, height: bitmap.height };
  const width = Math.round((crop.width * whole.width) / bitmap.width);
  const height = Math.round((crop.height * whole.height) / bitmap.height);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.filter = 'contrast(1.12) saturate(1.1)';
  context.drawImage(bitmap, crop.x, crop.y, crop.width, crop.height, 0, 0, width, height);
  const side = Math.min(limit, Math.max(width, height));
  const pieces: UpscaleResult['picture']['pieces'][number][] = [];
  for (let y = 0; y < height; y += side)
    for (let x = 0; x < width; x += side) {
      const [w, h] = [Math.min(side, width - x), Math.min(side, height - y)];
      const part = new OffscreenCanvas(w, h);
      part.getContext('2d')!.drawImage(canvas, -x, -y);
      const blob = await part.convertToBlob({ type: 'image/png' });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      pieces.push({ x, y, width: w, height: h, format: 'png', bytes });
    }
  return {
    picture: { width, height, pieces },
    inputWidth: bitmap.width,
    inputHeight: bitmap.height,
    seed: request.seed,
    detail: request.detail ?? 0.3,
    engine,
    stages: [{ factor: 4, width: whole.width, height: whole.height, milliseconds }],
    notices: large && request.beyondLimit === 'clamp' ? [`Made ${limit} px long, the editor's limit.`] : [],
  };
}
