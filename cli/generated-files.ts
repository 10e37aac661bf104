/** Where generated pictures go: the file given, numbered when there are several, or one named after the prompt. */

import path from 'node:path';
import { EnlargerError } from '../core/errors.js';
import type { OutputFormat } from '../core/runtime/node/codec.js';
import { isFolder } from './files.js';
import { formatOfName } from './options.js';

export interface GeneratedFile {
  readonly file: string;
  readonly format: OutputFormat;
}

export interface GeneratedFileOptions {
  readonly out?: string;
  readonly count: number;
}

const LONGEST_NAME = 40;

/**
 * One file per picture, in order. `out` is a folder if it exists as one or ends with a slash.
 * @throws EnlargerError `option-invalid` for a file whose name is not that of a format that can be written.
 */
export async function planGenerated(
  prompt: string,
  { out, count }: GeneratedFileOptions,
): Promise<readonly GeneratedFile[]> {
  const folder = out === undefined ? '.' : /[/\\]$/.test(out) || (await isFolder(out)) ? out : undefined;
  const file = folder === undefined ? out! : path.join(folder, `${nameOf(prompt)}.png`);
  const format = formatOfName(file);
  if (!format)
    throw new EnlargerError(
      'option-invalid',
      `The name ${file} does not say in which format to save.`,
      'Let it end with .png, .webp or .jpg, or with a slash for a folder.',
    );
  if (count === 1) return [{ file, format }];
  const { dir, name, ext } = path.parse(file);
  const digits = String(count).length;
  return Array.from({ length: count }, (_, i) => ({
    file: path.join(dir, `${name}-${String(i + 1).padStart(digits, '0')}${ext}`),
    format,
  }));
}

/** "A red Apple!" as "a-red-apple"; letters of any script stay. */
function nameOf(prompt: string): string {
  const words = prompt
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter(Boolean);
  let name = words[0]?.slice(0, LONGEST_NAME) ?? 'picture';
  for (const word of words.slice(1)) {
    if (name.length + 1 + word.length > LONGEST_NAME) break;
    name += `-${word}`;
  }
  return name;
}
