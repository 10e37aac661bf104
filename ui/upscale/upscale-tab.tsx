/** The Upscale tab: settings and preview, or the job that runs, or what it did. */

import { Button, IconLayerImage16 } from '@create-figma-plugin/ui';
import type { JSX } from 'preact';
import { usePanel } from '../context.js';
import { ErrorNotice } from '../parts/notice.js';
import { LayerList } from './layer-list.js';
import { Preview } from './preview.js';
import { Running } from './running.js';
import {
  DetailField,
  LimitField,
  PlacementField,
  PresetLine,
  SeedField,
  SizeField,
} from './settings-fields.js';
import { EngineFailed, Start } from './start.js';
import { Summary } from './summary.js';

export function UpscaleTab(): JSX.Element {
  const model = usePanel();
  const { job, selection, selected, info } = model;
  const phase = job.phase.value.kind;
  if (phase === 'running') return <Running />;
  if (phase === 'ended' || phase === 'broken') return <Summary />;
  const status = selection.status.value;
  if (status.kind === 'failed')
    return (
      <div class="section">
        <ErrorNotice
          error={status.error}
          actions={
            <Button secondary onClick={() => void selection.refresh()}>
              Try again
            </Button>
          }
        />
      </div>
    );
  if (status.kind === 'loading') return <div class="scroll" aria-busy="true" />;
  if (selected.value.layers.length === 0)
    return (
      <>
        <div class="empty">
          <span class="empty-icon" aria-hidden="true">
            <IconLayerImage16 />
          </span>
          <h2>Select a picture in {info.title}</h2>
          <p>
            Select one layer or several. Each becomes larger and sharper in its place; nothing leaves this
            machine.
          </p>
        </div>
        {model.engine.status.value.kind === 'failed' ? (
          <div class="section">
            <EngineFailed model={model} />
          </div>
        ) : null}
      </>
    );
  return (
    <>
      <div class="scroll">
        <div class="section">
          <LayerList />
          <Preview />
        </div>
        <div class="section">
          <PresetLine />
          <SizeField />
          <LimitField />
          <DetailField />
          <SeedField />
          <PlacementField />
        </div>
      </div>
      <Start />
    </>
  );
}
