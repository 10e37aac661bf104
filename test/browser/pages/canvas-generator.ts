/**
 * A generator without a network, for tests of the panel: discs with a leaf in colours that the seed decides, on nothing.
 * It keeps the contract: candidates that can be had again, stages as they are made, cancelling.
 */

import { EnlargerError } from '../../../core/errors.js';
import type {
  GeneratedPng,
  GenerateRequest,
  GeneratorClient,
} from '../../../plugin/engine/generator-client.js';
import type { CanvasGeneratorOptions } from './panel-scenario.js';

const SIDE = 128;
const STEPS = 4;

export interface CanvasGenerator extends GeneratorClient {
  /** Set by a test: nothing fails any more. */
  repaired: boolean;
}

export function createCanvasGenerator(options: CanvasGeneratorOptions): CanvasGenerator {
  const generator: CanvasGenerator = {
    repaired: false,
    async generator() {
      return {
        name: 'icons-1',
        title: 'Icons 1: objects with transparency',
        licence: 'MIT',
        width: SIDE,
        height: SIDE,
        transparent: true,
        steps: null,
        guidance: options.guidance === false ? null : { default: 3, max: 8 },
        maxPromptLength: 80,
        trainedOn: [{ name: 'fluent-emoji-3d', licence: 'MIT' }],
      };
    },
    async generate(request, { signal, onProgress } = {}) {
      for (let step = 1; step <= STEPS; step++) {
        await pause(options.stepMs ?? 0);
        stopIf(signal);
        onProgress?.({ percent: (step / STEPS) * 100, step, steps: STEPS, secondsLeft: null });
      }
      if (!generator.repaired && request.index >= (options.failsFrom ?? Number.POSITIVE_INFINITY))
        throw new EnlargerError(
          'generator-failed',
          'The generator stopped in the middle.',
          'Try again, or use the processor in About this machine.',
        );
      return {
        ...request,
        candidateSeed: request.seed + request.index,
        picture: await draw(request, SIDE, SIDE),
      };
    },
    async enlargeCandidate(request, { signal, onProgress, onStage } = {}) {
      const factor = request.stagesOf ?? 4;
      const sides = [SIDE];
      while (sides.at(-1)! < request.size) sides.push(sides.at(-1)! * factor);
      const stagePictures: GeneratedPng[] = [];
      for (const [stage, side] of sides.entries()) {
        if (stage > 0) await pause(options.stageMs ?? 0);
        stopIf(signal);
        // What a stage adds is seen: each is drawn with its own pixels.
        stagePictures.push(await draw(request, side, side));
        onStage?.(stagePictures[stage]);
        onProgress?.({
          percent: ((stage + 1) / (sides.length + 1)) * 100,
          stage: stage + 1,
          stages: sides.length - 1,
          tilesDone: stage,
          tiles: sides.length,
          secondsLeft: stage === 0 ? null : sides.length - stage,
        });
      }
      const { bytes } = await draw(request, request.size, request.size);
      const { size } = request;
      return {
        picture: {
          width: size,
          height: size,
          pieces: [{ x: 0, y: 0, width: size, height: size, format: 'png', bytes }],
        },
        inputWidth: SIDE,
        inputHeight: SIDE,
        seed: request.seed + request.index,
        detail: request.detail ?? 0.3,
        engine: 'webgpu',
        stages: sides.slice(1).map((side) => ({
          factor: side === SIDE ? 2 : factor,
          width: side,
          height: side,
          milliseconds: 400,
        })),
        notices: [],
        stagePictures,
      };
    },
  };
  return generator;
}

export const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

function stopIf(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new EnlargerError('cancelled', 'Cancelled.');
}

async function draw({ seed, index }: GenerateRequest, side: number, detail: number): Promise<GeneratedPng> {
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d')!;
  context.scale(side / 128, side / 128);
  const hue = (seed * 47 + index * 83) % 360;
  const glow = context.createRadialGradient(50, 50, 4, 64, 70, 52);
  glow.addColorStop(0, `hsl(${hue} 90% 80%)`);
  glow.addColorStop(1, `hsl(${hue} 75% 42%)`);
  context.fillStyle = glow;
  context.beginPath();
  context.arc(64, 72, 46, 0, 7);
  context.fill();
  context.fillStyle = 'hsl(130 50% 40%)';
  context.beginPath();
  context.ellipse(76, 20, 18, 8, -0.5, 0, 7);
  context.fill();
  context.strokeStyle = 'rgba(255, 255, 255, 0.5)';
  context.lineWidth = 128 / detail;
  for (let line = 0; line < 8; line++) {
    context.beginPath();
    context.arc(64, 72, 8 + line * 5, 0.2, 1.4);
    context.stroke();
  }
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return { bytes: new Uint8Array(await blob.arrayBuffer()), format: 'png', width: side, height: side };
}
