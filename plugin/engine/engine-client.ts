/**
 * The engine as panel and jobs see it. It lives in disposable Workers (worker/); whoever implements this owns
 * them, replaces one that is cancelled, stuck or has lost its device, and never falls back silently.
 */

import type { Target } from '../../core/pipeline/cascade.js';
import type { Progress } from '../../core/pipeline/progress.js';
import type { EnlargedPicture, GeneratedFrom, ImageFormat } from '../host.js';
import type { Slowdown } from './slowdown.js';

export type EngineChoiceName = 'auto' | 'webgpu' | 'wasm';

/** What really runs, once it has proved itself on a stored answer. */
export interface EngineFacts {
  readonly name: 'webgpu' | 'wasm';
  /** "WebGPU: <adapter>" or "WebAssembly, 1 thread". */
  readonly description: string;
  /** Why this one, as a sentence. */
  readonly reason: string;
  /** Output pixels per second on the self-check; a first estimate of how long a job takes. */
  readonly pixelsPerSecond: number;
  /** Floating-point operations of the networks per second on the self-check. */
  readonly operationsPerSecond: number;
  /** Null for a graphics card, and for packs that do not tell how much arithmetic they are. */
  readonly slowdown: Slowdown | null;
  readonly pack: {
    readonly name: string;
    readonly title: string;
    readonly licence: string;
    readonly defaultDetail: number;
    readonly trainedOn: readonly { readonly name: string; readonly licence: string }[];
  };
  /** From the start of the worker to the first answer. */
  readonly startMs: number;
}

export interface UpscaleRequest {
  /** The encoded picture. The engine copies it: the caller keeps its bytes. */
  readonly bytes: Uint8Array;
  readonly target: Target;
  /** 0 faithful .. 1 most detail; undefined takes the pack's default. */
  readonly detail?: number | undefined;
  readonly steps?: number | undefined;
  readonly seed: number;
  readonly tilePx?: number | undefined;
  /** Longest side of one piece of the result. */
  readonly maxSidePx: number | null;
  /** What to do beyond `maxSidePx`: reduce the target and say so, or cut into exact pieces. */
  readonly beyondLimit: 'clamp' | 'pieces';
  readonly formats: readonly ImageFormat[];
  /** Only this part of the picture, in its pixels: a preview. The target still speaks of the whole picture. */
  readonly crop?:
    | { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
    | undefined;
  /** The picture repeats edge to edge. */
  readonly tiles?: boolean | undefined;
}

export interface StageTime {
  readonly factor: 2 | 4;
  readonly width: number;
  readonly height: number;
  readonly milliseconds: number;
}

export interface UpscaleResult {
  readonly picture: EnlargedPicture;
  /** Of the picture that came in, upright. */
  readonly inputWidth: number;
  readonly inputHeight: number;
  readonly seed: number;
  readonly detail: number;
  readonly engine: 'webgpu' | 'wasm';
  readonly stages: readonly StageTime[];
  /** Sentences about what was converted, clamped or retried. */
  readonly notices: readonly string[];
}

export interface GenerateRequest extends GeneratedFrom {
  /** Which of the candidates of this prompt and seed, from 0. */
  readonly index: number;
  readonly steps?: number | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long the engine may take to stop by itself before it is ended and another one started; in milliseconds. */
  readonly politeMs?: number | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface EngineClient {
  /** Starts or returns what runs. @throws EnlargerError `backend-unavailable`, `pack-*`. */
  start(wanted?: EngineChoiceName): Promise<EngineFacts>;
  /** @throws EnlargerError as core's `upscale`, and `cancelled` within a second of the signal, or of `politeMs`. */
  upscale(request: UpscaleRequest, options?: CallOptions): Promise<UpscaleResult>;
  dispose(): Promise<void>;
}
