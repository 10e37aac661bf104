/** The picked picture while it is enlarged and placed: how far it is, a way to stop, and what every stage has made. */

import { Button } from '@create-figma-plugin/ui';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { usePanel } from '../context.js';
import { ProgressBar } from '../parts/progress-bar.js';
import { leftText } from '../state/words.js';
import { StageInspector } from './stage-inspector.js';
import { useGenerate } from './use-generate.js';

export function Enlarging(): JSX.Element | null {
  const { info } = usePanel();
  const { placing } = useGenerate();
  const heading = useRef<HTMLHeadingElement>(null);
  // The button that had the focus is gone: go on from here.
  useEffect(() => heading.current?.focus(), []);
  const phase = placing.phase.value;
  if (phase.kind !== 'running') return null;
  const { candidate, progress, step, cancelling } = phase;
  const percent = step === 'placing' ? 100 : Math.floor(progress?.percent ?? 0);
  const where =
    step === 'placing'
      ? `${info.title} is taking the picture…`
      : progress
        ? `stage ${progress.stage} of ${progress.stages}`
        : 'starting…';
  return (
    <>
      <div class="scroll">
        <div class="section">
          <h2 class="job-title ellipsis" tabIndex={-1} ref={heading} title={candidate.prompt}>
            {step === 'placing' ? 'Placing' : 'Enlarging'} “{candidate.prompt}”
          </h2>
          <ProgressBar label="Enlarging" percent={percent} />
          <p class="bar-text quiet numbers">
            <span>
              {percent} %, {where}
            </span>
            <span>{cancelling ? 'stopping…' : leftText(progress?.secondsLeft ?? null)}</span>
          </p>
        </div>
        <StageInspector />
      </div>
      <div class="footer">
        <div class="tall">
          <Button fullWidth secondary aria-disabled={cancelling} onClick={placing.cancel}>
            {cancelling ? 'Stopping…' : 'Cancel'}
          </Button>
        </div>
        <p class="start-note quiet">The document changes only when the picture is finished.</p>
      </div>
    </>
  );
}
