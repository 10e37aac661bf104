/**
 * Reads training pictures from folders into memory, decoded and reduced, and keeps the result on disk so
 * that the next start takes seconds. Knows nothing of crops; `core/train/data/sampler.ts` draws those.
 * Owner: cli/store.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { EnlargerError } from '../../core/errors.js';
import { writeFileAtomic } from '../../core/runtime/node/atomic-write.js';
import {
  PICTURE_KINDS,
  type PictureKind,
  sharpness,
  type TrainingPicture,
  tileEnergy,
  tilesAlong,
} from '../../core/train/data/picture.js';
import { hashNumbers, hashText } from '../../core/train/data/rng.js';

export interface LoadPicturesOptions {
  /** Upper bound of all pictures together after reduction; 3 bytes of memory per pixel. Default 1700 (5.1 GB). */
  readonly maxMegapixels?: number;
  /** Decides reductions, backgrounds and which pictures are held out. Default 1. */
  readonly seed?: number;
  /** Least and greatest reduction of pictures whose source names none; soft ones are reduced most. Default 1 to 2.6. */
  readonly reduce?: readonly [number, number];
  /** Share of pictures held out for validation, chosen by hash of the name. Default 0.02. */
  readonly holdout?: number;
  /** Pictures whose shorter side is below this after reduction are left out. Default 128. */
  readonly minSidePx?: number;
  /** Where the decoded pictures are kept; `null` keeps none. Default: beside the first folder. */
  readonly cacheDir?: string | null;
  /** Called after each decoded picture. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Pictures for training and pictures never trained on; no name is in both. */
export interface PictureSet {
  readonly train: readonly TrainingPicture[];
  readonly holdout: readonly TrainingPicture[];
  readonly megapixels: number;
  /** Files that could not be read or were too small, with the reason. */
  readonly skipped: readonly { readonly file: string; readonly reason: string }[];
}

const PICTURE_FILE = /\.(jpe?g|png|webp|avif|jxl|tiff?|gif)$/i;
const STORE_VERSION = 2;
/** Who goes first while the memory bound allows. */
const SCARCE: readonly PictureKind[] = ['photo', 'art', 'texture'];
const DEFAULT_REDUCE: readonly [number, number] = [1, 2.6];
/** Spread of `sharpness` over crisp photographs, from which each picture's goal is drawn. */
const CRISP: readonly [number, number] = [0.95, 1.4];
const REDUCE_STEP = 1.2;
/** A reduced picture keeps at least this shorter side, so that small pictures are hardly reduced. */
const KEEP_SIDE_PX = 320;

interface Entry {
  readonly file: string;
  readonly name: string;
  readonly kind: PictureKind;
  readonly reduce: readonly [number, number] | undefined;
  readonly bytes: number;
}

interface StoredPicture {
  readonly name: string;
  readonly kind: PictureKind;
  readonly width: number;
  readonly height: number;
}

/**
 * All pictures below the folders. A `sources.json` in a folder may give each subfolder a `kind` and a
 * `reduce` range; elsewhere everything counts as photographs.
 * @throws EnlargerError `data-missing` when the folders hold no usable picture.
 */
export async function loadPictures(
  dirs: string | readonly string[],
  options: LoadPicturesOptions = {},
): Promise<PictureSet> {
  const folders = typeof dirs === 'string' ? [dirs] : dirs;
  const entries = (await Promise.all(folders.map(listPictures))).flat();
  if (entries.length === 0) {
    throw new EnlargerError(
      'data-missing',
      `There are no pictures in ${folders.join(', ')}.`,
      'Run "npm run data" to fetch free pictures, or give a folder of your own with --data.',
    );
  }
  const { seed = 1, maxMegapixels = 1700, minSidePx = 128, holdout = 0.02 } = options;
  const key = hashText(
    JSON.stringify([STORE_VERSION, seed, maxMegapixels, minSidePx, options.reduce ?? null, entries]),
  ).toString(16);
  const cacheDir = options.cacheDir === undefined ? path.dirname(path.resolve(folders[0])) : options.cacheDir;
  const store = cacheDir === null ? undefined : path.join(cacheDir, `store-${key}`);

  const stored = store ? await readStore(store) : undefined;
  const pictures = stored?.pictures ?? [];
  const skipped = stored?.skipped ?? [];
  if (!stored) {
    await decodeAll(entries, { ...options, seed, maxMegapixels, minSidePx }, pictures, skipped);
    if (store) await writeStore(store, pictures, skipped);
  }
  if (pictures.length === 0) {
    throw new EnlargerError(
      'data-missing',
      `No picture in ${folders.join(', ')} can be used: ${skipped[0]?.reason ?? 'all are too small'}.`,
      `Pictures must be at least ${minSidePx} pixels wide and high after reduction.`,
    );
  }
  const held = (picture: TrainingPicture): boolean =>
    hashNumbers(seed, hashText(picture.name)) / 4294967296 < holdout;
  return {
    train: pictures.filter((picture) => !held(picture)),
    holdout: pictures.filter(held),
    megapixels: pictures.reduce((sum, { width, height }) => sum + (width * height) / 1e6, 0),
    skipped,
  };
}

