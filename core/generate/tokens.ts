/** Prompts to token numbers, by the tokenizer that a pack brings along (Hugging Face's tokenizer.json). */

import { Tokenizer } from '@huggingface/tokenizers';
import { EnlargerError } from '../errors.js';

/** Token numbers of one prompt, padded; the mask is 1 for those of the prompt and 0 for padding. */
export interface Tokens {
  readonly ids: readonly number[];
  readonly mask: readonly number[];
}

/** @throws EnlargerError `prompt-invalid` for a prompt with more tokens than fit. */
export type Tokenize = (prompt: string) => Tokens;

export interface TokenizeOptions {
  /** Tokens of every prompt, padding included. */
  readonly length: number;
  readonly pad: number;
}

/**
 * @param bytes The content of a tokenizer.json.
 * @param file What to call it in messages.
 * @throws EnlargerError `pack-invalid` when it is none.
 */
export function openTokenizer(bytes: Uint8Array, { length, pad }: TokenizeOptions, file: string): Tokenize {
  let tokenizer: Tokenizer;
  let special: number;
  try {
    tokenizer = new Tokenizer(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), {});
    special = tokenizer.encode('').ids.length;
  } catch (cause) {
    throw new EnlargerError(
      'pack-invalid',
      `The component ${file} is not a tokenizer that can be read.`,
      'It has to be a tokenizer.json as Hugging Face libraries write it.',
      { cause },
    );
  }
  return (prompt) => {
    const { ids } = tokenizer.encode(prompt);
    if (ids.length > length)
      throw new EnlargerError(
        'prompt-invalid',
        `The prompt is too long: it has ${ids.length - special} tokens (words and parts of words), and the model reads ${length - special}.`,
        'Shorten it.',
      );
    const padding = length - ids.length;
    return {
      ids: [...ids, ...Array<number>(padding).fill(pad)],
      mask: [...ids.map(() => 1), ...Array<number>(padding).fill(0)],
    };
  };
}
