/** What a person watching a long job sees: a bar on a terminal, plain lines now and then elsewhere. */

import { Presets, SingleBar } from 'cli-progress';

export interface JobDisplay {
  /** `note` is a short text beside the count, such as the loss. */
  update(done: number, note: string): void;
  stop(): void;
}

const LINE_EVERY_MS = 20_000;

/** Shows progress towards `total` units on standard error. */
export function showJob(total: number, start: number, unit: string): JobDisplay {
  const startedMs = performance.now();
  const remaining = (done: number) => {
    const perUnit = (performance.now() - startedMs) / Math.max(1, done - start);
    return duration(perUnit * (total - done));
  };
  if (process.stderr.isTTY) {
    const format = `{bar} {value}/{total} ${unit} | {note} | {left} left`;
    const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true }, Presets.shades_classic);
    bar.start(total, start, { note: '', left: '?' });
    return {
      update: (done, note) => bar.update(done, { note, left: remaining(done) }),
      stop: () => bar.stop(),
    };
  }
  // A job that is done before the first line is due says nothing.
  let printedMs = startedMs;
  return {
    update(done, note) {
      const now = performance.now();
      const finished = done >= total && printedMs > startedMs;
      if (now - printedMs < LINE_EVERY_MS && !finished) return;
      printedMs = now;
      process.stderr.write(`${done}/${total} ${unit} | ${note} | ${remaining(done)} left\n`);
    },
    stop: () => undefined,
  };
}

/** "1 h 05 min", "3 min 20 s" or "12 s". */
export function duration(ms: number): string {
  const s = Math.round(ms / 1000);
  if (s >= 3600)
    return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`;
  return s >= 60 ? `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s` : `${s} s`;
}
