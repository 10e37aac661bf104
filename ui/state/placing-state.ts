/**
 * From the picked candidate to a layer: enlarging with the picture after every stage, placing, and what became of it.
 * Owns the object URLs of the stage pictures.
 */

import { computed, signal } from '@preact/signals';
import { type EnlargerError, toEnlargerError } from '../../core/errors.js';
import type { Size } from '../../core/pipeline/cascade.js';
import type { Progress } from '../../core/pipeline/progress.js';
import type { UpscaleResult } from '../../plugin/engine/engine-client.js';
import type { GeneratorClient } from '../../plugin/engine/generator-client.js';
import type { EnlargedPicture, Host } from '../../plugin/host.js';
import { enlargePicked, type PickedCandidate, placePicked } from '../../plugin/jobs/place-candidate.js';
import { pictureUrl } from './selection-state.js';
import { leftText, sizeText } from './words.js';

/** The picture after one stage, by its object URL. */
export interface StageView extends Size {
  readonly url: string;
}

export type PlacingPhase =
  | { readonly kind: 'idle' }
  | {
      readonly kind: 'running';
      readonly candidate: PickedCandidate;
      /** Null until the first tile is done, and while the editor takes the picture. */
      readonly progress: Progress | null;
      readonly step: 'enlarging' | 'placing';
      readonly cancelling: boolean;
    }
  | {
      readonly kind: 'placed';
      readonly candidate: PickedCandidate;
      readonly size: Size;
      readonly notices: readonly string[];
    }
  | {
      readonly kind: 'failed';
      readonly candidate: PickedCandidate;
      readonly error: EnlargerError;
      /** The finished picture when only placing it failed. */
      readonly rescued: EnlargedPicture | null;
    };

export interface EnlargeSettings {
  readonly size: number;
  readonly detail?: number | undefined;
  readonly stagesOf?: 2 | 4 | undefined;
}

const ANNOUNCE_PERCENT = 25;
/** What editors show of a message. */
const NOTIFY_LENGTH = 100;

export type PlacingState = ReturnType<typeof createPlacingState>;

export function createPlacingState(parts: {
  readonly host: Host;
  readonly generator: GeneratorClient;
  readonly announce: (sentence: string) => void;
  readonly onBegin: () => void;
  readonly onResult: (result: UpscaleResult) => void;
  readonly onEnd: () => void;
}) {
  const { host, generator, announce } = parts;
  const phase = signal<PlacingPhase>({ kind: 'idle' });
  const stages = signal<readonly StageView[]>([]);
  /** Index of the stage that the user looks at; null follows the newest. */
  const chosenStage = signal<number | null>(null);
  const shownStage = computed(() => stages.value.at(chosenStage.value ?? -1) ?? null);
  let abort: AbortController | null = null;
  let last: { candidate: PickedCandidate; settings: EnlargeSettings } | null = null;

  function clearStages(): void {
    for (const { url } of stages.value) URL.revokeObjectURL(url);
    stages.value = [];
    chosenStage.value = null;
  }

  const change = (part: Partial<Extract<PlacingPhase, { kind: 'running' }>>) => {
    if (phase.value.kind === 'running') phase.value = { ...phase.value, ...part };
  };

  /** Does one thing at a time, tells how it ended, and can be stopped. */
  async function work(
    candidate: PickedCandidate,
    step: 'enlarging' | 'placing',
    task: (aborted: AbortSignal) => Promise<void>,
  ): Promise<void> {
    if (phase.value.kind === 'running') return;
    abort = new AbortController();
    phase.value = { kind: 'running', candidate, progress: null, step, cancelling: false };
    parts.onBegin();
    try {
      await task(abort.signal);
    } catch (problem) {
      fail(candidate, toEnlargerError(problem), null);
    } finally {
      abort = null;
      parts.onEnd();
    }
  }

  function fail(candidate: PickedCandidate, error: EnlargerError, rescued: EnlargedPicture | null): void {
    if (error.code === 'cancelled') {
      phase.value = { kind: 'idle' };
      announce('Stopped. Nothing was placed.');
      return;
    }
    phase.value = { kind: 'failed', candidate, error, rescued };
    announce(`${error.message} ${error.hint}`);
  }

  async function put(
    candidate: PickedCandidate,
    picture: EnlargedPicture,
    notices: readonly string[],
    aborted: AbortSignal,
  ): Promise<void> {
    change({ step: 'placing', progress: null });
    try {
      const more = await placePicked({ host, candidate, picture, signal: aborted });
      const { width, height } = picture;
      phase.value = { kind: 'placed', candidate, size: { width, height }, notices: [...notices, ...more] };
      const sentence = `Placed at ${sizeText(picture)}: ${candidate.prompt}`;
      announce(sentence);
      host.notify(sentence.slice(0, NOTIFY_LENGTH)).catch(() => undefined);
    } catch (problem) {
      fail(candidate, toEnlargerError(problem), picture);
    }
  }

  function start(candidate: PickedCandidate, settings: EnlargeSettings): Promise<void> {
    if (phase.value.kind === 'running') return Promise.resolve();
    clearStages();
    last = { candidate, settings };
    let told = 0;
    announce('Enlarging has begun.');
    return work(candidate, 'enlarging', async (aborted) => {
      const result = await enlargePicked({
        ...{ host, generator, candidate, ...settings },
        signal: aborted,
        onProgress(progress) {
          change({ progress });
          const quarter = Math.floor(progress.percent / ANNOUNCE_PERCENT);
          if (quarter === told || quarter === 100 / ANNOUNCE_PERCENT) return;
          told = quarter;
          const left = leftText(progress.secondsLeft);
          announce(`${quarter * ANNOUNCE_PERCENT} percent${left ? `, ${left}` : ''}.`);
        },
        onStage(picture) {
          if (phase.value.kind !== 'running' || aborted.aborted) return;
          const { width, height } = picture;
          stages.value = [...stages.value, { url: pictureUrl(picture), width, height }];
        },
      });
      parts.onResult(result);
      await put(candidate, result.picture, result.notices, aborted);
    });
  }

  return {
    phase,
    stages,
    chosenStage,
    shownStage,
    start,

    /** After a failure: places what is finished, or begins again. */
    async retry(): Promise<void> {
      const from = phase.value;
      if (from.kind !== 'failed') return;
      const { candidate, rescued } = from;
      if (rescued) await work(candidate, 'placing', (aborted) => put(candidate, rescued, [], aborted));
      else if (last) await start(last.candidate, last.settings);
    },

    cancel(): void {
      if (phase.value.kind !== 'running' || !abort) return;
      change({ cancelling: true });
      announce('Stopping.');
      abort.abort();
    },

    /** Leaves what became of it, and its stage pictures. */
    dismiss(): void {
      if (phase.value.kind === 'running') return;
      phase.value = { kind: 'idle' };
      clearStages();
    },

    dispose(): void {
      abort?.abort();
      clearStages();
    },
  };
}
