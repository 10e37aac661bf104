/**
 * Renders training pictures that no package holds: icon sheets, text pages, interface screens and
 * dead-leaves pictures, the same ones on every run. Icons come from npm packages, fonts from Debian
 * packages, both with free licences. Called by `fetch.ts`. Owner: scripts/data.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { createRng, hashText, type Rng } from '../../core/train/data/rng.js';
import {
  CACHE_DIR,
  download,
  type FetchedSource,
  PICTURES_DIR,
  recordSource,
  tarballFiles,
} from './folder.js';
import { deadLeaves } from './render/dead-leaves.js';
import { type IconSet, iconSheet } from './render/icons.js';
import { oneOf, type Rgb, toPng } from './render/kit.js';
import { screen } from './render/screens.js';
import { textPage, typePage } from './render/text.js';
import { FONT_PACKAGES, ICON_PACKAGES } from './sources.js';

const SEED = 20240;
const SIDES_PX = [512, 640, 768, 1024];

/** The one file of that name in an npm tarball. */
function fromTarball(tarball: string, wanted: string): Buffer {
  for (const [name, bytes] of tarballFiles(tarball)) if (name === wanted) return bytes;
  throw new Error(`${tarball} holds no ${wanted}.`);
}

function iconSets(): IconSet[] {
  return ICON_PACKAGES.map(({ name, version }) => {
    const tarball = path.join(CACHE_DIR, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
    if (!fs.existsSync(tarball)) {
      execFileSync('npm', ['pack', `${name}@${version}`, '--pack-destination', CACHE_DIR, '--silent'], {
        stdio: 'ignore',
      });
    }
    return JSON.parse(fromTarball(tarball, 'package/icons.json').toString('utf8')) as IconSet;
  });
}

/** Unpacks the fonts and points fontconfig at them alone, so that every machine draws the same letters. */
function prepareFonts(): string[] {
  const dir = path.join(CACHE_DIR, 'fonts');
  fs.mkdirSync(dir, { recursive: true });
  for (const { name } of FONT_PACKAGES) {
    if (!fs.existsSync(path.join(dir, name)))
      execFileSync('dpkg-deb', ['-x', download(name), path.join(dir, name)]);
  }
  const config = path.join(dir, 'fonts.conf');
  fs.writeFileSync(
    config,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${dir}</dir><cachedir>${dir}/cache</cachedir></fontconfig>`,
  );
  process.env.FONTCONFIG_FILE = config;
  return FONT_PACKAGES.flatMap(({ families }) => families);
}

/** Colours of photographs, one list per photograph. */
async function palettes(): Promise<Rgb[][]> {
  const folders = ['endless-sky-data', 'gnome-backgrounds', 'lomiri-wallpapers-16.04', 'gcompris-qt-data'];
  const files = folders
    .map((name) => path.join(PICTURES_DIR, name))
    .filter((folder) => fs.existsSync(folder))
    .flatMap((folder) =>
      fs
        .readdirSync(folder)
        .filter((file) => /\.(jpg|webp|png)$/.test(file))
        .sort()
        .map((file) => path.join(folder, file)),
    );
  if (files.length === 0)
    throw new Error('Fetch the photographs first: dead leaves take their colours from them.');
  const step = Math.max(1, Math.floor(files.length / 60));
  const chosen = files.filter((_, i) => i % step === 0);
  return Promise.all(
    chosen.map(async (file) => {
      const rgb = await sharp(file)
        .removeAlpha()
        .toColourspace('srgb')
        .resize(48, 48, { fit: 'fill', kernel: 'nearest' })
        .raw()
        .toBuffer();
      return Array.from({ length: 48 * 48 }, (_, i): Rgb => [rgb[i * 3], rgb[i * 3 + 1], rgb[i * 3 + 2]]);
    }),
  );
}

interface Series extends Pick<FetchedSource, 'name' | 'kind' | 'what' | 'licences' | 'version'> {
  readonly count: number;
  draw(rng: Rng, sidePx: number): Promise<Buffer>;
}

/** Draws what is missing of a series, so that an interrupted run goes on where it was. */
async function renderSeries(series: Series): Promise<void> {
  const { name, kind, version, licences, what, count } = series;
  const folder = path.join(PICTURES_DIR, name);
  fs.mkdirSync(folder, { recursive: true });
  const plan = Array.from({ length: count }, (_, i) => {
    const rng = createRng(SEED, hashText(name), i);
    return {
      rng,
      sidePx: oneOf(rng, SIDES_PX),
      file: path.join(folder, `${String(i).padStart(4, '0')}.png`),
    };
  });
  const megapixels = Math.round(plan.reduce((sum, { sidePx }) => sum + sidePx ** 2, 0) / 1e5) / 10;
  recordSource({
    name,
    kind,
    version,
    sha256: '',
    licences,
    what,
    reduce: [1, 1],
    pictures: count,
    megapixels,
  });
  for (const { rng, sidePx, file } of plan) {
    if (fs.existsSync(file)) continue;
    fs.writeFileSync(`${file}.part`, await series.draw(rng, sidePx));
    fs.renameSync(`${file}.part`, file);
  }
  console.log(`${name}: ${count} pictures, ${megapixels} megapixels`);
}

/** Renders all series. */
export async function render(): Promise<void> {
  const fonts = prepareFonts();
  const sets = iconSets();
  const flat = sets.filter(({ prefix }) =>
    ICON_PACKAGES.some((pack) => pack.name.endsWith(`/${prefix}`) && pack.plain),
  );
  const colours = await palettes();
  const iconLicences = [...new Set(ICON_PACKAGES.map(({ licence }) => licence))];
  const fontLicences = [...new Set(FONT_PACKAGES.map(({ licence }) => licence))];
  const version = `seed ${SEED}`;
  const art = { kind: 'art', version } as const;
  await renderSeries({
    ...art,
    name: 'rendered-icons',
    what: 'sheets of icons, logos, emoji and flags',
    licences: iconLicences,
    count: 160,
    draw: (rng, side) => toPng(iconSheet(rng, sets, side, side), side, side, rng),
  });
  await renderSeries({
    ...art,
    name: 'rendered-text',
    what: 'pages of text',
    licences: fontLicences,
    count: 140,
    draw: (rng, side) => toPng(textPage(rng, fonts, side, side), side, side, rng),
  });
  await renderSeries({
    kind: 'type',
    version,
    name: 'rendered-type',
    what: 'pages of text as large as small type is once it is enlarged',
    licences: fontLicences,
    count: 160,
    draw: (rng, side) => toPng(typePage(rng, fonts, side, side), side, side, rng, 0.15),
  });
  await renderSeries({
    ...art,
    name: 'rendered-screens',
    what: 'interface screens',
    licences: [...new Set([...fontLicences, ...iconLicences])],
    count: 140,
    draw: (rng, side) => toPng(screen(rng, fonts, flat, side, side), side, side, rng),
  });
  await renderSeries({
    name: 'dead-leaves',
    kind: 'texture',
    version,
    what: 'synthetic pictures with the statistics of natural ones',
    licences: ['MIT'],
    count: 120,
    draw: (rng, side) => deadLeaves(rng, colours[rng.int(colours.length)], side),
  });
}
