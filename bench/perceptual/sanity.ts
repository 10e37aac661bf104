/**
 * Tries the perceptual distance on pictures spoilt in known ways and says which of the orders that people
 * agree on it gets right. Butteraugli and SSIMULACRA stand beside it where they are installed.
 */

import { psnrY, ssimY } from '../../core/raster/metrics.js';
import { cropRaster, type Raster } from '../../core/raster/raster.js';
import { perceptualDistance } from '../perceptual.js';
import { readPicture } from '../pictures.js';
import { markdownTable } from '../table.js';
import * as spoil from './distortions.js';
import { butteraugli, ssimulacra } from './tools.js';

/** All versions of a picture, by name. */
async function versions(picture: Raster): Promise<Map<string, Raster>> {
  const bicubic4 = spoil.throughBicubic(picture, 4);
  const misplaced4 = spoil.misplacedDetail(picture, 4, 8);
  return new Map([
    ['original', picture],
    ['JPEG 90', await spoil.throughJpeg(picture, 90)],
    ['JPEG 50', await spoil.throughJpeg(picture, 50)],
    ['JPEG 20', await spoil.throughJpeg(picture, 20)],
    ['blur 0.6', spoil.blur(picture, 0.6)],
    ['blur 1', spoil.blur(picture, 1)],
    ['blur 2', spoil.blur(picture, 2)],
    ['bicubic x2', spoil.throughBicubic(picture, 2)],
    ['bicubic x4', bicubic4],
    ['half of the way to bicubic x4', spoil.blend(picture, bicubic4, 0.5)],
    ['bicubic x4, detail misplaced', misplaced4],
    ['bicubic x4, half of it', spoil.blend(bicubic4, misplaced4, 0.5)],
    ['bicubic x4, noise 4', spoil.addNoise(bicubic4, 4)],
    ['bicubic x4, noise 8', spoil.addNoise(bicubic4, 8)],
    ['noise 3', spoil.addNoise(picture, 3)],
    ['noise 8', spoil.addNoise(picture, 8)],
    ['noise 20', spoil.addNoise(picture, 20)],
    ['moved by a pixel', spoil.shift(picture, 1)],
    ['checkerboard 3', spoil.hatch(picture, 3)],
    ['checkerboard 8', spoil.hatch(picture, 8)],
    ['checkerboard 8 on bicubic x2', spoil.hatch(spoil.throughBicubic(picture, 2), 8)],
  ]);
}

/** What everybody agrees on, better first. The third field says on which pictures. */
const ORDERS: readonly (readonly [better: string, worse: string, where: 'all' | 'texture' | 'smooth'])[] = [
  ['original', 'JPEG 90', 'all'],
  ['JPEG 90', 'JPEG 50', 'all'],
  ['JPEG 50', 'JPEG 20', 'all'],
  ['original', 'blur 0.6', 'all'],
  ['blur 0.6', 'blur 1', 'all'],
  ['blur 1', 'blur 2', 'all'],
  ['bicubic x2', 'bicubic x4', 'all'],
  ['half of the way to bicubic x4', 'bicubic x4', 'all'],
  ['noise 3', 'noise 8', 'all'],
  ['noise 8', 'noise 20', 'all'],
  ['original', 'checkerboard 3', 'all'],
  ['checkerboard 3', 'checkerboard 8', 'all'],
  ['bicubic x2', 'checkerboard 8 on bicubic x2', 'all'],
  ['moved by a pixel', 'blur 2', 'all'],
  ['bicubic x4, detail misplaced', 'bicubic x4', 'texture'],
  ['bicubic x4, half of it', 'bicubic x4', 'texture'],
  ['bicubic x4', 'bicubic x4, noise 8', 'smooth'],
];

const SIDE_PX = 256;

/** @param textured Whether the picture is mostly texture, where misplaced detail looks right. */
async function tryPicture(file: string, textured: boolean): Promise<string> {
  const whole = await readPicture(file);
  const side = Math.min(SIDE_PX, whole.width, whole.height) & ~7;
  const [x, y] = [(whole.width - side) >> 1, (whole.height - side) >> 1];
  const picture = cropRaster(whole, { x, y, width: side, height: side });
  const made = await versions(picture);
  const distances = new Map<string, number>();
  const rows: (string | number)[][] = [];
  for (const [name, version] of made) {
    const distance = await perceptualDistance(picture, version);
    distances.set(name, distance);
    const others = [await butteraugli(picture, version), await ssimulacra(picture, version)];
    rows.push([
      name,
      psnrY(picture, version, 4).toFixed(2),
      ssimY(picture, version, 4).toFixed(4),
      distance.toFixed(4),
      ...others.map((value) => value?.toFixed(3) ?? '-'),
    ]);
  }
  const orders = ORDERS.filter(([, , where]) => where === 'all' || (where === 'texture') === textured);
  const wrong = orders.filter(([better, worse]) => distances.get(better)! >= distances.get(worse)!);
  const verdict = `${orders.length - wrong.length} of ${orders.length} orders are right.`;
  const faults = wrong.map(([better, worse]) => `- "${better}" should be nearer than "${worse}"`);
  const heads = ['version', 'PSNR-Y', 'SSIM-Y', 'perceptual', 'Butteraugli', 'SSIMULACRA'];
  return [`### ${file}`, '', markdownTable(heads, rows), '', verdict, ...faults].join('\n');
}

export interface SanityOptions {
  /** Pictures of mostly texture, and others. */
  readonly textured: readonly string[];
  readonly others: readonly string[];
}

/** The whole report as Markdown. */
export async function perceptualSanity({ textured, others }: SanityOptions): Promise<string> {
  const parts: string[] = [];
  for (const file of textured) parts.push(await tryPicture(file, true));
  for (const file of others) parts.push(await tryPicture(file, false));
  return parts.join('\n\n');
}
