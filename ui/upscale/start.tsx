/** The one big button, what it will take, and the question before a slow run. */

import { Button } from '@create-figma-plugin/ui';
import type { JSX } from 'preact';
import { usePanel } from '../context.js';
import { Dialog } from '../parts/dialog.js';
import { ErrorNotice } from '../parts/notice.js';
import { engineText, slowdownText } from '../state/engine-words.js';
import type { PanelModel } from '../state/panel-model.js';
import { countText, durationText, sizeText } from '../state/words.js';

export function Start(): JSX.Element | null {
  const model = usePanel();
  const { engine, plan, job, selected } = model;
  if (selected.value.layers.length === 0) return null;
  const status = engine.status.value;
  const why = whyNot(model);
  return (
    <div class="footer">
      {status.kind === 'failed' ? <EngineFailed model={model} /> : null}
      <div class="primary">
        <Button
          fullWidth
          aria-disabled={why !== ''}
          aria-describedby="start-note"
          onClick={() => {
            if (!why) void model.upscale();
          }}
        >
          {startText(plan.value)}
        </Button>
      </div>
      <p class="start-note two-lines quiet" id="start-note">
        {why || <Estimate model={model} />}
      </p>
      {job.phase.value.kind === 'asking' ? <SlowQuestion seconds={job.phase.value.seconds} /> : null}
    </div>
  );
}

/** Why the button does nothing now, and the way out; empty when it does something. */
function whyNot({ engine, plan, settings, job, generate }: PanelModel): string {
  if (job.phase.value.kind === 'running') return 'A job is running.';
  if (generate?.busy.value) return 'A picture is being made in the Generate tab.';
  if (settings.problem.value) return settings.problem.value;
  if (plan.value.ready === 0) {
    const problem = plan.value.layers.flatMap(({ pictures }) => pictures).find((picture) => picture.problem);
    return problem?.hint || 'Nothing of what is selected can be enlarged: select another layer.';
  }
  if (engine.status.value.kind === 'starting') return 'Getting the engine ready…';
  if (engine.status.value.kind === 'failed') return 'The engine has to start first.';
  return '';
}

function startText({ layers, ready }: PanelModel['plan']['value']): string {
  const results = layers.flatMap(({ skip, pictures }) => (skip ? [] : pictures));
  if (ready === 1 && results.length === 1 && results[0].result)
    return `Upscale to ${sizeText(results[0].result)}`;
  return ready === 0 ? 'Upscale' : `Upscale ${countText(ready, 'layer')}`;
}

function Estimate({ model }: { readonly model: PanelModel }): JSX.Element | null {
  const { engine, plan } = model;
  const seconds = engine.secondsFor(plan.value.pixels);
  const status = engine.status.value;
  if (seconds === null || status.kind !== 'ready') return null;
  return (
    <>
      <span class="note-line">
        Takes {seconds < 1 ? '' : 'about '}
        {durationText(seconds)}
      </span>
      <span class="note-line">{engineText(status.facts)}</span>
    </>
  );
}

/** The engine did not start: what happened and both ways out. */
export function EngineFailed({ model }: { readonly model: PanelModel }): JSX.Element | null {
  const { engine } = model;
  const status = engine.status.value;
  if (status.kind !== 'failed') return null;
  return (
    <div class="footer-notice">
      <ErrorNotice
        error={status.error}
        actions={
          <>
            <Button secondary onClick={() => void engine.start()}>
              Try again
            </Button>
            {engine.wanted.value === 'wasm' ? null : (
              <Button secondary onClick={() => void engine.start('wasm')}>
                Use the processor
              </Button>
            )}
          </>
        }
      />
    </div>
  );
}

function SlowQuestion({ seconds }: { readonly seconds: number }): JSX.Element {
  const { job, engine } = usePanel();
  const status = engine.status.value;
  const slowdown = status.kind === 'ready' ? status.facts.slowdown : null;
  return (
    <Dialog
      title={`This takes about ${durationText(seconds)}`}
      yes="Start"
      no="Not now"
      onYes={() => void job.confirm()}
      onNo={job.cancel}
    >
      <p>
        The processor does the work{slowdown ? `, ${slowdownText(slowdown)}` : ''}. You can go on working
        meanwhile and cancel at any time. A smaller size takes less.
      </p>
    </Dialog>
  );
}
