/** Two measuring programs of Debian's libjxl-devtools, used beside our own distance where they are installed. */

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Raster } from '../../core/raster/raster.js';
import { encodeImage } from '../../core/runtime/node/codec.js';

const run = promisify(execFile);

async function firstNumber(program: string, a: Raster, b: Raster): Promise<number | undefined> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'enlarger-'));
  const files = [path.join(folder, 'a.png'), path.join(folder, 'b.png')];
  try {
    await writeFile(files[0], await encodeImage(a, 'png'));
    await writeFile(files[1], await encodeImage(b, 'png'));
    const { stdout } = await run(program, files);
    return Number.parseFloat(stdout);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Butteraugli's distance (its greatest over the picture; about 1 is just noticeable), or undefined. */
export const butteraugli = (reference: Raster, picture: Raster): Promise<number | undefined> =>
  firstNumber('butteraugli_main', reference, picture);

/** SSIMULACRA's distance (0 for equal pictures, larger is worse), or undefined. */
export const ssimulacra = (reference: Raster, picture: Raster): Promise<number | undefined> =>
  firstNumber('ssimulacra_main', reference, picture);
