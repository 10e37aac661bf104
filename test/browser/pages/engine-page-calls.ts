/** What the test asks of engine-page.ts, as plain data. Types only. */

import type {
  EngineChoiceName,
  EngineFacts,
  UpscaleRequest,
  UpscaleResult,
} from '../../../plugin/engine/engine-client.js';
import type { LocalEngineOptions } from '../../../plugin/engine/local-engine.js';

export interface PageRequest extends Omit<UpscaleRequest, 'bytes'> {
  /** Base64. */
  readonly picture: string;
  /** Stops the job this long after its first progress, or after it was begun. */
  readonly cancelMs?: number;
  readonly cancelAfter?: 'begin' | 'first-tile';
}

export interface PageOptions {
  /** For the first, second, ... model worker; the last one is for all further ones. */
  readonly faults?: readonly Faults[];
  /** Whether both engines use the plain wasm file (for pretended graphics). */
  readonly plainWasm?: boolean;
  readonly settings?: Partial<Omit<LocalEngineOptions, 'parts'>>;
}

/** Runs are counted from 1, the self-check's included. */
export interface Faults {
  /** `webgpu` is the plain engine under another name: policy can be tested without a slow software adapter. */
  readonly pretendWebGpu?: boolean;
  /** Every result is off by this much. */
  readonly offset?: number;
  /** Runs from this one on never return and block the worker. */
  readonly hangFrom?: number;
  /** This run ends in a lack of memory. */
  readonly memoryAt?: number;
  /** The device is destroyed before the next run. */
  readonly loseNext?: boolean;
  /** Before this run the device is destroyed, or, for a pretended one, reported lost. */
  readonly loseAt?: number;
  /** The start fails with this message. */
  readonly unavailable?: string;
}

/** Either `value` or `error` is there. */
export interface Outcome<T> {
  readonly value?: T;
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string };
  readonly ms: number;
}

/** A result whose files are base64, and the percentages that were shown on the way. */
export interface PageResult extends Omit<UpscaleResult, 'picture'> {
  readonly picture: {
    readonly width: number;
    readonly height: number;
    readonly pieces: readonly {
      readonly bytes: string;
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    }[];
  };
  readonly progress: readonly number[];
}

export interface EngineTest {
  open(options: PageOptions): Promise<void>;
  start(wanted?: EngineChoiceName): Promise<Outcome<EngineFacts>>;
  upscale(request: PageRequest): Promise<Outcome<PageResult>>;
  /** One after the other; what they give is not told. */
  repeat(request: PageRequest, times: number): Promise<void>;
  dispose(): Promise<void>;
  state(): Promise<{
    /** Workers started since `open`. */
    readonly models: number;
    readonly pictures: number;
    /** From the signal to the end of the last cancelled job. */
    readonly stopMs: number;
    readonly origin: string;
    readonly secure: boolean;
  }>;
}
