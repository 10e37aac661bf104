/** A job under way: overall and layer by layer, with the time left and a way to stop. */

import { Button, IconOptionCheck16, IconWarning16, LoadingIndicator } from '@create-figma-plugin/ui';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ItemState, JobItem } from '../../plugin/jobs/job.js';
import { usePanel } from '../context.js';
import { ProgressBar } from '../parts/progress-bar.js';
import { countText, leftText, sizeText } from '../state/words.js';

export function Running(): JSX.Element | null {
  const { job } = usePanel();
  const heading = useRef<HTMLHeadingElement>(null);
  // The button that had the focus is gone: go on from here.
  useEffect(() => heading.current?.focus(), []);
  if (job.phase.value.kind !== 'running') return null;
  const { status, cancelling } = job.phase.value;
  const percent = Math.floor(status?.percent ?? 0);
  const items = status?.items ?? [];
  const wanted = items.filter(({ state }) => state.kind !== 'skipped');
  return (
    <>
      <div class="scroll">
        <div class="section">
          <h2 class="job-title" tabIndex={-1} ref={heading}>
            {items.length > 0 ? `Enlarging ${countText(wanted.length, 'layer')}` : 'Starting…'}
          </h2>
          <ProgressBar label="Whole job" percent={status?.percent ?? 0} />
          <p class="bar-text quiet numbers">
            <span>{percent} %</span>
            <span>{cancelling ? 'stopping…' : leftText(status?.secondsLeft ?? null)}</span>
          </p>
        </div>
        <ul class="section items" aria-label="Layers of the job">
          {items.map((item) => (
            <RunningItem key={item.layerId} item={item} />
          ))}
        </ul>
      </div>
      <div class="footer">
        <div class="tall">
          <Button fullWidth secondary aria-disabled={cancelling} onClick={job.cancel}>
            {cancelling ? 'Stopping…' : 'Cancel'}
          </Button>
        </div>
        <p class="start-note quiet">What is finished stays; the rest is left as it was.</p>
      </div>
    </>
  );
}

function RunningItem({ item }: { readonly item: JobItem }): JSX.Element {
  const { state } = item;
  return (
    <li class={`item ${state.kind}`}>
      <ItemMark state={state} />
      <span class="layer-text">
        <span class="ellipsis" title={item.name}>
          {item.name}
        </span>
        <span class="quiet numbers">{stateText(item)}</span>
        {state.kind === 'working' ? <ProgressBar label={item.name} percent={state.percent} /> : null}
      </span>
    </li>
  );
}

/** A sign for the state of an item; the words beside it say the same. */
export function ItemMark({ state }: { readonly state: ItemState }): JSX.Element {
  return (
    <span class={`mark ${state.kind}`} aria-hidden="true">
      {state.kind === 'done' ? (
        <IconOptionCheck16 />
      ) : state.kind === 'failed' ? (
        <IconWarning16 />
      ) : state.kind === 'working' ? (
        <LoadingIndicator />
      ) : (
        <span class="dot" />
      )}
    </span>
  );
}

/** The state of an item in a few words. */
export function stateText({ state, width, height }: JobItem): string {
  switch (state.kind) {
    case 'waiting':
      return 'waiting';
    case 'working':
      return `${Math.floor(state.percent)} %`;
    case 'done':
      return `${sizeText({ width, height })} → ${sizeText(state)}`;
    case 'skipped':
      return `skipped: ${state.reason}`;
    case 'failed':
      return 'failed';
    case 'cancelled':
      return 'cancelled, left as it was';
  }
}
