/**
 * The one error type that leaves the SDK. `code` is a closed union that callers may switch on, `message`
 * is a sentence a designer understands, and `hint` says what to do about it.
 */

/** Every code there is; the union `ErrorCode` comes from it, and so does the check of codes that arrive in messages. */
export const ERROR_CODES = [
  'input-unreadable',
  'input-unsupported',
  'option-invalid',
  'output-too-large',
  'output-unwritable',
  'pack-invalid',
  'pack-hash-mismatch',
  'pack-missing-component',
  'backend-unknown',
  'backend-unavailable',
  'engine-lost',
  'out-of-memory',
  'bad-picture',
  'train-diverged',
  'data-missing',
  'layer-gone',
  'placement-failed',
  'host-unavailable',
  'message-invalid',
  'preset-invalid',
  'store-failed',
  'prompt-invalid',
  'generator-failed',
  'generator-refused',
  'cancelled',
  'graph-invalid',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export class EnlargerError extends Error {
  override readonly name = 'EnlargerError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint: string = '',
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The error as an `EnlargerError`: itself if it is one, else wrapped as `internal` with its cause kept. */
export function toEnlargerError(error: unknown): EnlargerError {
  if (error instanceof EnlargerError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new EnlargerError('internal', `Something went wrong: ${message}`, 'Please report this.', {
    cause: error,
  });
}
