/** Stopping, in the one way that jobs and hosts share. */

import { EnlargerError } from '../core/errors.js';

/** What a job that was stopped rejects with. */
export function cancelledError(): EnlargerError {
  return new EnlargerError('cancelled', 'It was stopped.', 'Start again when you like.');
}

/** @throws EnlargerError `cancelled` when the user has stopped the job. */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelledError();
}

/** The promise's own end, or `cancelled` at once when the user stops the job. */
export function orStopped<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(cancelledError());
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
