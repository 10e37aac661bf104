/** Pictures for the measurements: folders of originals, the low-resolution versions beside them, damage. */

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { EnlargerError } from '../core/errors.js';
import { createRaster, type Raster } from '../core/raster/raster.js';
import { resizeRaster } from '../core/raster/resample.js';
import { decodeImage } from '../core/runtime/node/codec.js';

const IMAGE_FILE = /\.(png|jpe?g|webp)$/i;

/** Reads a picture file. */
export async function readPicture(file: string): Promise<Raster> {
  return (await decodeImage(await readFile(file))).raster;
}

/** The picture files of a folder, sorted by name. @throws EnlargerError `data-missing`. */
export async function pictureFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const files = names.filter((name) => IMAGE_FILE.test(name)).sort();
  if (files.length === 0)
    throw new EnlargerError('data-missing', `There are no pictures in ${folder}.`, 'Give another folder.');
  return files.map((name) => path.join(folder, name));
}

/** An original and what is enlarged to reach it. */
export interface Pair {
  readonly name: string;
  readonly hr: Raster;
  readonly lr: Raster;
}

/** The left upper part of a picture whose sides are multiples of `factor`. */
export function cropToMultiple(picture: Raster, factor: number): Raster {
  const width = picture.width - (picture.width % factor);
  const height = picture.height - (picture.height % factor);
  return width === picture.width && height === picture.height ? picture : crop(picture, 0, 0, width, height);
}

/** A rectangle of a picture, copied. */
export function crop(picture: Raster, x: number, y: number, width: number, height: number): Raster {
  const part = createRaster(width, height);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * picture.width + x) * 4;
    part.data.set(picture.data.subarray(from, from + width * 4), row * width * 4);
  }
  return part;
}

/** The original and its MATLAB-bicubic reduction; the original is cropped to whole low-resolution pixels. */
export async function pairOf(file: string, scale: number): Promise<Pair> {
  const hr = cropToMultiple(await readPicture(file), scale);
  const lr = resizeRaster(hr, hr.width / scale, hr.height / scale);
  return { name: path.parse(file).name, hr, lr };
}

/** The pairs of a test set laid out as `<folder>/{HR,LR}/<name>`, or of a plain folder of originals. */
export async function pairsOf(folder: string, scale: number, limit = Infinity): Promise<Pair[]> {
  const sub = path.join(folder, `x${scale}`);
  const names = await readdir(path.join(sub, 'HR')).catch(() => undefined);
  if (!names) {
    const files = (await pictureFiles(folder)).slice(0, limit);
    return Promise.all(files.map((file) => pairOf(file, scale)));
  }
  const files = (await pictureFiles(path.join(sub, 'HR'))).slice(0, limit);
  return Promise.all(
    files.map(async (file) => ({
      name: path.parse(file).name,
      hr: await readPicture(file),
      lr: await readPicture(path.join(sub, 'LR', path.basename(file))),
    })),
  );
}
