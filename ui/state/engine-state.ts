/**
 * The engine as the panel shows it: whether it runs, what it is, how fast it has proved to be and what its last job
 * took. It wraps the client so that every result is noted, whoever asked for it.
 */

import { signal } from '@preact/signals';
import { type EnlargerError, toEnlargerError } from '../../core/errors.js';
import type {
  EngineChoiceName,
  EngineClient,
  EngineFacts,
  UpscaleResult,
} from '../../plugin/engine/engine-client.js';

export type EngineStatus =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly facts: EngineFacts }
  | { readonly kind: 'failed'; readonly error: EnlargerError };

/** What the engine has done since the last `beginJob`. */
export interface Timings {
  readonly results: readonly Pick<UpscaleResult, 'engine' | 'stages' | 'inputWidth' | 'inputHeight'>[];
  readonly pixels: number;
  readonly milliseconds: number;
}

/** A CPU run that takes longer than this is asked about first. */
export const SLOW_SECONDS = 30;
/** Smaller results say little about speed: starting takes most of their time. */
const TELLING_PIXELS = 200_000;

export type EngineState = ReturnType<typeof createEngineState>;

export function createEngineState(engine: EngineClient) {
  const status = signal<EngineStatus>({ kind: 'starting' });
  const wanted = signal<EngineChoiceName>('auto');
  const timings = signal<Timings | null>(null);
  /** Output pixels per second of the last telling result; null before there was one. */
  const measured = signal<number | null>(null);
  let starts = 0;
  let starting: Promise<EngineFacts | null> = Promise.resolve(null);

  /** Starts, or starts anew with another choice; null and `status` when that fails. */
  function start(choice: EngineChoiceName = wanted.value): Promise<EngineFacts | null> {
    return (starting = startNow(choice));
  }

  async function startNow(choice: EngineChoiceName): Promise<EngineFacts | null> {
    const own = ++starts;
    wanted.value = choice;
    status.value = { kind: 'starting' };
    measured.value = null;
    try {
      const facts = await engine.start(choice);
      if (own === starts) status.value = { kind: 'ready', facts };
      return facts;
    } catch (error) {
      if (own === starts) status.value = { kind: 'failed', error: toEnlargerError(error) };
      return null;
    }
  }

  /** Notes what a result took; one that belongs to no job says something about speed only. */
  function note(result: UpscaleResult, ofJob: boolean): void {
    const milliseconds = result.stages.reduce((sum, stage) => sum + stage.milliseconds, 0);
    const pixels = result.picture.width * result.picture.height;
    if (pixels >= TELLING_PIXELS && milliseconds > 0) measured.value = (pixels * 1000) / milliseconds;
    const before = ofJob ? timings.value : null;
    if (!before) return;
    const { engine: name, stages, inputWidth, inputHeight } = result;
    timings.value = {
      results: [...before.results, { engine: name, stages, inputWidth, inputHeight }],
      pixels: before.pixels + pixels,
      milliseconds: before.milliseconds + milliseconds,
    };
  }

  /** The client, noting what its results took. */
  const client: EngineClient = {
    start: (choice) => engine.start(choice),
    dispose: () => engine.dispose(),
    async upscale(request, options) {
      const result = await engine.upscale(request, options);
      note(result, !request.crop);
      return result;
    },
  };

  return {
    status,
    wanted,
    timings,
    measured,
    client,
    note,
    start,
    /** What the last start came to, when it has. */
    started: () => starting,
    beginJob(): void {
      timings.value = { results: [], pixels: 0, milliseconds: 0 };
    },
    /** How long making so many pixels takes; null while the engine is not ready. */
    secondsFor(pixels: number): number | null {
      if (status.value.kind !== 'ready') return null;
      return pixels / (measured.value ?? status.value.facts.pixelsPerSecond);
    },
    /** Whether a run of so many pixels should be asked about first. */
    isSlow(pixels: number): boolean {
      if (status.value.kind !== 'ready' || status.value.facts.name !== 'wasm') return false;
      return pixels / (measured.value ?? status.value.facts.pixelsPerSecond) > SLOW_SECONDS;
    },
  };
}
