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

/** What to do where whoever met the error knows nothing better. A stop that was asked for needs no way out. */
const WAYS_OUT: Readonly<Record<ErrorCode, string>> = {
  'input-unreadable': 'Try another file.',
  'input-unsupported': 'Try another file.',
  'option-invalid': 'Change that and try again.',
  'output-too-large': 'Choose a smaller size.',
  'output-unwritable': 'Choose another format or place.',
  'pack-invalid': 'Get the model pack again, or use another one.',
  'pack-hash-mismatch': 'Get the model pack again.',
  'pack-missing-component': 'Use another model pack.',
  'backend-unknown': 'Choose another engine.',
  'backend-unavailable': 'Try again, or choose another engine.',
  'engine-lost': 'Try again.',
  'out-of-memory': 'Close other programs, or choose a smaller size.',
  'bad-picture': 'Try another engine or another detail.',
  'train-diverged': 'Train with a lower learning rate.',
  'data-missing': 'Look whether the folder is the right one.',
  'layer-gone': 'Select a layer and try again.',
  'placement-failed': 'Save the picture instead, or try again.',
  'host-unavailable': 'Close the plugin and open it again.',
  'message-invalid': 'Try again; nothing has been changed.',
  'preset-invalid': 'Use another preset.',
  'store-failed': 'Try again.',
  'prompt-invalid': 'Change the prompt and try again.',
  'generator-failed': 'Try again, or with another prompt.',
  'generator-refused': 'Change the prompt and try again.',
  cancelled: '',
  'graph-invalid': 'Try another engine, and please report this.',
  internal: 'Try again. If it happens again, please report it.',
};

export class EnlargerError extends Error {
  override readonly name = 'EnlargerError';
  readonly hint: string;

  /** @param hint What to do about it; by default what usually helps with this code. */
  constructor(
    readonly code: ErrorCode,
    message: string,
    hint = '',
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.hint = hint || WAYS_OUT[code];
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
