/** Pictures for the measurements: folders of originals, the low-resolution versions beside them, damage. */

import path from 'node:path';
import { isFolder, listPictures, readInput } from '../cli/files.js';
import { EnlargerError } from '../core/errors.js';
import { cropRaster, type Raster } from '../core/raster/raster.js';
import { resizeRaster } from '../core/raster/resample.js';
import { decodeImage } from '../core/runtime/node/codec.js';

/** Reads a picture file. */
export async function readPicture(file: string): Promise<Raster> {
  return (await decodeImage(await readInput(file))).raster;
}

/** The picture files of a folder, sorted by name. @throws EnlargerError `data-missing`. */
export async function pictureFiles(folder: string): Promise<string[]> {
  const names = (await isFolder(folder)) ? await listPictures(folder) : [];
  if (names.length === 0)
    throw new EnlargerError('data-missing', `There are no pictures in ${folder}.`, 'Give another folder.');
  return names.map((name) => path.join(folder, name));
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
  return width === picture.width && height === picture.height
    ? picture
    : cropRaster(picture, { x: 0, y: 0, width, height });
}

/** The original and its MATLAB-bicubic reduction; the original is cropped to whole low-resolution pixels. */
export async function pairOf(file: string, scale: number): Promise<Pair> {
  const hr = cropToMultiple(await readPicture(file), scale);
  const lr = resizeRaster(hr, hr.width / scale, hr.height / scale);
  return { name: path.parse(file).name, hr, lr };
}

/**
 * The pairs of a test set laid out as `<folder>/x<scale>/{HR,LR}/<name>`, or of a plain folder of originals.
 * They are read one by one, as they are asked for.
 */
export async function* pairsOf(folder: string, scale: number, limit = Infinity): AsyncGenerator<Pair> {
  const set = path.join(folder, `x${scale}`);
  const paired = await isFolder(path.join(set, 'HR'));
  const files = await pictureFiles(paired ? path.join(set, 'HR') : folder);
  for (const file of files.slice(0, limit)) {
    if (!paired) yield await pairOf(file, scale);
    else {
      const [hr, lr] = [
        await readPicture(file),
        await readPicture(path.join(set, 'LR', path.basename(file))),
      ];
      yield { name: path.parse(file).name, hr, lr };
    }
  }
}
