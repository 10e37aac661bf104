/** About this machine: what does the work, how fast, with which pack, and the facts to send along with a question. */

import { Button, LoadingIndicator } from '@create-figma-plugin/ui';
import type { JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { EngineChoiceName, EngineFacts } from '../../plugin/engine/engine-client.js';
import { usePanel } from '../context.js';
import { Select } from '../parts/fields.js';
import { copyText } from '../state/copy-text.js';
import { diagnosticsText } from '../state/diagnostics.js';
import { comparisonText, engineText } from '../state/engine-words.js';
import { countText, millisecondsText, sizeText, speedText } from '../state/words.js';
import { EngineFailed } from '../upscale/start.js';

const ENGINES: readonly { readonly value: EngineChoiceName; readonly label: string }[] = [
  { value: 'auto', label: 'Fastest' },
  { value: 'webgpu', label: 'GPU' },
  { value: 'wasm', label: 'Processor' },
];

export function AboutTab(): JSX.Element {
  const model = usePanel();
  const { engine, job, generate } = model;
  const status = engine.status.value;
  return (
    <div class="scroll">
      <section class="section" aria-labelledby="about-engine">
        <div class="section-head">
          <h2 id="about-engine">Engine</h2>
          {job.phase.value.kind === 'running' || generate?.busy.value ? null : (
            <Select<EngineChoiceName>
              label="Engine to use"
              options={ENGINES}
              value={engine.wanted.value}
              onChange={(choice) => void engine.start(choice)}
            />
          )}
        </div>
        {status.kind === 'starting' ? (
          <p class="row">
            <LoadingIndicator /> Getting the engine ready…
          </p>
        ) : null}
        {status.kind === 'failed' ? <EngineFailed model={model} /> : null}
        {status.kind === 'ready' ? <EngineDetails facts={status.facts} /> : null}
      </section>
      <LastJob />
      {status.kind === 'ready' ? <PackDetails heading="Model pack" pack={status.facts.pack} /> : null}
      {generate?.info.value ? <PackDetails heading="Generator" pack={generate.info.value} /> : null}
      <Diagnostics />
    </div>
  );
}

function EngineDetails({ facts }: { readonly facts: EngineFacts }): JSX.Element {
  const { engine } = usePanel();
  const comparison = comparisonText(facts);
  return (
    <dl class="facts selectable">
      <dt>Runs on</dt>
      <dd>
        {engineText(facts)}
        {facts.name === 'wasm' ? <span class="fact-note quiet">{facts.description}</span> : null}
        {comparison ? <span class="fact-note quiet">{comparison}</span> : null}
      </dd>
      <dt>Because</dt>
      <dd>{facts.reason}</dd>
      <dt>Speed</dt>
      <dd class="numbers">{speedText(engine.measured.value ?? facts.pixelsPerSecond)}</dd>
      <dt>Ready after</dt>
      <dd class="numbers">{millisecondsText(facts.startMs)}</dd>
      <dt>Network</dt>
      <dd>Not used: pictures stay on this machine.</dd>
    </dl>
  );
}

function LastJob(): JSX.Element {
  const { engine } = usePanel();
  const timings = engine.timings.value;
  return (
    <section class="section" aria-labelledby="about-job">
      <div class="section-head">
        <h2 id="about-job">Last job</h2>
        {timings && timings.results.length > 0 ? (
          <span class="quiet numbers">{millisecondsText(timings.milliseconds)} in all</span>
        ) : null}
      </div>
      {timings && timings.results.length > 0 ? (
        <table class="timings numbers">
          <thead>
            <tr>
              <th scope="col">Picture</th>
              <th scope="col">Stage</th>
              <th scope="col">Time</th>
            </tr>
          </thead>
          <tbody>
            {timings.results.flatMap(({ inputWidth, inputHeight, stages }, picture) =>
              stages.map(({ factor, width, height, milliseconds }, stage) => (
                <tr key={`${picture}-${stage}`}>
                  <td>{stage === 0 ? sizeText({ width: inputWidth, height: inputHeight }) : ''}</td>
                  <td>
                    {factor}× → {sizeText({ width, height })}
                  </td>
                  <td>{millisecondsText(milliseconds)}</td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      ) : (
        <p class="quiet">The time each stage took is shown here after a job.</p>
      )}
    </section>
  );
}

function PackDetails(props: {
  readonly heading: string;
  readonly pack: Pick<EngineFacts['pack'], 'title' | 'licence' | 'trainedOn'>;
}): JSX.Element {
  const { heading, pack } = props;
  const id = useId();
  return (
    <section class="section" aria-labelledby={id}>
      <div class="section-head">
        <h2 id={id}>{heading}</h2>
      </div>
      <dl class="facts selectable">
        <dt>Name</dt>
        <dd>{pack.title}</dd>
        <dt>Licence</dt>
        <dd>{pack.licence}</dd>
      </dl>
      {pack.trainedOn.length > 0 ? (
        <details class="sources">
          <summary>Trained on {countText(pack.trainedOn.length, 'source')} of free pictures</summary>
          <ul class="selectable">
            {pack.trainedOn.map(({ name, licence }) => (
              <li key={name}>
                {name} <span class="quiet">{licence}</span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}

function Diagnostics(): JSX.Element {
  const { info, engine, announcement } = usePanel();
  const [copied, setCopied] = useState<'no' | 'yes' | 'by-hand'>('no');
  const field = useRef<HTMLTextAreaElement>(null);
  const text = diagnosticsText({
    info,
    engine: engine.status.value,
    timings: engine.timings.value,
    userAgent: navigator.userAgent,
    secureContext: globalThis.isSecureContext,
    crossOriginIsolated: globalThis.crossOriginIsolated,
  });
  useEffect(() => {
    if (copied === 'by-hand') field.current?.select();
  }, [copied]);
  return (
    <section class="section" aria-labelledby="about-diagnostics">
      <div class="section-head">
        <h2 id="about-diagnostics">Something does not work?</h2>
        <Button
          secondary
          onClick={() =>
            void copyText(text).then((worked) => {
              setCopied(worked ? 'yes' : 'by-hand');
              announcement.value = worked ? 'Diagnostics are on the clipboard.' : 'Copy the text by hand.';
            })
          }
        >
          {copied === 'yes' ? 'Copied' : 'Copy diagnostics'}
        </Button>
      </div>
      <p class="quiet">Facts on browser, engine and last job; no pictures and no names of layers.</p>
      {copied === 'by-hand' ? (
        <>
          <p>The editor does not let this panel use the clipboard: copy the text from here.</p>
          <textarea ref={field} class="diagnostics" readOnly aria-label="Diagnostics" value={text} />
        </>
      ) : null}
    </section>
  );
}