async function listPictures(dir: string): Promise<Entry[]> {
  const files = await fs.readdir(dir, { recursive: true }).catch((cause: unknown) => {
    throw new EnlargerError('data-missing', `The folder ${dir} cannot be read.`, 'Check the path.', {
      cause,
    });
  });
  const sources = await readSources(path.join(dir, 'sources.json'));
  const entries: Entry[] = [];
  for (const relative of files.filter((file) => PICTURE_FILE.test(file)).sort()) {
    const file = path.join(dir, relative);
    const name = relative.split(path.sep).join('/');
    const source = sources.get(name.split('/')[0]);
    const bytes = (await fs.stat(file)).size;
    entries.push({ file, name, kind: source?.kind ?? 'photo', reduce: source?.reduce, bytes });
  }
  return entries;
}

async function readSources(
  file: string,
): Promise<Map<string, { kind: PictureKind; reduce: readonly [number, number] | undefined }>> {
  const text = await fs.readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return new Map();
  const { sources } = JSON.parse(text) as {
    sources: { name: string; kind: PictureKind; reduce?: [number, number] }[];
  };
  return new Map(
    sources.map(({ name, kind, reduce }) => {
      if (!PICTURE_KINDS.includes(kind)) {
        throw new EnlargerError('data-missing', `${file} gives ${name} the unknown kind "${kind}".`);
      }
      return [name, { kind, reduce }];
    }),
  );
}

/** Decodes two files at a time, in an order that does not depend on the folder, until the bound is met. */
async function decodeAll(
  entries: readonly Entry[],
  options: LoadPicturesOptions & { seed: number; maxMegapixels: number; minSidePx: number },
  pictures: TrainingPicture[],
  skipped: { file: string; reason: string }[],
): Promise<void> {
  const { seed, maxMegapixels, minSidePx } = options;
  const order = entries
    .map((entry) => ({ entry, at: hashNumbers(seed, hashText(entry.name), 7) }))
    .sort((a, b) => SCARCE.indexOf(a.entry.kind) - SCARCE.indexOf(b.entry.kind) || a.at - b.at);
  let pixels = 0;
  let full = false;
  for (let i = 0; i < order.length; i += 2) {
    const pair = order.slice(i, i + 2).map(({ entry }) => entry);
    const results = full
      ? []
      : await Promise.allSettled(pair.map((entry) => decode(entry, seed, options.reduce, minSidePx)));
    for (const [k, { file }] of pair.entries()) {
      const result = results[k];
      if (result?.status === 'rejected') skipped.push({ file, reason: String(result.reason) });
      else if (result && !result.value) skipped.push({ file, reason: 'too small' });
      else if (!result?.value || (pixels + result.value.width * result.value.height) / 1e6 > maxMegapixels) {
        full = true;
        skipped.push({ file, reason: 'memory bound reached' });
      } else {
        pictures.push(result.value);
        pixels += result.value.width * result.value.height;
      }
    }
    options.onProgress?.(Math.min(order.length, i + 2), order.length);
  }
}

async function decode(
  entry: Entry,
  seed: number,
  range: readonly [number, number] | undefined,
  minSidePx: number,
): Promise<TrainingPicture | undefined> {
  const hash = hashNumbers(seed, hashText(entry.name));
  const image = sharp(entry.file, { limitInputPixels: 2 ** 28 });
  const meta = await image.metadata();
  if (Math.min(meta.width, meta.height) < minSidePx) return undefined;
  let pipeline = image.rotate().toColourspace('srgb');
  // Cut-outs stand on paper white, black or one flat colour: what transparent pixels hold is rubbish. In
  // textures it is not: their alpha is often a gloss map.
  if (meta.hasAlpha && entry.kind !== 'texture')
    pipeline = pipeline.flatten({ background: backgroundFor(hash) });
  const full = await pipeline.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const rgb = full.info.channels === 3 ? new Uint8Array(full.data) : repeatGrey(full.data);
  const { width, height } = full.info;
  const crisp = await reduceUntilCrisp({ width, height, rgb }, entry.reduce ?? range ?? DEFAULT_REDUCE, hash);
  if (Math.min(crisp.width, crisp.height) < minSidePx) return undefined;
  const { kind, name } = entry;
  return { name, kind, ...crisp, energy: tileEnergy(crisp.rgb, crisp.width, crisp.height) };
}

interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/**
 * Reduces by the least factor of the range, then further until the picture is as crisp as a figure drawn
 * for it from the spread that good photographs have, the range ends or the picture gets small.
 */
async function reduceUntilCrisp(
  full: RgbPicture,
  [least, most]: readonly [number, number],
  hash: number,
): Promise<RgbPicture> {
  const target = CRISP[0] + ((CRISP[1] - CRISP[0]) * hash) / 4294967296;
  const limit = Math.min(most, Math.max(1, Math.min(full.width, full.height) / KEEP_SIDE_PX));
  let factor = Math.min(least, limit);
  for (;;) {
    const now = factor > 1 ? await reduced(full, factor, hash) : full;
    const measured = sharpness(now.rgb, now.width, now.height);
    if (factor >= limit || measured === undefined || measured >= target) return now;
    factor = Math.min(limit, factor * REDUCE_STEP);
  }
}

async function reduced(
  { width, height, rgb }: RgbPicture,
  factor: number,
  hash: number,
): Promise<RgbPicture> {
  const size = { width: Math.round(width / factor), height: Math.round(height / factor) };
  const { data } = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize({ ...size, fit: 'fill', kernel: hash & 1 ? 'lanczos3' : 'cubic' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { ...size, rgb: new Uint8Array(data) };
}

function backgroundFor(hash: number): { r: number; g: number; b: number } {
  const pick = hash % 4;
  if (pick < 2) return pick === 0 ? { r: 255, g: 255, b: 255 } : { r: 24, g: 24, b: 28 };
  return { r: (hash >>> 8) & 255, g: (hash >>> 16) & 255, b: (hash >>> 24) & 255 };
}

function repeatGrey(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (let i = 0; i < grey.length; i++) rgb.fill(grey[i], i * 3, i * 3 + 3);
  return rgb;
}

async function writeStore(
  store: string,
  pictures: readonly TrainingPicture[],
  skipped: readonly { file: string; reason: string }[],
): Promise<void> {
  // Two runs may begin at once: each writes a draft of its own.
  const draft = `${store}.${process.pid}.part`;
  const bin = await fs.open(draft, 'w');
  try {
    for (const { rgb, energy } of pictures) {
      await bin.write(rgb);
      await bin.write(new Uint8Array(energy.buffer, energy.byteOffset, energy.byteLength));
    }
  } finally {
    await bin.close();
  }
  const list: StoredPicture[] = pictures.map(({ name, kind, width, height }) => ({
    name,
    kind,
    width,
    height,
  }));
  await fs.rename(draft, `${store}.bin`);
  await writeFileAtomic(`${store}.json`, JSON.stringify({ pictures: list, skipped }));
  await dropOldStores(path.dirname(store));
}

/** Stores take gigabytes, so only the two newest stay. Files that are being read are not lost to their reader. */
async function dropOldStores(dir: string): Promise<void> {
  const lists = (await fs.readdir(dir)).filter((file) => /^store-\w+\.json$/.test(file));
  const dated = await Promise.all(
    lists.map(async (file) => ({
      base: file.slice(0, -5),
      at: (await fs.stat(path.join(dir, file))).mtimeMs,
    })),
  );
  for (const { base } of dated.sort((a, b) => b.at - a.at).slice(2)) {
    await fs.rm(path.join(dir, `${base}.json`), { force: true });
    await fs.rm(path.join(dir, `${base}.bin`), { force: true });
  }
}

async function readStore(
  store: string,
): Promise<{ pictures: TrainingPicture[]; skipped: { file: string; reason: string }[] } | undefined> {
  const text = await fs.readFile(`${store}.json`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { pictures: list, skipped } = JSON.parse(text) as {
    pictures: StoredPicture[];
    skipped: { file: string; reason: string }[];
  };
  const bin = await fs.open(`${store}.bin`, 'r');
  try {
    const pictures: TrainingPicture[] = [];
    for (const stored of list) {
      const rgb = new Uint8Array(stored.width * stored.height * 3);
      const energy = new Float32Array(tilesAlong(stored.width) * tilesAlong(stored.height));
      for (const bytes of [rgb, new Uint8Array(energy.buffer)]) {
        const { bytesRead } = await bin.read(bytes, 0, bytes.length);
        if (bytesRead !== bytes.length) return undefined;
      }
      pictures.push({ ...stored, rgb, energy });
    }
    return { pictures, skipped };
  } finally {
    await bin.close();
  }
}
