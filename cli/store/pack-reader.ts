/** Reads model packs from folders. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PackReader } from '../../core/pack/load.js';

/** A reader over a folder; paths that lead out of it are refused. */
export function createFolderReader(folder: string): PackReader {
  const root = path.resolve(folder);
  return {
    location: folder,
    async read(file) {
      const full = path.resolve(root, file);
      if (!full.startsWith(root + path.sep)) throw new Error(`${file} lies outside of ${folder}.`);
      return readFile(full);
    },
  };
}
