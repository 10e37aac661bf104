/** A seed to read, type, keep and draw anew. */

import {
  IconButton,
  IconLockLocked16,
  IconLockUnlocked16,
  IconSwap16,
  Textbox,
} from '@create-figma-plugin/ui';
import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { FieldHead } from './fields.js';

const MAX_DIGITS = 9;

/** Typing a seed locks it: whoever types one wants that one. */
export function SeedInput(props: {
  readonly seed: Signal<number>;
  readonly locked: Signal<boolean>;
  /** What becomes of the seed, when it is locked and when it is not. */
  readonly notes: { readonly locked: string; readonly unlocked: string };
  readonly onShuffle: () => void;
}): JSX.Element {
  const id = useId();
  const { seed, locked, notes, onShuffle } = props;
  return (
    <div class="field">
      <FieldHead label="Seed" htmlFor={id}>
        <span class="quiet">{locked.value ? notes.locked : notes.unlocked}</span>
      </FieldHead>
      <div class="row seed">
        <div class="grow">
          <Textbox
            id={id}
            variant="border"
            inputMode="numeric"
            value={String(seed.value)}
            onValueInput={(text: string) => {
              const digits = text.replace(/\D/g, '').slice(0, MAX_DIGITS);
              seed.value = Number(digits);
              locked.value = true;
            }}
          />
        </div>
        <IconButton
          aria-label="Keep this seed"
          aria-pressed={locked.value}
          title={locked.value ? 'The seed stays' : 'Keep this seed'}
          onClick={() => {
            locked.value = !locked.value;
          }}
        >
          {locked.value ? <IconLockLocked16 /> : <IconLockUnlocked16 />}
        </IconButton>
        <IconButton aria-label="Another seed" title="Another seed" onClick={onShuffle}>
          <IconSwap16 />
        </IconButton>
      </div>
    </div>
  );
}
