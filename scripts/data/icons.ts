/**
 * Fetches the generator's training icons: Fluent 3D emoji (MIT) by npm, captions from emojibase (MIT), recoloured
 * copies and moved or mirrored twins, all at 128 x 128 pixels. Run with `npm run data:icons`. Owner: scripts/data.
 */

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Emoji } from 'emojibase';
import emojis from 'emojibase-data/en/data.json' with { type: 'json' };
import sharp from 'sharp';
import { type IconRecord, writeIcons } from '../../cli/store/icon-store.js';
import {
  COLOURS,
  type Colour,
  colourless,
  familyOf,
  isHeldOut,
  plainWords,
} from '../../core/train/data/captions.js';
import { createRng, hashText } from '../../core/train/data/rng.js';
import { CACHE_DIR, tarballFiles } from './folder.js';
import { mainColour, recolour } from './icons/recolour.js';
import { mayMirror, twinOf } from './icons/twin.js';

const PACKAGE = { name: '@lobehub/fluent-emoji-3d', version: '1.1.0', licence: 'MIT' };
const SIDE_PX = 128;
const OUT_DIR = path.resolve('.work/data/icons');
/** People keep their skin, symbols and flags their meaning. */
const NOT_RECOLOURED = new Set([1, 8, 9]);
const RECOLOURED_COPIES = 3;

const key = (hexcode: string) =>
  hexcode
    .toLowerCase()
    .split('-')
    .filter((code) => code !== 'fe0f')
    .join('-');

interface Described {
  readonly label: string;
  readonly tags: readonly string[];
  readonly group: number;
}

/** Every emoji, skin tones included, by code points without presentation selectors. */
function descriptions(): Map<string, Described> {
  const all = new Map<string, Described>();
  for (const { hexcode, label, tags = [], group = -1, skins = [] } of emojis as Emoji[]) {
    all.set(key(hexcode), { label, tags, group });
    for (const skin of skins) all.set(key(skin.hexcode), { label: skin.label, tags, group });
  }
  return all;
}

async function pixelsOf(file: Buffer): Promise<Uint8Array> {
  const { data } = await sharp(file)
    .resize(SIDE_PX, SIDE_PX, { fit: 'contain', background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return new Uint8Array(data);
}

interface Icon {
  readonly record: IconRecord;
  readonly rgba: Uint8Array;
}

/** The icon itself and its copies. */
function variants(name: string, about: Described, rgba: Uint8Array): Icon[] {
  const { label, tags, group } = about;
  const family = familyOf(label);
  const colour = NOT_RECOLOURED.has(group) ? null : mainColour(rgba);
  const base = { name, label: plainWords(label), tags, family, colour, recoloured: false };
  const made = [{ record: base as IconRecord, rgba }];
  if (!colour) return made;
  const rng = createRng(hashText(name));
  const object = colourless(label);
  const others = COLOURS.filter((other) => other !== colour && !isHeldOut(other, object));
  for (let i = 0; i < RECOLOURED_COPIES && others.length > 0; i++) {
    const [other] = others.splice(rng.int(others.length), 1) as Colour[];
    const turned = recolour(rgba, colour, other);
    made.push({
      record: { ...base, name: `${name}-${other}`, colour: other, recoloured: true },
      rgba: turned,
    });
  }
  return made;
}

/** The icon once more, moved or mirrored. */
function twin({ record, rgba }: Icon, { group }: Described): Icon {
  const rng = createRng(hashText(`${record.name} twin`));
  const { mirrored, rgba: made } = twinOf(rgba, SIDE_PX, mayMirror(record.label, group), rng);
  return { record: { ...record, name: `${record.name}-twin`, twin: true, mirrored }, rgba: made };
}

async function main(): Promise<void> {
  fs.mkdirSync(CACHE_DIR, { recursive: true });
  const tarball = path.join(
    CACHE_DIR,
    `${PACKAGE.name.replace('@', '').replace('/', '-')}-${PACKAGE.version}.tgz`,
  );
  if (!fs.existsSync(tarball))
    execFileSync(
      'npm',
      ['pack', `${PACKAGE.name}@${PACKAGE.version}`, '--pack-destination', CACHE_DIR, '--silent'],
      {
        stdio: 'ignore',
      },
    );
  const known = descriptions();
  const icons: Icon[] = [];
  const twins: Icon[] = [];
  for (const [file, bytes] of tarballFiles(tarball)) {
    if (!file.endsWith('.webp')) continue;
    const name = path.basename(file, '.webp');
    const about = known.get(key(name));
    if (!about) continue;
    const made = variants(name, about, await pixelsOf(bytes));
    icons.push(...made);
    twins.push(twin(made[0], about));
  }
  await writeIcons(OUT_DIR, SIDE_PX, [...icons, ...twins]);
  const families = new Set(icons.map(({ record }) => record.family)).size;
  const recoloured = icons.filter(({ record }) => record.recoloured).length;
  const mirrored = twins.filter(({ record }) => record.mirrored).length;
  console.log(`${icons.length} icons, ${recoloured} of them recoloured, ${families} families: ${OUT_DIR}`);
  console.log(`${twins.length} twins, ${mirrored} of them mirrored`);
}

await main();
