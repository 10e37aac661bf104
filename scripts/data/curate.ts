/**
 * Throws out what would not teach anything: unreadable or tiny files, near-empty pictures and copies of
 * pictures already kept, and anything that looks like a picture of the test sets. Owner: scripts/data.
 */
import fs from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import type { PictureKind } from '../../core/train/data/picture.js';

const TEST_SETS = path.resolve('../shared/data');
const MIN_SIDE_PX = 128;
const HASH_SIDE = 12;
/** Bits of `HASH_SIDE`² that may differ between two looks at one picture. */
const SAME_BITS = 10;
const TEST_BITS = 22;
/** There are many crops, so each has to be met more closely. */
const CROP_BITS = 16;

/** What was kept of a folder and why the rest was not. */
export interface CurateReport {
  readonly kept: number;
  readonly megapixels: number;
  readonly why: string;
}

type Hash = Uint8Array;

/** Thumbnails of `LOOK_SIDE`² pixels decide what a picture is. */
const LOOK_SIDE = 48;

/** Normal maps are the blue of (128, 128, 255) almost everywhere, glow maps are black almost everywhere. */
async function oddity(file: string): Promise<'normal map' | 'black' | undefined> {
  const rgb = await sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .resize(LOOK_SIDE, LOOK_SIDE, { fit: 'fill' })
    .raw()
    .toBuffer();
  if (rgb.length !== LOOK_SIDE * LOOK_SIDE * 3) return undefined;
  let blue = 0;
  let black = 0;
  for (let i = 0; i < rgb.length; i += 3) {
    const [r, g, b] = [rgb[i], rgb[i + 1], rgb[i + 2]];
    if (b > 150 && Math.abs(r - 128) < 50 && Math.abs(g - 128) < 50 && b - Math.max(r, g) > 20) blue++;
    if (Math.max(r, g, b) < 14) black++;
  }
  const pixels = LOOK_SIDE * LOOK_SIDE;
  return blue > 0.8 * pixels ? 'normal map' : black > 0.85 * pixels ? 'black' : undefined;
}

/** Brightness-comparison hash (dHash) of a grey thumbnail, plus the spread of its grey levels. */
async function look(
  file: string | Buffer,
): Promise<{ hash: Hash; spread: number; width: number; height: number }> {
  const { width, height } = await sharp(file, { limitInputPixels: 2 ** 28 }).metadata();
  const side = HASH_SIDE + 1;
  const grey = await sharp(file)
    .flatten({ background: '#808080' })
    .resize(side, HASH_SIDE, { fit: 'fill', kernel: 'cubic' })
    .greyscale()
    .raw()
    .toBuffer();
  const channels = grey.length / (side * HASH_SIDE);
  const hash = new Uint8Array(HASH_SIDE * HASH_SIDE);
  let sum = 0;
  let squares = 0;
  for (let y = 0; y < HASH_SIDE; y++)
    for (let x = 0; x < HASH_SIDE; x++) {
      const here = grey[(y * side + x) * channels];
      hash[y * HASH_SIDE + x] = here < grey[(y * side + x + 1) * channels] ? 1 : 0;
      sum += here;
      squares += here * here;
    }
  const n = HASH_SIDE * HASH_SIDE;
  return { hash, spread: Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2)), width, height };
}

function distance(a: Hash, b: Hash): number {
  let bits = 0;
  for (let i = 0; i < a.length; i++) bits += a[i] ^ b[i];
  return bits;
}

/** Parts of a picture that a cropped copy of it may be, as shares of its sides. */
const CROPS = [0.9, 0.8, 0.7, 0.6, 0.5].flatMap((size) =>
  [0, 0.25, 0.5, 0.75, 1].flatMap((right) =>
    [0, 0.25, 0.5, 0.75, 1].map((down) => ({ size, x: right * (1 - size), y: down * (1 - size) })),
  ),
);

/** What a picture that must not be trained on looks like: whole, and cut as others may have cut it. */
export interface TestLook {
  readonly whole: Hash;
  readonly crops: readonly Hash[];
}

