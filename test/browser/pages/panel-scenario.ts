/** What the panel's test page is opened with: plain data, which the test gives from outside of the page. */

import type { EngineChoiceName } from '../../../plugin/engine/engine-client.js';
import type { HostCommand } from '../../../plugin/host.js';
import type { FixtureOptions } from '../../../plugin/hosts/fixture/index.js';

export interface CanvasEngineOptions {
  readonly name?: 'webgpu' | 'wasm';
  readonly pixelsPerSecond?: number;
  /** Pause before each of the steps of a whole picture. */
  readonly stepMs?: number;
  readonly startMs?: number;
  /** Absent: the engine only enlarges. */
  readonly generator?: CanvasGeneratorOptions;
  /** Engines that do not start. */
  readonly broken?: readonly EngineChoiceName[];
}

/** A generator of circles. */
export interface CanvasGeneratorOptions {
  readonly guidance?: boolean;
  /** Pause before each of the steps of a candidate. */
  readonly stepMs?: number;
  /** Pause before each stage of enlarging. */
  readonly stageMs?: number;
  /** Candidates from this one on fail until `opened.engine.repaired` is set. */
  readonly failsFrom?: number;
}

export interface Scenario {
  /** Names of samples, or layers that are no pictures. */
  readonly layers: readonly {
    readonly name: string;
    readonly sample?: 'photo' | 'logo' | 'screen' | 'damaged' | 'small';
    readonly locked?: boolean;
    readonly video?: boolean;
    /** The prompt it was generated from. */
    readonly prompt?: string;
  }[];
  readonly engine?: CanvasEngineOptions;
  readonly info?: NonNullable<FixtureOptions['info']>;
  readonly command?: HostCommand;
  /** Calls of the host that fail, by method, and by what their argument begins with. */
  readonly failing?: readonly {
    readonly method: string;
    readonly argument?: string;
    readonly scope?: string;
  }[];
  readonly fragment?: string;
  /** A file as a data URL, instead of the drawn photograph. */
  readonly photo?: string;
}
