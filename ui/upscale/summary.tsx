/** What a job did, layer by layer, and what can be done about what it did not do. */

import { Button } from '@create-figma-plugin/ui';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { JobItem } from '../../plugin/jobs/job.js';
import { usePanel } from '../context.js';
import { ErrorNotice, Notice } from '../parts/notice.js';
import { type JobOrder, orderOf } from '../state/job-state.js';
import { pictureFile, saveFile } from '../state/save-file.js';
import { countText } from '../state/words.js';
import { ItemMark, stateText } from './running.js';

export function Summary(): JSX.Element | null {
  const { job } = usePanel();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const phase = job.phase.value;
  if (phase.kind === 'broken')
    return (
      <>
        <div class="scroll section">
          <h2 class="job-title" tabIndex={-1} ref={heading}>
            The job could not run
          </h2>
          <ErrorNotice error={phase.error} />
        </div>
        <Buttons order={phase.order} count={0} />
      </>
    );
  if (phase.kind !== 'ended') return null;
  const { summary, order } = phase;
  const retry = summary.items.filter(({ state }) => state.kind === 'failed' || state.kind === 'cancelled');
  return (
    <>
      <div class="scroll">
        <div class="section">
          <h2 class="job-title" tabIndex={-1} ref={heading}>
            {summary.sentence}
          </h2>
          {summary.notices.map((sentence) => (
            <Notice key={sentence}>
              <p>{sentence}</p>
            </Notice>
          ))}
        </div>
        <ul class="section items" aria-label="Layers of the job">
          {summary.items.map((item) => (
            <EndedItem key={item.layerId} item={item} />
          ))}
        </ul>
      </div>
      <Buttons order={orderOf(order, retry)} count={retry.length} />
    </>
  );
}

function EndedItem({ item }: { readonly item: JobItem }): JSX.Element {
  const { state } = item;
  return (
    <li class={`item ${state.kind}`}>
      <ItemMark state={state} />
      <span class="layer-text selectable">
        <span class="ellipsis" title={item.name}>
          {item.name}
        </span>
        {state.kind === 'failed' ? (
          <span>
            {state.message} {state.hint}
          </span>
        ) : (
          <span class="quiet numbers">{stateText(item)}</span>
        )}
        {state.kind === 'done'
          ? state.notices.map((notice) => (
              <span key={notice} class="quiet">
                {notice}
              </span>
            ))
          : null}
        {state.kind === 'failed' && state.rescued ? <Rescue item={item} picture={state.rescued} /> : null}
      </span>
    </li>
  );
}

/** The picture is finished, only the editor did not take it: it need not be lost. */
function Rescue(props: {
  readonly item: JobItem;
  readonly picture: Parameters<typeof pictureFile>[1];
}): JSX.Element {
  const { item, picture } = props;
  return (
    <span class="rescue">
      <Button
        secondary
        aria-label={`Save file: ${item.name}, enlarged`}
        onClick={() => saveFile(pictureFile(item.name, picture))}
      >
        Save file
      </Button>
      <span class="quiet">The enlarged picture is ready.</span>
    </span>
  );
}

function Buttons({ order, count }: { readonly order: JobOrder; readonly count: number }): JSX.Element {
  const { job } = usePanel();
  const again = job.phase.value.kind === 'broken' || count > 0;
  return (
    <div class="footer row">
      {again ? (
        <div class="tall">
          <Button secondary onClick={() => void job.start(order)}>
            {count > 0 ? `Try ${countText(count, 'layer')} again` : 'Try again'}
          </Button>
        </div>
      ) : null}
      <div class="primary grow">
        <Button fullWidth onClick={job.dismiss}>
          Done
        </Button>
      </div>
    </div>
  );
}
