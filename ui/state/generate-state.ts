/**
 * The Generate tab without a view: whether there is a generator, the prompt, the candidates, and the way of the picked
 * one into the document.
 */

import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { MAX_SCALE } from '../../core/pipeline/cascade.js';
import type { UpscaleResult } from '../../plugin/engine/engine-client.js';
import {
  type GeneratorClient,
  type GeneratorInfo,
  MAX_RESULT_PX,
} from '../../plugin/engine/generator-client.js';
import type { GeneratedFrom, Host, HostInfo } from '../../plugin/host.js';
import type { Preset } from '../../plugin/presets/preset.js';
import { createCandidatesState } from './candidates-state.js';
import { createPlacingState } from './placing-state.js';
import { createPromptState } from './prompt-state.js';

/** Longer sides to choose from, in pixels. */
const SIZES = [256, 512, 1024, MAX_RESULT_PX] as const;

export type GenerateState = ReturnType<typeof createGenerateState>;

export function createGenerateState(parts: {
  readonly host: Host;
  readonly hostInfo: HostInfo;
  readonly generator: GeneratorClient;
  readonly preset: ReadonlySignal<Preset | null>;
  /** Detail for enlarging; null takes the pack's default. */
  readonly detail: ReadonlySignal<number | null>;
  readonly announce: (sentence: string) => void;
  readonly onBegin: () => void;
  readonly onResult: (result: UpscaleResult) => void;
  readonly onEnd: () => void;
}) {
  const { generator } = parts;
  /** Null until the engine has said that it has one. */
  const info = signal<GeneratorInfo | null>(null);
  /** The editor has asked for pictures before the engine was ready. */
  const awaited = signal(false);
  const prompt = createPromptState(info, parts.preset);
  const candidates = createCandidatesState(parts);
  const placing = createPlacingState(parts);
  const wantedSize = signal<number>(MAX_RESULT_PX);
  /** Whether every stage doubles: more of them, and more to look at. */
  const doubling = signal(false);
  /** Where the focus goes next, once. */
  const focusOn = signal<'prompt' | 'candidates' | null>(null);

  /** From small to large; what the editor does not store or the generator does not reach is not there. */
  const sizes = computed<readonly number[]>(() => {
    const side = info.value ? Math.max(info.value.width, info.value.height) * MAX_SCALE : MAX_RESULT_PX;
    const most = Math.min(MAX_RESULT_PX, side, parts.hostInfo.maxSidePx ?? MAX_RESULT_PX);
    const smaller = SIZES.filter((size) => size < most);
    return [...smaller, most];
  });
  const size = computed(() =>
    sizes.value.includes(wantedSize.value) ? wantedSize.value : (sizes.value.at(-1) as number),
  );
  const busy = computed(() => candidates.making.value !== null || placing.phase.value.kind === 'running');

  /** Pixels of the result. */
  const pixels = computed(() => {
    const { width, height } = info.value ?? { width: 1, height: 1 };
    return Math.round((size.value ** 2 * Math.min(width, height)) / Math.max(width, height));
  });

  return {
    info,
    awaited,
    available: computed(() => info.value !== null || awaited.value),
    prompt,
    candidates,
    placing,
    sizes,
    size,
    pixels,
    doubling,
    busy,
    focusOn,
    setSize(wanted: number): void {
      wantedSize.value = wanted;
    },

    /** Asks the engine, which has started, what it generates with. */
    async load(): Promise<GeneratorInfo | null> {
      // An engine that has failed meanwhile says so itself.
      const found = await generator.generator().catch(() => null);
      if (found) info.value = found;
      return found;
    },

    /** New candidates; tells what is wrong with the prompt instead when something is. */
    async generate(): Promise<void> {
      prompt.tried.value = true;
      if (busy.value) return;
      if (prompt.problem.value) {
        parts.announce(prompt.problem.value);
        focusOn.value = 'prompt';
        return;
      }
      const before = candidates.order.value;
      if (!prompt.seedLocked.value && before?.seed === prompt.seed.value) prompt.shuffle();
      await candidates.run(prompt.toOrder());
    },

    /** The big button: whoever has picked need not wait for the other candidates. */
    async enlargeAndPlace(): Promise<void> {
      const slot = candidates.picked.value;
      if (!slot || placing.phase.value.kind === 'running') return;
      const stopping = candidates.cancel();
      const { picture, ...candidate } = slot.candidate;
      await stopping;
      await placing.start(candidate, {
        size: size.value,
        detail: parts.detail.value ?? undefined,
        ...(doubling.value && { stagesOf: 2 }),
      });
    },

    /** Back to the candidates. */
    done(): void {
      placing.dismiss();
      focusOn.value = 'candidates';
    },

    /** Ready for other pictures like the selected one, or for a prompt when none of ours is selected. */
    async vary(from: GeneratedFrom | null): Promise<void> {
      if (placing.phase.value.kind === 'running') return;
      placing.dismiss();
      if (from) {
        await candidates.cancel();
        candidates.clear();
        prompt.vary(from);
      }
      focusOn.value = 'prompt';
    },

    async dispose(): Promise<void> {
      placing.dispose();
      await candidates.dispose();
    },
  };
}
