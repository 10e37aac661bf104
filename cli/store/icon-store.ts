/** Training icons on disk: icons.json says what each is, icons.rgba holds their pixels one after the other. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EnlargerError } from '../../core/errors.js';
import { writeFileAtomic } from '../../core/runtime/node/atomic-write.js';
import type { CaptionedIcon } from '../../core/train/data/captions.js';

export interface IconRecord extends CaptionedIcon {
  readonly name: string;
  readonly family: string;
  /** Another icon once more, moved or mirrored; these come last, and set no statistics. */
  readonly twin?: boolean | undefined;
}

/** Icons in memory: `rgba` is [count, side, side, 4], colour not premultiplied. */
export interface IconSet {
  readonly sidePx: number;
  readonly records: readonly IconRecord[];
  readonly rgba: Uint8Array;
}

/** Pixels first: a list whose pixels are missing is never read. */
export async function writeIcons(
  dir: string,
  sidePx: number,
  icons: readonly { readonly record: IconRecord; readonly rgba: Uint8Array }[],
): Promise<void> {
  const size = sidePx * sidePx * 4;
  const all = new Uint8Array(icons.length * size);
  for (const [i, { rgba }] of icons.entries()) all.set(rgba, i * size);
  await writeFileAtomic(path.join(dir, 'icons.rgba'), all);
  const records = icons.map(({ record }) => record);
  await writeFileAtomic(path.join(dir, 'icons.json'), JSON.stringify({ sidePx, records }));
}

/** @throws EnlargerError `data-missing` when there are none. */
export async function readIcons(dir: string): Promise<IconSet> {
  try {
    const [list, rgba] = await Promise.all([
      readFile(path.join(dir, 'icons.json'), 'utf8'),
      readFile(path.join(dir, 'icons.rgba')),
    ]);
    const { sidePx, records } = JSON.parse(list) as Omit<IconSet, 'rgba'>;
    return { sidePx, records, rgba: new Uint8Array(rgba) };
  } catch (cause) {
    throw new EnlargerError('data-missing', `There are no icons in ${dir}.`, 'Run "npm run data:icons".', {
      cause,
    });
  }
}
