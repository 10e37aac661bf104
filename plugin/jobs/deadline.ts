/** Waiting that ends soon after a job is cancelled, whatever the other side does. */

import { cancelledError } from '../stopping.js';

/** How long a call that has begun may still take after the signal: together with the rest, under a second. */
export const GRACE_MS = 700;

/** Ends waiting for calls at most `graceMs` after the signal, all calls together. */
export class Deadline {
  private abortedMs: number | null = null;

  constructor(
    private readonly signal: AbortSignal | undefined,
    private readonly graceMs = GRACE_MS,
  ) {
    const note = () => {
      this.abortedMs = performance.now();
    };
    if (signal?.aborted) note();
    else signal?.addEventListener('abort', note, { once: true });
  }

  /**
   * The promise's own end, or `cancelled` when time is up: at once after the signal for a call without consequences
   * (`patient` false). A promise that is left behind may end as it likes; nobody listens.
   */
  wait<T>(promise: Promise<T>, patient = true): Promise<T> {
    const { signal } = this;
    if (!signal) return promise;
    return new Promise<T>((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const abort = () => {
        const used = this.abortedMs === null ? 0 : performance.now() - this.abortedMs;
        timer = setTimeout(() => reject(cancelledError()), patient ? Math.max(0, this.graceMs - used) : 0);
      };
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true });
      const settle = () => {
        signal.removeEventListener('abort', abort);
        clearTimeout(timer);
      };
      promise.then(resolve, reject).finally(settle);
    });
  }
}
