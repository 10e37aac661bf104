/**
 * Type, icons and screens, drawn at 1x, enlarged four times, and held against the exact drawing at 4x: how many
 * characters a reader gets wrong, how many halos there are, and how near the pixels come.
 */

import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { contactSheet } from '../cli/sheet.js';
import { psnrY } from '../core/raster/metrics.js';
import { cropRaster, type Raster } from '../core/raster/raster.js';
import { encodeImage } from '../core/runtime/node/codec.js';
import { BICUBIC, LANCZOS3, type Method, type ModelChoice, withOurs } from './methods.js';
import { perceptualDistance } from './perceptual.js';
import { markdownTable, mean } from './table.js';
import { halo } from './text/halo.js';
import { characterErrorRate, type Reading } from './text/letters.js';
import { readLines, requireFonts } from './text/ocr.js';
import { drawings, FAMILIES, FONT_PACKAGES, render, type Scene, textPages } from './text/scenes.js';

const SCALE = 4;

export interface TextOptions extends ModelChoice {
  /** Folder for the comparison sheet. */
  readonly out: string;
  /** Only the first so many pages of type and drawings. */
  readonly limit?: number | undefined;
  readonly say: (line: string) => void;
}

export interface TextScores {
  readonly method: string;
  /** Wrong characters per character, over all pages and for each size of type in pixels. */
  readonly characterErrors: number;
  readonly characterErrorsBySize: Readonly<Record<number, number>>;
  /** Means over pages of type, and over icons and screens. */
  readonly text: PictureScores;
  readonly drawings: PictureScores & { readonly perceptual: number };
}

interface PictureScores {
  readonly psnrY: number;
  /** Share of the flat pixels near edges that have a halo. */
  readonly haloShare: number;
}

interface Shown {
  readonly scene: Scene;
  readonly exact: Raster;
  readonly enlarged: Raster;
}

/** Exact drawings as a method: what the reader gets wrong even then. */
const EXACT = 'exact drawing';

async function showAll(scenes: readonly Scene[], method: Method | undefined): Promise<Shown[]> {
  const shown: Shown[] = [];
  for (const scene of scenes) {
    const exact = await render(scene, SCALE);
    const enlarged = method ? await method.enlarge(await render(scene, 1), SCALE) : exact;
    shown.push({ scene, exact, enlarged });
  }
  return shown;
}

function pictureScores(shown: readonly Shown[]): PictureScores {
  return {
    psnrY: mean(shown.map(({ enlarged, exact }) => psnrY(enlarged, exact, SCALE))),
    haloShare: mean(shown.map(({ enlarged, exact }) => halo(enlarged, exact, { scale: SCALE }).share)),
  };
}

async function meanDistance(shown: readonly Shown[]): Promise<number> {
  const distances: number[] = [];
  for (const { enlarged, exact } of shown) distances.push(await perceptualDistance(exact, enlarged));
  return mean(distances);
}

async function readAll(pages: readonly Shown[]): Promise<(Reading & { sizePx: number })[]> {
  const lines = pages.flatMap(({ scene, enlarged }) =>
    scene.lines.map(({ text, sizePx, box: { x, y, width, height } }) => ({
      wanted: text,
      sizePx,
      picture: cropRaster(enlarged, {
        x: x * SCALE,
        y: y * SCALE,
        width: width * SCALE,
        height: height * SCALE,
      }),
    })),
  );
  const texts = await readLines(lines.map(({ picture }) => picture));
  return lines.map(({ wanted, sizePx }, i) => ({ wanted, sizePx, read: texts[i] }));
}

function scoresOf(method: string, readings: readonly (Reading & { sizePx: number })[]) {
  const sizes = [...new Set(readings.map(({ sizePx }) => sizePx))];
  return {
    method,
    characterErrors: characterErrorRate(readings),
    characterErrorsBySize: Object.fromEntries(
      sizes.map((size) => [size, characterErrorRate(readings.filter(({ sizePx }) => sizePx === size))]),
    ),
  };
}

/**
 * Runs everything; writes `text.png` into the output folder: exact, then each method, one page per row; and `type.png`, the
 * first page after bicubic and after the last of ours.
 */
export async function benchText({ out, limit, say, ...choice }: TextOptions): Promise<TextScores[]> {
  await requireFonts(FAMILIES, FONT_PACKAGES);
  const [pages, others] = [textPages().slice(0, limit), drawings().slice(0, limit)];
  return withOurs(choice, async (ours) => {
    const scores: TextScores[] = [];
    const columns: Raster[][] = [];
    for (const method of [undefined, BICUBIC, LANCZOS3, ...ours]) {
      say(`text: ${method?.name ?? EXACT}`);
      const [type, drawn] = [await showAll(pages, method), await showAll(others, method)];
      scores.push({
        ...scoresOf(method?.name ?? EXACT, await readAll(type)),
        text: pictureScores(type),
        drawings: { ...pictureScores(drawn), perceptual: await meanDistance(drawn) },
      });
      columns.push([...type.slice(0, 2), ...drawn].map(({ enlarged }) => partOf(enlarged)));
    }
    const rows = columns[0].map((_, row) => columns.map((column) => column[row]));
    await writeFile(path.join(out, 'text.png'), await encodeImage(contactSheet(rows), 'png'));
    const beside = [columns[1][0], columns[columns.length - 1][0]];
    await writeFile(path.join(out, 'type.png'), await encodeImage(contactSheet([beside]), 'png'));
    return scores;
  });
}

/** A part small enough that five of them fit beside each other. */
function partOf(picture: Raster): Raster {
  const [width, height] = [Math.min(640, picture.width), Math.min(480, picture.height)];
  return cropRaster(picture, { x: 0, y: 0, width, height });
}

/** The scores as a table for people. */
export function textTable(scores: readonly TextScores[]): string {
  const sizes = Object.keys(scores[0].characterErrorsBySize);
  const percent = (share: number) => (share * 100).toFixed(2);
  const pictures = (kind: PictureScores) => [
    Number.isFinite(kind.psnrY) ? kind.psnrY.toFixed(2) : 'exact',
    percent(kind.haloShare),
  ];
  return markdownTable(
    [
      'method',
      'wrong characters %',
      ...sizes.map((size) => `${size} px`),
      'type: PSNR-Y',
      'halo %',
      'drawings: PSNR-Y',
      'halo %',
      'perceptual',
    ],
    scores.map((row) => [
      row.method,
      percent(row.characterErrors),
      ...sizes.map((size) => percent(row.characterErrorsBySize[Number(size)])),
      ...pictures(row.text),
      ...pictures(row.drawings),
      row.drawings.perceptual.toFixed(4),
    ]),
  );
}
