/** The candidates as they come into being, one of which is picked. */

import { Button } from '@create-figma-plugin/ui';
import { useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { ErrorNotice, Notice } from '../parts/notice.js';
import { ProgressBar } from '../parts/progress-bar.js';
import { CANDIDATES, type Slot } from '../state/candidates-state.js';
import { countText, leftText } from '../state/words.js';
import { useGenerate } from './use-generate.js';

export function Candidates(): JSX.Element | null {
  const { candidates, focusOn } = useGenerate();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  useSignalEffect(() => {
    if (focusOn.value !== 'candidates') return;
    const inputs = [...(list.current?.querySelectorAll('input') ?? [])];
    (inputs.find(({ checked }) => checked) ?? inputs[0])?.focus();
    focusOn.value = null;
  });
  const { order, slots, making, error } = candidates;
  const section = useRef<HTMLElement>(null);
  // Pictures, Cancel and what went wrong stand below the prompt: on a low panel out of sight.
  useEffect(() => section.current?.scrollIntoView({ block: 'nearest' }), [order.value, error.value]);
  if (!order.value) return null;
  return (
    <section class="section" aria-labelledby={id} ref={section}>
      <div class="section-head">
        <h2 id={id} class="ellipsis" title={order.value.prompt}>
          {order.value.prompt}
        </h2>
        {candidates.picked.value ? (
          <span class="quiet numbers">seed {candidates.picked.value.candidate.candidateSeed}</span>
        ) : null}
      </div>
      <div
        class="candidates"
        role="radiogroup"
        aria-labelledby={id}
        aria-busy={making.value !== null}
        ref={list}
      >
        {slots.value.map((slot, index) => (
          <CandidateTile key={index} slot={slot} index={index} />
        ))}
      </div>
      {making.value ? <MakingLine /> : <Rest />}
    </section>
  );
}

function CandidateTile(props: { readonly slot: Slot; readonly index: number }): JSX.Element {
  const { candidates } = useGenerate();
  const { slot, index } = props;
  if (slot.kind !== 'ready')
    return (
      <div class={`candidate ${slot.kind}`} aria-hidden="true">
        {slot.kind === 'working' ? (
          <span class="bar">
            <span style={{ width: `${slot.percent}%` }} />
          </span>
        ) : null}
      </div>
    );
  return (
    <label class="candidate ready">
      <input
        type="radio"
        name="candidate"
        aria-label={`Picture ${index + 1} of ${CANDIDATES}, seed ${slot.candidate.candidateSeed}`}
        checked={candidates.chosen.value === index}
        onChange={() => {
          candidates.chosen.value = index;
        }}
      />
      <img src={slot.url} alt="" draggable={false} />
    </label>
  );
}

function MakingLine(): JSX.Element | null {
  const { candidates } = useGenerate();
  const making = candidates.making.value;
  if (!making) return null;
  const percent = Math.floor(making.percent);
  return (
    <div class="making">
      <ProgressBar label="Generating" percent={making.percent} />
      <div class="row bar-text">
        <span class="grow quiet numbers">
          {making.cancelling
            ? 'stopping…'
            : [`${percent} %`, leftText(making.secondsLeft)].filter(Boolean).join(', ')}
        </span>
        <Button secondary aria-disabled={making.cancelling} onClick={() => void candidates.cancel()}>
          {making.cancelling ? 'Stopping…' : 'Cancel'}
        </Button>
      </div>
    </div>
  );
}

/** What was stopped or has failed, and the way to have it all the same. */
function Rest(): JSX.Element | null {
  const { candidates } = useGenerate();
  const { error, ready } = candidates;
  const missing = CANDIDATES - ready.value;
  const resume = () => void candidates.resume();
  if (error.value)
    return (
      <div class="making">
        <ErrorNotice
          error={error.value}
          actions={
            <Button secondary onClick={resume}>
              Try again
            </Button>
          }
        />
      </div>
    );
  if (missing === 0) return null;
  return (
    <div class="making">
      <Notice
        actions={
          <Button secondary onClick={resume}>
            {ready.value === 0 ? 'Begin again' : 'Make the rest'}
          </Button>
        }
      >
        <p>Stopped after {countText(ready.value, 'picture')}.</p>
      </Notice>
    </div>
  );
}
