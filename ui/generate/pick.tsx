/** How the picked picture is enlarged, and the button that puts it into the document. */

import { Button } from '@create-figma-plugin/ui';
import type { JSX } from 'preact';
import { usePanel } from '../context.js';
import { Choices } from '../parts/fields.js';
import { durationText } from '../state/words.js';
import { DetailField } from '../upscale/settings-fields.js';
import { useGenerate } from './use-generate.js';

/** Size, detail and stages of what is enlarged. */
export function PickFields(): JSX.Element {
  const generate = useGenerate();
  const { size, sizes, doubling } = generate;
  return (
    <div class="section">
      <Choices
        label="Size"
        options={sizes.value.map((each) => ({ value: String(each), label: String(each) }))}
        value={String(size.value)}
        onChange={(value) => generate.setSize(Number(value))}
      />
      <details class="field advanced">
        <summary>Detail and stages</summary>
        <DetailField />
        <Choices
          label="Stages"
          options={[
            { value: 'few', label: 'As few as possible' },
            { value: 'double', label: 'Twice each time' },
          ]}
          value={doubling.value ? 'double' : 'few'}
          onChange={(value) => {
            doubling.value = value === 'double';
          }}
        />
      </details>
    </div>
  );
}

/** The big button. */
export function Pick(): JSX.Element {
  const { job, engine } = usePanel();
  const generate = useGenerate();
  const why = whyNot(job.phase.value.kind === 'running', generate.candidates);
  const seconds = engine.secondsFor(generate.pixels.value);
  const takes = seconds === null ? '' : `, takes ${seconds < 1 ? '' : 'about '}${durationText(seconds)}`;
  return (
    <div class="footer">
      <div class="primary">
        <Button
          fullWidth
          aria-disabled={why !== ''}
          aria-describedby="place-note"
          onClick={() => {
            if (!why) void generate.enlargeAndPlace();
          }}
        >
          Enlarge and place
        </Button>
      </div>
      <p class="start-note quiet" id="place-note">
        {why || `${generate.size.value} pixels${takes}`}
      </p>
    </div>
  );
}

/** Why the button does nothing now, and the way out; empty when it does something. */
function whyNot(
  jobRuns: boolean,
  { picked, ready, making }: ReturnType<typeof useGenerate>['candidates'],
): string {
  if (jobRuns) return 'A job is running in the Upscale tab.';
  if (picked.value) return '';
  if (ready.value > 0) return 'Pick one of the pictures.';
  return making.value ? 'The first picture is on its way…' : 'Generate pictures to pick from.';
}
