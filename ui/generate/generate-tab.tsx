/** The Generate tab: prompt and candidates, or the picked one on its way into the document. */

import { LoadingIndicator } from '@create-figma-plugin/ui';
import type { JSX } from 'preact';
import { Candidates } from './candidates.js';
import { Enlarging } from './enlarging.js';
import { Pick, PickFields } from './pick.js';
import { Placed } from './placed.js';
import { PromptFields } from './prompt-fields.js';
import { useGenerate } from './use-generate.js';

export function GenerateTab(): JSX.Element {
  const { info, placing, candidates } = useGenerate();
  const phase = placing.phase.value.kind;
  if (!info.value)
    return (
      <div class="empty" aria-busy="true">
        <LoadingIndicator />
        <p>Getting the engine ready…</p>
      </div>
    );
  if (phase === 'running') return <Enlarging />;
  if (phase === 'placed' || phase === 'failed') return <Placed />;
  return (
    <>
      <div class="scroll">
        <PromptFields />
        <Candidates />
        {candidates.order.value ? <PickFields /> : null}
      </div>
      {candidates.order.value ? <Pick /> : null}
    </>
  );
}
