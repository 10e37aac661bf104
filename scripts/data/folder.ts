/**
 * The data folder of the checkout: where packages are kept, where pictures go, and sources.json, which
 * says what is there. Owner: scripts/data.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'fflate';
import type { PictureKind } from '../../core/train/data/picture.js';

const DATA_DIR = path.resolve('.work/data');
export const CACHE_DIR = path.join(DATA_DIR, 'cache');
export const PICTURES_DIR = path.join(DATA_DIR, 'pictures');
const LIST_FILE = path.join(PICTURES_DIR, 'sources.json');
/** The copy that is committed beside the recipes. */
const RECIPE_LIST = path.resolve('models/recipes/data-sources.json');

/** What sources.json says about one source; `sha256` is that of the package, empty for rendered pictures. */
export interface FetchedSource {
  readonly name: string;
  readonly kind: PictureKind;
  readonly version: string;
  readonly sha256: string;
  readonly licences: readonly string[];
  readonly what: string;
  readonly reduce: readonly [number, number];
  readonly pictures: number;
  readonly megapixels: number;
}

function debFor(name: string): string | undefined {
  const file = fs
    .readdirSync(CACHE_DIR)
    .find((entry) => entry.startsWith(`${name}_`) && entry.endsWith('.deb'));
  return file && path.join(CACHE_DIR, file);
}

/** The package's .deb, downloaded as apt does but not installed. */
export function download(name: string): string {
  fs.mkdirSync(CACHE_DIR, { recursive: true });
  fs.chmodSync(CACHE_DIR, 0o777); // apt downloads as its own unprivileged user
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

/** Puts a source on the list, in place of what it said before. */
export function recordSource(source: FetchedSource): void {
  const known: FetchedSource[] = fs.existsSync(LIST_FILE)
    ? JSON.parse(fs.readFileSync(LIST_FILE, 'utf8')).sources
    : [];
  const sources = [...known.filter(({ name }) => name !== source.name), source];
  const lines = sources.map((entry) => ` ${JSON.stringify(entry)}`).join(',\n');
  const text = `{"sources": [\n${lines}\n]}\n`;
  fs.writeFileSync(LIST_FILE, text);
  fs.writeFileSync(RECIPE_LIST, text);
}

/** The files of an npm tarball with their contents, found by walking its 512-byte headers. */
export function* tarballFiles(tarball: string): Generator<[name: string, bytes: Buffer]> {
  const tar = Buffer.from(gunzipSync(fs.readFileSync(tarball)));
  for (let at = 0; at + 512 <= tar.length; ) {
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(tar.toString('utf8', at + 124, at + 136), 8) || 0;
    if (name) yield [name, tar.subarray(at + 512, at + 512 + size)];
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
