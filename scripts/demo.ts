/**
 * `npm run demo`: enlarges the sample picture from 128 to 2048 pixels and lays the result beside what bicubic
 * makes of it. Writes to dist/demo.
 */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openModel, packageRoot } from '../cli/model.js';
import { contactSheet } from '../cli/sheet.js';
import { upscale } from '../core/pipeline/upscale.js';
import { damageOf } from '../core/raster/jpeg-damage.js';
import { cropRaster, type Raster } from '../core/raster/raster.js';
import { resizeRaster } from '../core/raster/resample.js';
import { writeFileAtomic } from '../core/runtime/node/atomic-write.js';
import { decodeImage, encodeImage } from '../core/runtime/node/codec.js';

const SIZE = 2048;
const SHOWN = 768;
/** Top left corners of the parts shown at full size: the mask, the flange with its bolts. */
const DETAILS = [
  { x: 700, y: 100 },
  { x: 1250, y: 1250 },
];

const root = packageRoot();
const folder = path.join(root, 'dist', 'demo');
const input = await decodeImage(await readFile(path.join(root, 'models', 'demo', 'welder.png')));
const model = await openModel({ backend: 'auto' });
process.stdout.write(`${model.description}\n`);

const { provider } = model;
const { raster, stages } = await upscale(
  input.raster,
  { width: SIZE },
  { provider, damage: damageOf(input) },
);
await model.dispose();
for (const [i, { factor, width, height, milliseconds }] of stages.entries()) {
  const seconds = (milliseconds / 1000).toFixed(1);
  process.stdout.write(`stage ${i + 1}: x${factor} to ${width} x ${height} in ${seconds} s\n`);
}

const bicubic = resizeRaster(input.raster, SIZE, SIZE);
const whole = (picture: Raster) => resizeRaster(picture, SHOWN, SHOWN);
const pictures = [bicubic, raster];
const sheet = contactSheet([
  pictures.map(whole),
  ...DETAILS.map((corner) =>
    pictures.map((picture) => cropRaster(picture, { ...corner, width: SHOWN, height: SHOWN })),
  ),
]);
const write = async (name: string, picture: Raster) => {
  const file = path.join(folder, name);
  await writeFileAtomic(file, await encodeImage(picture, 'png'));
  return file;
};
await write('welder@16x.png', raster);
const shown = await write('before-after.png', sheet);
process.stdout.write(`Bicubic on the left, enlarger on the right, details below: ${shown}\n`);
