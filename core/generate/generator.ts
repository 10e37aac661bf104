/**
 * What makes small pictures from words: the contract that the embedded generator, packs brought along and remote
 * servers fulfil alike. A candidate is either a latent in a named space or a picture; whoever asked for it owns it.
 */

import type { FloatPicture } from '../raster/float-picture.js';
import type { Raster } from '../raster/raster.js';

/** A latent space. Latents of spaces with equal names can be exchanged. */
export interface LatentSpace {
  readonly name: string;
  /** Those that carry transparency included. */
  readonly channels: number;
  /** Picture pixels per latent pixel, along each side. */
  readonly factor: number;
}

/** A latent in normalised units: `data[(c * height + y) * width + x]`. */
export interface Latent {
  readonly space: LatentSpace;
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

interface CandidateFacts {
  /** Which of the candidates asked for, from 0. */
  readonly index: number;
  /** Asking for one candidate with this seed gives it again, if the generator is `seeded`. */
  readonly seed: number;
}

/** A small picture to choose from and to enlarge. */
export type Candidate =
  | (CandidateFacts & { readonly kind: 'latent'; readonly latent: Latent })
  | (CandidateFacts & { readonly kind: 'raster'; readonly raster: Raster });

/** A number that can be chosen; it starts at 1. */
export interface Choice {
  readonly default: number;
  readonly max: number;
}

export interface GeneratorFacts {
  readonly kind: 'pack' | 'remote';
  /** What a person calls it. */
  readonly title: string;
  /** Size of a candidate in pixels. */
  readonly width: number;
  readonly height: number;
  /** Whether candidates have transparency by design. */
  readonly transparent: boolean;
  /** Of its candidates; null when they are pictures. */
  readonly latentSpace: LatentSpace | null;
  /** Evaluations of the denoiser; null when they cannot be chosen. */
  readonly steps: Choice | null;
  /** How strongly the prompt is followed, 1 hardly; null when it cannot be chosen. */
  readonly guidance: Choice | null;
  /** Whether equal seeds give equal candidates. */
  readonly seeded: boolean;
  /** Longest prompt in characters. The tokens of a pack may allow fewer. */
  readonly maxPromptLength: number;
}

export interface GenerateProgress {
  /** 0..100, never falling; 100 with the last candidate. */
  readonly percent: number;
  /** The candidate being made, from 1. */
  readonly candidate: number;
  readonly count: number;
  /** Evaluations done for it, and of how many; both 0 where a generator does not tell. */
  readonly step: number;
  readonly steps: number;
  /** Null until an estimate is possible. */
  readonly secondsLeft: number | null;
}

export interface GenerateOptions {
  readonly prompt: string;
  /** Number of candidates, 1 to `MAX_COUNT`; default 1. */
  readonly count?: number | undefined;
  /** A whole number from 0 to 2^53 - 1, default 0; candidate i has the seed plus i. */
  readonly seed?: number | undefined;
  /** 1 to the generator's `max`; default the generator's. */
  readonly guidance?: number | undefined;
  readonly steps?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** May be asynchronous: the generator waits. */
  readonly onProgress?: ((progress: GenerateProgress) => void | Promise<void>) | undefined;
}

export interface Generator {
  readonly facts: GeneratorFacts;
  /**
   * The candidates, each as soon as it is ready.
   * @throws EnlargerError `prompt-invalid` or `option-invalid` before anything is done; `cancelled`, `bad-picture`,
   *   `out-of-memory`, `generator-failed`, `generator-refused` on the way. Candidates already handed out stay good.
   */
  generate(options: GenerateOptions): AsyncIterable<Candidate>;
  /**
   * The pixels of one of its candidates, what the cascade starts from: a latent is decoded in float and stays so.
   * @throws EnlargerError `bad-picture`, `out-of-memory`, `generator-failed`.
   */
  picture(candidate: Candidate): Promise<Raster | FloatPicture>;
  dispose(): Promise<void>;
}
