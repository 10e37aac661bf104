/** Ctrl-C: once means stop at the next chance, twice means now. */

/** Exit code of a program that was interrupted, by convention 128 + SIGINT. */
export const INTERRUPTED = 130;

/** Listens until `done`; the signal is aborted by the first interrupt. */
export function onInterrupt(): { readonly signal: AbortSignal; done(): void } {
  const abort = new AbortController();
  const stop = () => {
    // Half-written files are swept on exit.
    if (abort.signal.aborted) process.exit(INTERRUPTED);
    process.stderr.write('Stopping ...\n');
    abort.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return {
    signal: abort.signal,
    done: () => process.off('SIGINT', stop).off('SIGTERM', stop),
  };
}
