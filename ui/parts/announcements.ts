/** What a screen reader is told without the focus moving: quarters of a job, its end, what commands did. */

import { useSignalEffect } from '@preact/signals';
import { useRef, useState } from 'preact/hooks';
import type { PanelModel } from '../state/panel-model.js';
import { leftText } from '../state/words.js';

const STEP_PERCENT = 25;

/** The latest sentence. */
export function useAnnouncements({ job, announcement }: PanelModel): string {
  const [said, say] = useState('');
  const step = useRef(-1);
  useSignalEffect(() => {
    if (announcement.value) say(announcement.value);
  });
  useSignalEffect(() => {
    const phase = job.phase.value;
    if (phase.kind === 'running') {
      const now = Math.floor((phase.status?.percent ?? 0) / STEP_PERCENT);
      if (phase.cancelling) say('Stopping.');
      else if (now !== step.current) {
        step.current = now;
        const left = leftText(phase.status?.secondsLeft ?? null);
        say(now === 0 ? 'Enlarging has begun.' : `${now * STEP_PERCENT} percent${left ? `, ${left}` : ''}.`);
      }
    } else {
      step.current = -1;
      if (phase.kind === 'ended') say(`${phase.summary.sentence}.`);
      if (phase.kind === 'broken') say(`${phase.error.message} ${phase.error.hint}`);
    }
  });
  return said;
}
