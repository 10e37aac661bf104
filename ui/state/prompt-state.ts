/** What the user has typed and chosen for the next candidates. Signals that controls bind to; talks to nobody. */

import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { GeneratorInfo } from '../../plugin/engine/generator-client.js';
import type { GeneratedFrom } from '../../plugin/host.js';
import { promptOf } from '../../plugin/presets/draft.js';
import type { Preset } from '../../plugin/presets/preset.js';
import { drawSeed } from './settings.js';

/** What candidates are made of. */
export type CandidatesOrder = GeneratedFrom;

const SUBJECT = '{subject}';

export type PromptState = ReturnType<typeof createPromptState>;

/** @param preset The preset in use; its words are put around what is typed. */
export function createPromptState(
  info: ReadonlySignal<GeneratorInfo | null>,
  preset: ReadonlySignal<Preset | null>,
) {
  const text = signal('');
  /** The preset's words are left out although it has some. */
  const plain = signal(false);
  const seed = signal(drawSeed());
  /** A locked seed stays; an unlocked one is drawn anew for the next candidates. */
  const seedLocked = signal(false);
  /** As chosen; null takes the generator's default. */
  const chosenGuidance = signal<number | null>(null);
  /** Whether somebody has tried to begin with what there is, so that an empty field is told about. */
  const tried = signal(false);

  const styled = computed(() => (plain.value || !preset.value?.promptTemplate ? null : preset.value));
  /** What the generator is given. */
  const prompt = computed(() => {
    const typed = text.value.trim();
    return styled.value ? promptOf(styled.value, typed).trim() : typed;
  });
  const guidance = computed(() => {
    const choice = info.value?.guidance;
    if (!choice) return 1;
    return Math.min(choice.max, Math.max(1, chosenGuidance.value ?? choice.default));
  });
  const tooLong = computed(() => {
    const { length } = [...prompt.value.normalize('NFC')];
    const max = info.value?.maxPromptLength ?? Number.POSITIVE_INFINITY;
    if (length <= max) return '';
    const what = styled.value ? `With the words of “${styled.value.name}” the prompt` : 'The prompt';
    return `${what} has ${length} characters, and ${max} are the most. Shorten it.`;
  });
  /** Why there is nothing to begin with, and the way out; empty when there is. */
  const problem = computed(() => {
    const asks = styled.value?.promptTemplate?.includes(SUBJECT) ?? true;
    if (prompt.value === '' || (asks && text.value.trim() === ''))
      return 'Say in a few words what the picture should show, such as “red apple”.';
    return tooLong.value;
  });

  return {
    text,
    plain,
    seed,
    seedLocked,
    chosenGuidance,
    tried,
    styled,
    prompt,
    guidance,
    problem,
    /** What the field is marked with: an empty one is no mistake before somebody has tried. */
    fieldProblem: computed(() => (tried.value ? problem.value : tooLong.value)),

    shuffle(): void {
      seed.value = drawSeed();
    },

    /** Another picture like this one: its words as they were, with a new seed. */
    vary(from: GeneratedFrom): void {
      text.value = from.prompt;
      plain.value = true;
      chosenGuidance.value = info.value?.guidance ? from.guidance : null;
      seedLocked.value = false;
      seed.value = drawSeed();
      tried.value = false;
    },

    toOrder(): CandidatesOrder {
      return { prompt: prompt.value, seed: seed.value, guidance: guidance.value };
    },
  };
}