/** Looks at a picture of a test set. */
export async function testLook(file: string): Promise<TestLook> {
  const { width, height } = await sharp(file).metadata();
  // Nothing finer than this reaches a hash, and small pictures are cut a hundred times faster.
  const size = { width: Math.min(width, LOOK_PX), height: Math.min(height, LOOK_PX) };
  const small = await sharp(file)
    .flatten({ background: '#808080' })
    .resize({ ...size, fit: 'fill' })
    .png()
    .toBuffer();
  const crops: Hash[] = [];
  for (const crop of CROPS) {
    const part = await sharp(small)
      .extract({
        left: Math.round(crop.x * size.width),
        top: Math.round(crop.y * size.height),
        width: Math.floor(crop.size * size.width),
        height: Math.floor(crop.size * size.height),
      })
      .png()
      .toBuffer();
    const { hash, spread } = await look(part);
    // Plain sky looks like any other plain sky.
    if (spread > 12) crops.push(hash);
  }
  return { whole: (await look(file)).hash, crops };
}

const LOOK_PX = 160;

/** Whether a hash is that of a test picture: resized, compressed again, mirrored or cropped. */
export function isTestPicture(hash: Hash, { whole, crops }: TestLook): boolean {
  const mirror = mirrored(hash);
  return (
    Math.min(distance(whole, hash), distance(whole, mirror)) <= TEST_BITS ||
    crops.some((crop) => Math.min(distance(crop, hash), distance(crop, mirror)) <= CROP_BITS)
  );
}

/** The hash of the picture seen in a mirror: rows run the other way, and what grew brighter grows darker. */
function mirrored(hash: Hash): Hash {
  return hash.map((_, i) => 1 - hash[i - (i % HASH_SIDE) + HASH_SIDE - 1 - (i % HASH_SIDE)]);
}

async function testLooks(): Promise<TestLook[]> {
  if (!fs.existsSync(TEST_SETS)) {
    process.stderr.write(
      `There are no test sets in ${TEST_SETS}: pictures of theirs cannot be told and left out.\n`,
    );
    return [];
  }
  const files = fs
    .readdirSync(TEST_SETS, { recursive: true, encoding: 'utf8' })
    .filter((file) => /x2\/HR\/.*\.png$/.test(file));
  return Promise.all(files.map((file) => testLook(path.join(TEST_SETS, file))));
}

let known: Promise<TestLook[]> | undefined;
const seen: Hash[] = [];

/**
 * Deletes the useless pictures of a folder; pictures seen in earlier calls count as copies too.
 * @param tests What must not be trained on; default: the test sets beside the project.
 */
export async function curate(
  folder: string,
  kind: PictureKind,
  tests?: readonly TestLook[],
): Promise<CurateReport> {
  known ??= tests ? undefined : testLooks();
  const test = tests ?? (await known)!;
  const reasons = {
    unreadable: 0,
    small: 0,
    empty: 0,
    black: 0,
    'normal map': 0,
    copy: 0,
    'test picture': 0,
  };
  let kept = 0;
  let megapixels = 0;
  for (const name of fs.readdirSync(folder).sort()) {
    if (name === 'COPYRIGHT') continue;
    const file = path.join(folder, name);
    let reason: keyof typeof reasons | undefined;
    const seenAs = await look(file).catch(() => undefined);
    if (!seenAs) reason = 'unreadable';
    else if (Math.min(seenAs.width, seenAs.height) < MIN_SIDE_PX) reason = 'small';
    else if (seenAs.spread < 1) reason = 'empty';
    else if (test.some((each) => isTestPicture(seenAs.hash, each))) reason = 'test picture';
    else if (seenAs.spread > 4 && seen.some((hash) => distance(hash, seenAs.hash) <= SAME_BITS))
      reason = 'copy';
    else if (kind === 'texture') reason = await oddity(file);
    if (reason || !seenAs) {
      reasons[reason ?? 'unreadable']++;
      fs.rmSync(file);
      continue;
    }
    seen.push(seenAs.hash);
    kept++;
    megapixels += (seenAs.width * seenAs.height) / 1e6;
  }
  const why = Object.entries(reasons)
    .filter(([, n]) => n > 0)
    .map(([text, n]) => `${n} ${text}`)
    .join(', ');
  return { kept, megapixels, why: why ? `left out: ${why}` : 'all kept' };
}
