/** Reads text in pictures with tesseract, a program of Debian's tesseract-ocr. */

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { EnlargerError } from '../../core/errors.js';
import type { Raster } from '../../core/raster/raster.js';
import { encodeImage } from '../../core/runtime/node/codec.js';

const run = promisify(execFile);

/**
 * The text of each picture, every one a single line of English.
 * @throws EnlargerError `data-missing` when tesseract is not installed.
 */
export async function readLines(pictures: readonly Raster[]): Promise<string[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'enlarger-ocr-'));
  try {
    const files = pictures.map((_, i) => path.join(folder, `${i}.png`));
    for (const [i, picture] of pictures.entries())
      await writeFile(files[i], await encodeImage(picture, 'png'));
    const list = path.join(folder, 'list.txt');
    await writeFile(list, `${files.join('\n')}\n`);
    const flags = ['--psm', '7', '--dpi', '288', '-l', 'eng'];
    const { stdout } = await run('tesseract', [list, 'stdout', ...flags], {
      maxBuffer: 2 ** 26,
      env: { ...process.env, OMP_THREAD_LIMIT: '1' },
    });
    // A form feed stands between pages.
    const pages = stdout.split('\f');
    if (pages.length === pictures.length) return pages;
    throw new EnlargerError('internal', `Tesseract read ${pages.length} of ${pictures.length} lines.`);
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 'ENOENT') throw cause;
    throw new EnlargerError(
      'data-missing',
      'The program tesseract is not installed.',
      'Debian: apt-get install tesseract-ocr',
      { cause },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws EnlargerError `data-missing` unless all font families are installed. */
export async function requireFonts(families: readonly string[], packages: string): Promise<void> {
  const { stdout } = await run('fc-list', [':', 'family']);
  const installed = new Set(stdout.split('\n').flatMap((line) => line.split(',')));
  const missing = families.filter((family) => !installed.has(family));
  if (missing.length === 0) return;
  throw new EnlargerError(
    'data-missing',
    `Fonts are not installed: ${missing.join(', ')}.`,
    `Debian: apt-get install ${packages}`,
  );
}
