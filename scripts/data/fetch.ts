/**
 * Fetches the training pictures: downloads each package of `sources.ts` with apt (nothing is installed),
 * unpacks it, copies its pictures and its copyright file to the data folder and writes what it found to
 * sources.json. Run with `npm run data`; add package names to fetch only those. Owner: scripts/data.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { hashText } from '../../core/train/data/rng.js';
import { curate } from './curate.js';
import { HELPER_MAP, PICTURE_SOURCES, type PictureSource } from './sources.js';
import { decodeTga } from './tga.js';

const DATA_DIR = path.resolve('.work/data');
const CACHE_DIR = path.join(DATA_DIR, 'cache');
const PICTURES_DIR = path.join(DATA_DIR, 'pictures');
const ARCHIVE = /\.(pk3|pk3dir|pk4|zip|kpf|bundle)$/i;

/** What sources.json says about one package. */
export interface FetchedSource {
  readonly name: string;
  readonly kind: string;
  readonly version: string;
  readonly sha256: string;
  readonly licences: readonly string[];
  readonly what: string;
  readonly reduce: readonly [number, number];
  pictures: number;
  megapixels: number;
}

function debFor(name: string): string | undefined {
  const file = fs
    .readdirSync(CACHE_DIR)
    .find((entry) => entry.startsWith(`${name}_`) && entry.endsWith('.deb'));
  return file && path.join(CACHE_DIR, file);
}

function download(name: string): string {
  const cached = debFor(name);
  if (cached) return cached;
  const get = (): void => {
    execFileSync('apt-get', ['download', name], { cwd: CACHE_DIR, stdio: ['ignore', 'ignore', 'pipe'] });
  };
  try {
    get();
  } catch {
    execFileSync('apt-get', ['update'], { stdio: 'ignore' });
    get();
  }
  const deb = debFor(name);
  if (!deb) throw new Error(`apt-get download ${name} left no package in ${CACHE_DIR}.`);
  return deb;
}

function* walk(dir: string): Generator<string> {
  for (const entry of fs
    .readdirSync(dir, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(dir, entry.name);
    if (entry.isDirectory()) yield* walk(file);
    else if (entry.isFile()) yield file;
  }
}

function wanted(source: PictureSource, inside: string): boolean {
  return source.include.test(inside) && !source.exclude?.test(inside) && !HELPER_MAP.test(inside);
}

/** Writes one picture under a flat, readable, unique name; TGA becomes PNG because sharp cannot read it. */
async function keep(folder: string, inside: string, bytes: Uint8Array): Promise<void> {
  const { dir, name, ext } = path.parse(inside);
  const tag = hashText(inside).toString(16).padStart(8, '0').slice(0, 4);
  const base = `${path.basename(dir)}-${name}-${tag}`.replace(/[^\w.-]+/g, '_');
  if (ext.toLowerCase() !== '.tga') {
    fs.writeFileSync(path.join(folder, `${base}${ext.toLowerCase()}`), bytes);
    return;
  }
  const picture = decodeTga(bytes);
  if (!picture) return;
  const { width, height, channels, data } = picture;
  await sharp(data, { raw: { width, height, channels } })
    .png()
    .toFile(path.join(folder, `${base}.png`));
}

async function fetchSource(source: PictureSource): Promise<FetchedSource> {
  const deb = download(source.name);
  const folder = path.join(PICTURES_DIR, source.name);
  const unpacked = path.join(CACHE_DIR, `${source.name}.unpacked`);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.rmSync(unpacked, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  execFileSync('dpkg-deb', ['-x', deb, unpacked]);
  for (const file of walk(unpacked)) {
    const inside = path.relative(unpacked, file);
    if (path.basename(file) === 'copyright' && inside.startsWith('usr/share/doc/'))
      fs.copyFileSync(file, path.join(folder, 'COPYRIGHT'));
    else if (wanted(source, `/${inside}`)) await keep(folder, inside, fs.readFileSync(file));
    else if (ARCHIVE.test(file)) {
      const entries = unzipSync(fs.readFileSync(file), {
        filter: (entry) => wanted(source, `/${entry.name}`),
      });
      for (const [name, bytes] of Object.entries(entries)) await keep(folder, name, bytes);
    }
  }
  fs.rmSync(unpacked, { recursive: true, force: true });
  const version = execFileSync('dpkg-deb', ['-f', deb, 'Version'], { encoding: 'utf8' }).trim();
  const sha256 = createHash('sha256').update(fs.readFileSync(deb)).digest('hex');
  const { name, kind, licences, what, reduce } = source;
  return { name, kind, version, sha256, licences, what, reduce, pictures: 0, megapixels: 0 };
}

async function main(names: readonly string[]): Promise<void> {
  fs.mkdirSync(CACHE_DIR, { recursive: true });
  fs.chmodSync(CACHE_DIR, 0o777); // apt downloads as its own unprivileged user
  fs.mkdirSync(PICTURES_DIR, { recursive: true });
  const listFile = path.join(PICTURES_DIR, 'sources.json');
  const known: FetchedSource[] = fs.existsSync(listFile)
    ? JSON.parse(fs.readFileSync(listFile, 'utf8')).sources
    : [];
  const list = new Map(known.map((entry) => [entry.name, entry]));
  for (const source of PICTURE_SOURCES) {
    if (names.length > 0 && !names.includes(source.name)) continue;
    const entry = await fetchSource(source);
    const report = await curate(path.join(PICTURES_DIR, source.name));
    entry.pictures = report.kept;
    entry.megapixels = Math.round(report.megapixels * 10) / 10;
    list.set(source.name, entry);
    fs.writeFileSync(listFile, `${JSON.stringify({ sources: [...list.values()] }, null, 1)}\n`);
    console.log(
      `${source.name} ${entry.version}: ${entry.pictures} pictures, ${entry.megapixels} megapixels (${report.why})`,
    );
  }
}

await main(process.argv.slice(2));
