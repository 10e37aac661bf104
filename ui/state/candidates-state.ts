/**
 * The candidates of one prompt and seed: made one after the other, shown as they are ready. Owns their object URLs.
 * What is ready stays when the rest is stopped or fails, and the rest can be made later.
 */

import { computed, signal } from '@preact/signals';
import { type EnlargerError, toEnlargerError } from '../../core/errors.js';
import type { GeneratedCandidate, GeneratorClient } from '../../plugin/engine/generator-client.js';
import type { CandidatesOrder } from './prompt-state.js';
import { pictureUrl } from './selection-state.js';
import { countText } from './words.js';

/** How many there are to choose from. */
export const CANDIDATES = 4;
/** Estimates before this share of the work say little. */
const TELLING_SHARE = 0.05;

export type Slot =
  /** It was stopped or failed. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'working'; readonly percent: number }
  | { readonly kind: 'ready'; readonly candidate: GeneratedCandidate; readonly url: string };

export interface Making {
  /** 0..100 of what is made now. */
  readonly percent: number;
  readonly secondsLeft: number | null;
  readonly cancelling: boolean;
}

export type CandidatesState = ReturnType<typeof createCandidatesState>;

export function createCandidatesState(parts: {
  readonly generator: GeneratorClient;
  readonly announce: (sentence: string) => void;
  readonly onBegin: () => void;
  readonly onEnd: () => void;
}) {
  const order = signal<CandidatesOrder | null>(null);
  const slots = signal<readonly Slot[]>([]);
  const making = signal<Making | null>(null);
  const error = signal<EnlargerError | null>(null);
  /** Index of the one that is picked. */
  const chosen = signal<number | null>(null);
  const picked = computed(() => {
    const slot = chosen.value === null ? undefined : slots.value[chosen.value];
    return slot?.kind === 'ready' ? slot : null;
  });
  const ready = computed(() => slots.value.filter(({ kind }) => kind === 'ready').length);
  let abort: AbortController | null = null;
  let running: Promise<void> = Promise.resolve();

  const put = (index: number, slot: Slot) => {
    slots.value = slots.value.map((each, at) => (at === index ? slot : each));
  };

  function clear(): void {
    for (const slot of slots.value) if (slot.kind === 'ready') URL.revokeObjectURL(slot.url);
    slots.value = [];
    chosen.value = null;
    error.value = null;
    order.value = null;
  }

  /** Makes what is missing. */
  async function make(wanted: CandidatesOrder): Promise<void> {
    const { signal: aborted } = (abort = new AbortController());
    const todo = slots.value.flatMap(({ kind }, index) => (kind === 'ready' ? [] : [index]));
    for (const index of todo) put(index, { kind: 'waiting' });
    const started = performance.now();
    error.value = null;
    making.value = { percent: 0, secondsLeft: null, cancelling: false };
    parts.onBegin();
    parts.announce('Generating has begun.');
    const tell = (done: number) => {
      if (!making.value) return;
      const share = done / todo.length;
      const elapsed = (performance.now() - started) / 1000;
      const secondsLeft = share < TELLING_SHARE ? null : (elapsed * (1 - share)) / share;
      making.value = { ...making.value, percent: share * 100, secondsLeft };
    };
    try {
      for (const [done, index] of todo.entries()) {
        put(index, { kind: 'working', percent: 0 });
        const candidate = await parts.generator.generate(
          { ...wanted, index },
          {
            signal: aborted,
            onProgress({ percent }) {
              if (slots.value[index]?.kind !== 'working') return;
              put(index, { kind: 'working', percent });
              tell(done + percent / 100);
            },
          },
        );
        if (aborted.aborted) break;
        put(index, { kind: 'ready', candidate, url: pictureUrl(candidate.picture) });
        tell(done + 1);
        parts.announce(`Picture ${index + 1} of ${CANDIDATES} is ready.`);
      }
    } catch (problem) {
      const known = toEnlargerError(problem);
      if (known.code !== 'cancelled') error.value = known;
    } finally {
      slots.value = slots.value.map((slot) => (slot.kind === 'ready' ? slot : { kind: 'missing' }));
      making.value = null;
      abort = null;
      parts.onEnd();
      if (!error.value)
        parts.announce(aborted.aborted ? 'Stopped.' : `${countText(ready.value, 'picture')} to choose from.`);
    }
  }

  function begin(wanted: CandidatesOrder): Promise<void> {
    return (running = make(wanted));
  }

  function cancel(): Promise<void> {
    if (making.value && abort) {
      making.value = { ...making.value, cancelling: true };
      abort.abort();
    }
    return running;
  }

  return {
    order,
    slots,
    making,
    error,
    chosen,
    picked,
    ready,
    cancel,
    clear,

    /** New candidates in the place of those there are; nothing while some are being made. */
    async run(wanted: CandidatesOrder): Promise<void> {
      if (making.value) return;
      clear();
      order.value = wanted;
      slots.value = Array.from({ length: CANDIDATES }, () => ({ kind: 'waiting' }));
      await begin(wanted);
    },

    /** Makes those that were stopped or failed. */
    async resume(): Promise<void> {
      if (making.value || !order.value) return;
      await begin(order.value);
    },

    async dispose(): Promise<void> {
      await cancel();
      clear();
    },
  };
}
