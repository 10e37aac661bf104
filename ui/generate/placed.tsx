/** What became of the picked picture, and what can be done when it did not get into the document. */

import { Button } from '@create-figma-plugin/ui';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { ErrorNotice, Notice } from '../parts/notice.js';
import { pictureFile, saveFile } from '../state/save-file.js';
import { sizeText } from '../state/words.js';
import { StageInspector } from './stage-inspector.js';
import { useGenerate } from './use-generate.js';

export function Placed(): JSX.Element | null {
  const generate = useGenerate();
  const { placing } = generate;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const phase = placing.phase.value;
  if (phase.kind !== 'placed' && phase.kind !== 'failed') return null;
  const { candidate } = phase;
  const rescued = phase.kind === 'failed' ? phase.rescued : null;
  return (
    <>
      <div class="scroll">
        <div class="section">
          <h2 class="job-title" tabIndex={-1} ref={heading}>
            {phase.kind === 'placed'
              ? `Placed at ${sizeText(phase.size)}`
              : rescued
                ? 'The picture could not be placed'
                : 'The picture could not be enlarged'}
          </h2>
          {phase.kind === 'failed' ? (
            <ErrorNotice
              error={phase.error}
              actions={
                rescued ? (
                  <Button secondary onClick={() => saveFile(pictureFile(candidate.prompt, rescued))}>
                    Save file
                  </Button>
                ) : undefined
              }
            />
          ) : (
            <>
              <p class="selectable">
                “{candidate.prompt}”, <span class="quiet numbers">seed {candidate.candidateSeed}</span>
              </p>
              {phase.notices.map((sentence) => (
                <Notice key={sentence}>
                  <p>{sentence}</p>
                </Notice>
              ))}
            </>
          )}
        </div>
        <StageInspector />
      </div>
      <div class="footer row">
        {phase.kind === 'failed' ? (
          <div class="tall">
            <Button secondary onClick={() => void placing.retry()}>
              {rescued ? 'Place again' : 'Try again'}
            </Button>
          </div>
        ) : null}
        <div class="primary grow">
          <Button fullWidth onClick={generate.done}>
            {phase.kind === 'placed' ? 'Done' : 'Back'}
          </Button>
        </div>
      </div>
    </>
  );
}
