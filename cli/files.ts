/** Which pictures a command reads, and where it puts what it makes of them. */

import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { EnlargerError } from '../core/errors.js';
import type { OutputFormat } from '../core/runtime/node/codec.js';
import { formatOfName } from './options.js';

const PICTURE_NAME = /\.(png|jpe?g|webp|gif|tiff?|avif)$/i;

export interface InputFile {
  readonly file: string;
  /** Path below the folder it was found in, its name alone if it was given by itself. */
  readonly relative: string;
}

/**
 * The files given, and the pictures in the folders given. Files are not looked at: what does not exist is
 * found out when it is read, without harm to the others.
 * @throws EnlargerError `input-unreadable` for a folder without pictures.
 */
export async function listInputs(inputs: readonly string[], recursive: boolean): Promise<InputFile[]> {
  const lists = await Promise.all(
    inputs.map(async (input) => {
      if (!(await isFolder(input))) return [{ file: input, relative: path.basename(input) }];
      const found = (await listPictures(input, recursive)).map((relative) => ({
        file: path.join(input, relative),
        relative,
      }));
      if (found.length > 0) return found;
      throw new EnlargerError(
        'input-unreadable',
        `There are no pictures in the folder ${input}.`,
        recursive ? '' : 'Add --recursive to look into the folders inside it.',
      );
    }),
  );
  return lists.flat();
}

/** Paths of the pictures in a folder, relative to it, in order of name. */
export async function listPictures(folder: string, recursive = false): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive });
  return entries
    .filter((entry) => entry.isFile() && PICTURE_NAME.test(entry.name) && !entry.name.startsWith('.'))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

export async function isFolder(file: string): Promise<boolean> {
  return stat(file).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}

/** The bytes of a file. @throws EnlargerError `input-unreadable`. */
export async function readInput(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const missing = (cause as { code?: string }).code === 'ENOENT';
    throw new EnlargerError(
      'input-unreadable',
      missing ? `There is no file ${file}.` : `The file ${file} cannot be read.`,
      'Check the name and the rights of the file.',
      { cause },
    );
  }
}

export interface OutputOptions {
  /** A file, a folder, or nothing: beside the input. */
  readonly out: string | undefined;
  readonly format: OutputFormat | undefined;
  /** How large the result is, as its file name says it. */
  readonly tag: string;
}

export interface OutputFile {
  readonly file: string;
  readonly format: OutputFormat;
}

/**
 * Where each input's result goes, in the order of the inputs. `out` is a folder if it exists as one, ends with a
 * slash or has no ending of a picture; several inputs need a folder.
 * @throws EnlargerError `option-invalid` for several inputs and one file, or a file name that contradicts the
 *   format.
 */
export async function planOutputs(
  inputs: readonly InputFile[],
  { out, format, tag }: OutputOptions,
): Promise<OutputFile[]> {
  const named = out === undefined ? undefined : formatOfName(out);
  if (out !== undefined && named !== undefined && !(await isFolder(out))) {
    if (inputs.length > 1) {
      throw new EnlargerError(
        'option-invalid',
        `${inputs.length} pictures cannot all be written to the file ${out}.`,
        'Give a folder to --out.',
      );
    }
    if (format !== undefined && format !== named) {
      throw new EnlargerError(
        'option-invalid',
        `The name ${out} does not fit the format ${format}.`,
        'Leave out --format, or change the name.',
      );
    }
    return [{ file: out, format: named }];
  }
  const chosen = format ?? 'png';
  const taken = new Map<string, number>();
  const places = inputs.map(({ file, relative }) => {
    const folder = out === undefined ? path.dirname(file) : path.join(out, path.dirname(relative));
    const { name, base } = path.parse(file);
    const key = path.resolve(folder, name);
    taken.set(key, (taken.get(key) ?? 0) + 1);
    return { folder, name, base, key };
  });
  return places.map(({ folder, name, base, key }) => ({
    // photo.png and photo.jpg must not become the same file.
    file: path.join(
      folder,
      `${taken.get(key)! > 1 ? base : name}@${tag}.${chosen === 'jpeg' ? 'jpg' : chosen}`,
    ),
    format: chosen,
  }));
}
