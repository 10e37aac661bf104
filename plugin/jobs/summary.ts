/** The end of a job in one sentence. Pure. */

import type { JobItem, JobSummary } from './job.js';

const NAMES_SHOWN = 2;

/** Counts and one sentence: "3 enlarged, 2 skipped: 1 locked, 1 hidden". */
export function summarise(items: readonly JobItem[], notices: readonly string[]): JobSummary {
  const of = (kind: JobItem['state']['kind']) => items.filter(({ state }) => state.kind === kind);
  const [done, skipped, failed] = [of('done'), of('skipped'), of('failed')];
  const stopped = items.length - done.length - skipped.length - failed.length;
  const parts: string[] = [];
  if (done.length > 0) parts.push(`${done.length} enlarged${stopped > 0 ? ' and kept' : ''}`);
  else parts.push(items.length === 0 ? 'Nothing was selected' : 'Nothing enlarged');
  if (skipped.length > 0) parts.push(`${skipped.length} skipped: ${reasons(skipped)}`);
  if (failed.length > 0) parts.push(`${failed.length} failed: ${names(failed)}`);
  if (stopped > 0) parts.push(`${stopped} stopped`);
  return {
    enlarged: done.length,
    skipped: skipped.length,
    failed: failed.length,
    cancelled: stopped,
    sentence: parts.join(', '),
    notices,
    items,
  };
}

/** "locked" when there is one reason, "2 locked, 1 hidden" when there are several, most frequent first. */
function reasons(items: readonly JobItem[]): string {
  const counts = new Map<string, number>();
  for (const { state } of items) {
    if (state.kind === 'skipped') counts.set(state.reason, (counts.get(state.reason) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.length === 1
    ? sorted[0][0]
    : sorted.map(([reason, count]) => `${count} ${reason}`).join(', ');
}

function names(items: readonly JobItem[]): string {
  const shown = items.slice(0, NAMES_SHOWN).map(({ name }) => `“${name}”`);
  const more = items.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(' and ');
}
