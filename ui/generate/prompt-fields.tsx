/** What the pictures should show: words, a preset's words around them, seed, and how strongly to follow the prompt. */

import { Button } from '@create-figma-plugin/ui';
import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { usePanel } from '../context.js';
import { FieldHead, Select, Slider } from '../parts/fields.js';
import { SeedInput } from '../parts/seed-input.js';
import { useGenerate } from './use-generate.js';

/** Value of the list's entry for "no preset"; ids of presets are never empty. */
const NONE = '';
/** Where a slider of guidance may be finer. */
const SMALL_RANGE = 5;

export function PromptFields(): JSX.Element {
  const generate = useGenerate();
  const { prompt, candidates } = generate;
  const again = candidates.order.value !== null;
  const making = candidates.making.value !== null;
  return (
    <div class="section">
      <PromptField />
      <PresetField />
      <SeedInput
        seed={prompt.seed}
        locked={prompt.seedLocked}
        notes={{ locked: 'stays', unlocked: 'new one each time' }}
        onShuffle={prompt.shuffle}
      />
      <GuidanceField />
      <div class={`field ${again ? 'tall' : 'primary'}`}>
        <Button fullWidth secondary={again} aria-disabled={making} onClick={() => void generate.generate()}>
          {again ? 'Generate again' : 'Generate'}
        </Button>
      </div>
    </div>
  );
}

function PromptField(): JSX.Element {
  const generate = useGenerate();
  const { prompt, focusOn } = generate;
  const { selected } = usePanel();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  useSignalEffect(() => {
    if (focusOn.value !== 'prompt') return;
    field.current?.focus();
    focusOn.value = null;
  });
  const { fieldProblem, styled, text } = prompt;
  const from = selected.value.generated;
  return (
    <div class="field">
      <FieldHead label="Prompt" htmlFor={id}>
        {from && from.prompt !== prompt.prompt.value ? (
          <button type="button" class="link" onClick={() => void generate.vary(from)}>
            Vary the selected picture
          </button>
        ) : null}
      </FieldHead>
      <textarea
        ref={field}
        id={id}
        class="prompt"
        rows={2}
        spellcheck={false}
        placeholder="red apple"
        aria-invalid={fieldProblem.value !== ''}
        aria-describedby={`${id}-note`}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          // Prompts are short: Enter begins, and with Shift it makes a line. While a word is composed it ends the word.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          void generate.generate();
        }}
      />
      <div id={`${id}-note`}>
        {fieldProblem.value ? <p class="field-problem">{fieldProblem.value}</p> : null}
        {styled.value && !prompt.problem.value ? (
          <p class="prompt-whole quiet">Asks for “{prompt.prompt.value}”</p>
        ) : null}
      </div>
    </div>
  );
}

/** Only there when a preset has words of its own. */
function PresetField(): JSX.Element | null {
  const model = usePanel();
  const { prompt } = useGenerate();
  const inUse = model.settings.preset.value;
  const worded = model.presets.library.value.entries
    .map(({ preset }) => preset)
    .filter(({ promptTemplate }) => promptTemplate);
  // One that was deleted meanwhile is still in use.
  const all =
    inUse?.promptTemplate && !worded.some(({ id }) => id === inUse.id) ? [inUse, ...worded] : worded;
  if (all.length === 0) return null;
  return (
    <div class="field">
      <FieldHead label="Preset">
        <Select
          label="Preset with words for the prompt"
          options={[
            { value: NONE, label: 'No preset' },
            ...all.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={prompt.styled.value?.id ?? NONE}
          onChange={(value) => {
            const preset = all.find(({ id }) => id === value);
            prompt.plain.value = !preset;
            if (preset && preset.id !== inUse?.id) model.applyPreset(preset);
          }}
        />
      </FieldHead>
    </div>
  );
}

/** Out of sight until somebody looks for it; only there when the generator offers the choice. */
function GuidanceField(): JSX.Element | null {
  const { info, prompt } = useGenerate();
  const choice = info.value?.guidance;
  if (!choice || choice.max <= 1) return null;
  const value = prompt.guidance.value;
  return (
    <details class="field advanced">
      <summary>Advanced</summary>
      <Slider
        label="Guidance"
        value={value}
        valueText={value.toFixed(1)}
        ends={['Freely', 'By the letter']}
        range={{ min: 1, max: choice.max, step: choice.max <= SMALL_RANGE ? 0.1 : 0.5 }}
        onChange={(wanted) => {
          prompt.chosenGuidance.value = wanted;
        }}
      >
        {value !== choice.default ? (
          <button
            type="button"
            class="link"
            onClick={() => {
              prompt.chosenGuidance.value = null;
            }}
          >
            Reset
          </button>
        ) : null}
      </Slider>
    </details>
  );
}
