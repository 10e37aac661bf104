/**
 * Pictures from prompts as the panel sees them, beside `EngineClient` and on the same workers. Only pages that were
 * built with a generator have one.
 */

import type { Choice } from '../../core/generate/generator.js';
import type { Progress } from '../../core/pipeline/progress.js';
import type { ImageFormat, PictureFile } from '../host.js';
import type { EngineClient, GenerateRequest, UpscaleResult } from './engine-client.js';

export type { GenerateRequest } from './engine-client.js';

/** What makes pictures from prompts. */
export interface GeneratorInfo {
  readonly name: string;
  readonly title: string;
  readonly licence: string;
  /** Size of a candidate in pixels. */
  readonly width: number;
  readonly height: number;
  readonly transparent: boolean;
  /** Null where there is no choice. */
  readonly steps: Choice | null;
  readonly guidance: Choice | null;
  /** In characters; its tokens may allow fewer. */
  readonly maxPromptLength: number;
  readonly trainedOn: readonly { readonly name: string; readonly licence: string }[];
}

export interface GeneratedPng extends PictureFile {
  readonly format: 'png';
  readonly width: number;
  readonly height: number;
}

/** Longest side that a candidate can be enlarged to. */
export const MAX_RESULT_PX = 2048;

/** A candidate to choose from. */
export interface GeneratedCandidate extends GenerateRequest {
  readonly picture: GeneratedPng;
  /** Asking for index 0 with this seed gives it again: the seed to keep with the picture. */
  readonly candidateSeed: number;
}

export interface EnlargeCandidateRequest extends GenerateRequest {
  /** Longer side of the result, 128 to `MAX_RESULT_PX` pixels. */
  readonly size: number;
  /** 0 faithful .. 1 most detail; undefined takes the pack's default. */
  readonly detail?: number | undefined;
  readonly tilePx?: number | undefined;
  readonly formats: readonly ImageFormat[];
  /** Use only stages of this factor. */
  readonly stagesOf?: 2 | 4 | undefined;
  /** Also give the picture after every stage. */
  readonly withStages?: boolean | undefined;
}

export interface EnlargedCandidate extends UpscaleResult {
  /** What came in and what every stage made, small to large; empty unless asked for. */
  readonly stagePictures: readonly GeneratedPng[];
}

export interface CandidateProgress {
  /** 0..100. */
  readonly percent: number;
  readonly step: number;
  readonly steps: number;
  readonly secondsLeft: number | null;
}

export interface GenerateCallOptions<P> {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: P) => void) | undefined;
}

export interface EnlargeCallOptions extends GenerateCallOptions<Progress> {
  /** With `withStages`: each of the stage pictures as soon as it is made. */
  readonly onStage?: ((picture: GeneratedPng) => void) | undefined;
}

export interface GeneratorClient {
  /** Null when the page was built without a generator. @throws EnlargerError as `EngineClient.start`. */
  generator(): Promise<GeneratorInfo | null>;
  /** One candidate. @throws EnlargerError `prompt-invalid`, `option-invalid`, `cancelled`, `generator-failed`. */
  generate(
    request: GenerateRequest,
    options?: GenerateCallOptions<CandidateProgress>,
  ): Promise<GeneratedCandidate>;
  /** Enlarges a candidate, made again if it is not kept any more. @throws EnlargerError as both. */
  enlargeCandidate(
    request: EnlargeCandidateRequest,
    options?: EnlargeCallOptions,
  ): Promise<EnlargedCandidate>;
}

/** An engine that may generate pictures, too. */
export type PanelEngine = EngineClient & Partial<GeneratorClient>;

/** The generating side of an engine; null when it has none. */
export function generatorOf(engine: PanelEngine): GeneratorClient | null {
  return engine.generator && engine.generate && engine.enlargeCandidate ? (engine as GeneratorClient) : null;
}
