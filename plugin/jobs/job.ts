/** What a job is: pictures of selected layers enlarged with one set of settings. Types only; run-job.ts does it. */

import type { Target } from '../../core/pipeline/cascade.js';
import type { EngineClient } from '../engine/engine-client.js';
import type { EnlargedPicture, Host, Placement, Selection } from '../host.js';

export interface JobSettings {
  readonly target: Target;
  readonly detail?: number;
  readonly steps?: number;
  readonly seed: number;
  readonly placement: Placement;
  readonly beyondLimit: 'clamp' | 'pieces';
}

export type ItemState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'working'; readonly percent: number }
  | {
      readonly kind: 'done';
      readonly width: number;
      readonly height: number;
      readonly notices: readonly string[];
    }
  | { readonly kind: 'skipped'; readonly reason: string }
  /** `rescued` is the finished picture when only putting it into the editor failed: the panel offers to save it. */
  | {
      readonly kind: 'failed';
      readonly message: string;
      readonly hint: string;
      readonly rescued: EnlargedPicture | null;
    }
  | { readonly kind: 'cancelled' };

/** One layer of the job. */
export interface JobItem {
  readonly layerId: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly state: ItemState;
}

export interface JobStatus {
  readonly items: readonly JobItem[];
  /** 0..100, never falling; 100 exactly when the job has ended without being cancelled. */
  readonly percent: number;
  /** Null until the first tiles allow an estimate. */
  readonly secondsLeft: number | null;
}

export interface JobSummary {
  readonly enlarged: number;
  readonly skipped: number;
  readonly failed: number;
  readonly cancelled: number;
  /** "3 enlarged, 1 skipped: locked". */
  readonly sentence: string;
  /** Sentences about the job as a whole: "This editor takes one undo per layer." */
  readonly notices: readonly string[];
  readonly items: readonly JobItem[];
}

export interface JobOptions {
  readonly host: Host;
  readonly engine: EngineClient;
  readonly selection: Selection;
  readonly settings: JobSettings;
  readonly signal?: AbortSignal;
  /** Called after every change; must not throw. */
  readonly onStatus?: (status: JobStatus) => void;
}
