/** Which pictures a command reads, and where it puts what it makes of them. */

import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { EnlargerError } from '../core/errors.js';
import type { OutputFormat } from '../core/runtime/node/codec.js';
import { formatOfName } from './options.js';

/** Endings that name a format which is not written; a folder is not called so. */
const OTHER_FORMAT = /\.(gif|tiff?|avif|bmp|heic|heif|jxl|jp2|psd|svg|pdf|ico)$/i;
const PICTURE_NAME = /\.(png|jpe?g|webp|gif|tiff?|avif)$/i;

export interface InputFile {
  readonly file: string;
  /** Path below the folder it was found in, its name alone if it was given by itself. */
  readonly relative: string;
}

/**
 * The files given, and the pictures in the folders given, each once. Files are not looked at: what does not exist,
 * and a folder without pictures, is found out when it is read, without harm to the others.
 */
export async function listInputs(inputs: readonly string[], recursive: boolean): Promise<InputFile[]> {
  const lists = await Promise.all(
    inputs.map(async (input) => {
      const itself = { file: input, relative: path.basename(input) };
      if (!(await isFolder(input))) return [itself];
      const found = (await listPictures(input, recursive)).map((relative) => ({
        file: path.join(input, relative),
        relative,
      }));
      return found.length > 0 ? found : [itself];
    }),
  );
  const known = new Set<string>();
  return lists.flat().filter(({ file }) => {
    const full = path.resolve(file);
    return !known.has(full) && known.add(full);
  });
}

/** Paths of the pictures in a folder, relative to it, in order of name. */
export async function listPictures(folder: string, recursive = false): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive });
  const named = entries.filter(({ name }) => PICTURE_NAME.test(name) && !name.startsWith('.'));
  const pictures: string[] = [];
  for (const entry of named) {
    const file = path.join(entry.parentPath, entry.name);
    // A link that leads nowhere counts: whoever reads it says so.
    const counts = entry.isFile() || (entry.isSymbolicLink() && !(await isFolder(file)));
    if (counts) pictures.push(path.relative(folder, file));
  }
  return pictures.sort();
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
    const { code } = cause as { code?: string };
    if (code === 'EISDIR') {
      throw new EnlargerError(
        'input-unreadable',
        `There are no pictures in the folder ${file}.`,
        'To look into the folders inside it, add --recursive.',
        { cause },
      );
    }
    const missing = code === 'ENOENT';
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
 *   format, or asks for one that is not written.
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
  if (out !== undefined && OTHER_FORMAT.test(out) && !(await isFolder(out))) {
    throw new EnlargerError(
      'option-invalid',
      `${path.extname(out)} files cannot be written.`,
      'Give --out a name that ends in .png, .jpg or .webp, or a folder.',
    );
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
  const used = new Set<string>();
  return places.map(({ folder, name, base, key }) => {
    // photo.png and photo.jpg must not become the same file, nor a/photo.png and b/photo.png.
    const stem = path.join(folder, taken.get(key)! > 1 ? base : name);
    const ending = `@${tag}.${chosen === 'jpeg' ? 'jpg' : chosen}`;
    let file = stem + ending;
    for (let n = 2; used.has(path.resolve(file)); n++) file = `${stem}-${n}${ending}`;
    used.add(path.resolve(file));
    return { file, format: chosen };
  });
}
