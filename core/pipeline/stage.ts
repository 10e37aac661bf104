/**
 * What the pipeline needs of a model: stages that enlarge a tile by a fixed factor. A stage knows nothing of
 * pictures, files or cascades; the pipeline knows nothing of networks.
 */

import type { Planes } from '../raster/raster.js';

/** How a job wants its stages; equal settings may share a stage. */
export interface StageSettings {
  /** 0 faithful (no flow) .. 1 most detail. */
  readonly detail: number;
  /** Evaluations of the velocity network; undefined takes the pack's choice for this detail. */
  readonly steps?: number;
}

/** Share of the detail that counts in later stages of a cascade. */
const LATER_SHARE = 0.5;

/**
 * What a job of this detail (0..1) asks of a stage. What later stages get was made by the one before and is smooth at their
 * scale: with all of the noise they weave it (docs/decisions.md).
 * @param index Which stage of the cascade, from 0.
 */
export function settingsOfStage(detail: number, steps: number | undefined, index: number): StageSettings {
  const own = index === 0 ? detail : detail * LATER_SHARE;
  return steps === undefined ? { detail: own } : { detail: own, steps };
}

/** A window of the noise field the stage asks for, in latent pixels of the stage's whole output. */
export interface NoiseRequest {
  readonly channels: number;
  /** Output pixels per latent pixel. */
  readonly factor: number;
}

export interface StageTile {
  /** The low-resolution window, 3 channels in 0..1; sides are multiples of `alignPx`. */
  readonly lr: Planes;
  /** JPEG damage of the whole input picture, 0 clean .. 1. */
  readonly damage: number;
  /** Gaussian noise [channels, h*f/factor, w*f/factor]; needed only when `noise` is not null. */
  readonly noise: Float32Array | null;
}

export interface Stage {
  readonly factor: 2 | 4;
  /** Low-resolution pixels around a tile that can change it visibly; the halo of a tile's window. */
  readonly haloPx: number;
  /** Window origins and sides are multiples of this many low-resolution pixels. */
  readonly alignPx: number;
  /** The noise a tile needs, or null when the stage draws none. */
  readonly noise: NoiseRequest | null;
  /** The window, `factor` times as large, 3 channels nominally in 0..1, not clipped. */
  run(tile: StageTile): Promise<Planes>;
}

/** Opens stages of a loaded pack on an engine, and owns what they hold. */
export interface StageProvider {
  /** Factors the pack has stages for, ascending. */
  readonly factors: readonly (2 | 4)[];
  /** Detail to use when nobody asks for one. */
  readonly defaultDetail: number;
  /** @throws EnlargerError `out-of-memory`, `pack-invalid`. */
  open(factor: 2 | 4, settings: StageSettings): Promise<Stage>;
  dispose(): Promise<void>;
}
