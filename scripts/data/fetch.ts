/**
 * Fetches the training pictures: downloads each package of `sources.ts` with apt (nothing is installed),
 * unpacks it, copies its pictures and its copyright file to the data folder and writes what it found to
 * sources.json, then renders the rest (`render.ts`). Run with `npm run data`; add package names, or `render`,
 * to do only those. Owner: scripts/data.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { hashText } from '../../core/train/data/rng.js';
import { curate } from './curate.js';
import { CACHE_DIR, download, type FetchedSource, PICTURES_DIR, recordSource } from './folder.js';
import { render } from './render.js';
import { HELPER_MAP, PICTURE_SOURCES, type PictureSource } from './sources.js';
import { decodeTga } from './tga.js';

const ARCHIVE = /\.(pk3|zip)$/i;

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

/** The WebP files inside a Qt resource bundle, found by their RIFF headers, which state their length. */
function carveWebp(bundle: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let at = bundle.indexOf('WEBPVP8') - 8;
  while (at >= 0) {
    const end = at + 8 + bundle.readUInt32LE(at + 4);
    found.push(bundle.subarray(at, end));
    const next = bundle.indexOf('WEBPVP8', end);
    at = next < 0 ? -1 : next - 8;
  }
  return found;
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

/** Where a source is put together, so that a training run never sees half of it. */
function stagingFor(name: string): string {
  return path.join(CACHE_DIR, `${name}.pictures`);
}

async function fetchSource(source: PictureSource): Promise<Omit<FetchedSource, 'pictures' | 'megapixels'>> {
  const deb = download(source.name);
  const folder = stagingFor(source.name);
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
    } else if (file.endsWith('.rcc')) {
      const pictures = carveWebp(fs.readFileSync(file)).map(
        (bytes, i) => [`/${inside}/${i}.webp`, bytes] as const,
      );
      for (const [name, bytes] of pictures) if (wanted(source, name)) await keep(folder, name, bytes);
    }
  }
  fs.rmSync(unpacked, { recursive: true, force: true });
  const version = execFileSync('dpkg-deb', ['-f', deb, 'Version'], { encoding: 'utf8' }).trim();
  const sha256 = createHash('sha256').update(fs.readFileSync(deb)).digest('hex');
  const { name, kind, licences, what, reduce } = source;
  return { name, kind, version, sha256, licences, what, reduce };
}

async function main(names: readonly string[]): Promise<void> {
  for (const source of PICTURE_SOURCES) {
    if (names.length > 0 && !names.includes(source.name)) continue;
    const fetched = await fetchSource(source);
    const report = await curate(stagingFor(source.name), source.kind);
    const folder = path.join(PICTURES_DIR, source.name);
    fs.mkdirSync(PICTURES_DIR, { recursive: true });
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(stagingFor(source.name), folder);
    const megapixels = Math.round(report.megapixels * 10) / 10;
    recordSource({ ...fetched, pictures: report.kept, megapixels });
    console.log(
      `${source.name} ${fetched.version}: ${report.kept} pictures, ${megapixels} megapixels (${report.why})`,
    );
  }
  if (names.length === 0 || names.includes('render')) await render();
}

await main(process.argv.slice(2));
