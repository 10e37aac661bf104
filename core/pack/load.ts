/**
 * Opens a model pack from anywhere that can be read (a folder, an archive, a page's files) and hands out its
 * components only after all of them have proved to be what pack.json says. Owns the bytes it returns.
 */

import { EnlargerError } from '../errors.js';
import { sha256Hex } from './hash.js';
import { type ComponentRole, type Pack, type PackComponent, parsePack } from './schema.js';

/** Where a pack comes from. */
export interface PackReader {
  /** What to call the place in messages. */
  readonly location: string;
  /** The bytes of a file, by its path inside the pack; rejects if there is none or it cannot be read. */
  read(path: string): Promise<Uint8Array>;
}

/** A pack whose components have been checked. */
export interface LoadedPack {
  readonly manifest: Pack;
  /** Whether the pack has this component; for up-samplers, one of this factor or of any. */
  has(role: ComponentRole, factor?: 2 | 4): boolean;
  /**
   * A component and the bytes of its file. An up-sampler is chosen by factor.
   * @throws EnlargerError `pack-missing-component` if the pack has none.
   */
  component(
    role: ComponentRole,
    factor?: 2 | 4,
  ): { readonly entry: PackComponent; readonly bytes: Uint8Array };
}

/** The name of the file that describes a pack. */
export const PACK_FILE = 'pack.json';

/**
 * Reads pack.json and every component, and checks sizes and SHA-256.
 * @throws EnlargerError `pack-invalid` if pack.json is missing or faulty, `pack-missing-component` if a
 *   file is missing, `pack-hash-mismatch` if one is not the file that was described; each names the file.
 */
export async function loadPack(reader: PackReader): Promise<LoadedPack> {
  const manifest = await readManifest(reader);
  const files = new Map<PackComponent, Uint8Array>();
  for (const entry of manifest.components) files.set(entry, await readComponent(reader, entry));

  const find = (role: ComponentRole, factor?: 2 | 4) =>
    manifest.components.find(
      (entry) => entry.role === role && (factor === undefined || entry.factor === factor),
    );
  return {
    manifest,
    has: (role, factor) => find(role, factor) !== undefined,
    component(role, factor) {
      const entry = find(role, factor);
      if (entry) return { entry, bytes: files.get(entry)! };
      throw new EnlargerError(
        'pack-missing-component',
        `The model pack "${manifest.name}" has no ${role}${factor ? ` for ${factor} times` : ''}.`,
        'Choose another pack.',
      );
    },
  };
}

/**
 * Reads and validates pack.json alone, without touching the components.
 * @throws EnlargerError `pack-invalid`.
 */
export async function readManifest(reader: PackReader): Promise<Pack> {
  let bytes: Uint8Array;
  try {
    bytes = await reader.read(PACK_FILE);
  } catch (cause) {
    throw new EnlargerError(
      'pack-invalid',
      `There is no readable ${PACK_FILE} in ${reader.location}, so it is not a model pack.`,
      'Give the folder that holds pack.json.',
      { cause },
    );
  }
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new EnlargerError(
      'pack-invalid',
      `The ${PACK_FILE} in ${reader.location} is not valid JSON.`,
      'Get the pack again.',
      { cause },
    );
  }
  return parsePack(content, reader.location);
}

async function readComponent(reader: PackReader, entry: PackComponent): Promise<Uint8Array> {
  const { file } = entry;
  let bytes: Uint8Array;
  try {
    bytes = await reader.read(file);
  } catch (cause) {
    throw new EnlargerError(
      'pack-missing-component',
      `The file ${file} of the model pack ${reader.location} is missing or cannot be read.`,
      'Get the pack again.',
      { cause },
    );
  }
  if (bytes.length !== entry.bytes) {
    throw new EnlargerError(
      'pack-hash-mismatch',
      `The file ${file} of the model pack ${reader.location} has ${bytes.length} bytes instead of ${entry.bytes}.`,
      'It was cut off or changed: get the pack again.',
    );
  }
  if ((await sha256Hex(bytes)) !== entry.sha256) {
    throw new EnlargerError(
      'pack-hash-mismatch',
      `The file ${file} of the model pack ${reader.location} is not the one that its author described.`,
      'It was damaged or changed: get the pack again.',
    );
  }
  return bytes;
}
