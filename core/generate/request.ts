/** Checks what is asked of a generator, before anything is spent on it. */

import { EnlargerError } from '../errors.js';
import type { Choice, GenerateOptions, GeneratorFacts } from './generator.js';

/** Most candidates of one request. */
export const MAX_COUNT = 16;

/** A request with all defaults filled in. `steps` is 0 and `guidance` 1 where they cannot be chosen. */
export interface CheckedRequest {
  /** Without space around it. */
  readonly prompt: string;
  readonly count: number;
  readonly seed: number;
  readonly guidance: number;
  readonly steps: number;
}

/** @throws EnlargerError `prompt-invalid`, `option-invalid`. */
export function checkRequest(facts: GeneratorFacts, options: GenerateOptions): CheckedRequest {
  const { count = 1, seed = 0 } = options;
  if (!(Number.isInteger(count) && count >= 1 && count <= MAX_COUNT))
    throw invalid(`The number of pictures must be a whole number from 1 to ${MAX_COUNT}, not ${count}.`);
  if (!(Number.isSafeInteger(seed) && seed >= 0))
    throw invalid(`The seed must be a whole number from 0, not ${seed}.`);
  return {
    prompt: checkPrompt(options.prompt, facts.maxPromptLength),
    count,
    seed,
    guidance: choose('guidance', facts.guidance, options.guidance, 1),
    steps: choose('number of steps', facts.steps, options.steps, 0, true),
  };
}

function checkPrompt(prompt: unknown, maxLength: number): string {
  const text = typeof prompt === 'string' ? prompt.normalize('NFC').trim() : '';
  if (text === '')
    throw new EnlargerError(
      'prompt-invalid',
      'There is no prompt.',
      'Say in a few words what the picture should show, such as "red apple".',
    );
  const { length } = [...text];
  if (length > maxLength)
    throw new EnlargerError(
      'prompt-invalid',
      `The prompt has ${length} characters, and ${maxLength} are the most.`,
      'Shorten it.',
    );
  return text;
}

function choose(
  name: string,
  choice: Choice | null,
  wanted: number | undefined,
  without: number,
  whole = false,
): number {
  if (!choice) {
    if (wanted === undefined) return without;
    throw invalid(`This generator does not let the ${name} be chosen.`, 'Leave it out.');
  }
  const value = wanted ?? choice.default;
  if (value >= 1 && value <= choice.max && (!whole || Number.isInteger(value))) return value;
  throw invalid(
    `The ${name} must be a ${whole ? 'whole ' : ''}number from 1 to ${choice.max}, not ${value}.`,
  );
}

const invalid = (message: string, hint = ''): EnlargerError =>
  new EnlargerError('option-invalid', message, hint);

/** The seed of candidate `index`: consecutive, and from 0 again after the largest. */
export function candidateSeed(seed: number, index: number): number {
  const left = Number.MAX_SAFE_INTEGER - seed;
  return index <= left ? seed + index : index - left - 1;
}

/** @throws EnlargerError `cancelled` when the signal says so. */
export function checkCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new EnlargerError('cancelled', 'The job was stopped before it was done.');
}
