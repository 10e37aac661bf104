/**
 * A perceptual distance: how different two pictures look to a network trained on ImageNet, which agrees with
 * people far better than PSNR does (Zhang, Isola, Efros, Shechtman and Wang 2018, LPIPS without its learned
 * channel weights). bench/README.md tells why this network and what the distance was checked on.
 */

import { EnlargerError } from '../core/errors.js';
import { cropRaster, type Raster } from '../core/raster/raster.js';
import { resizeRaster } from '../core/raster/resample.js';
import { float32, type Program } from '../core/runtime/engine.js';
import { createEngine } from '../core/runtime/node/engines.js';
import { type FeatureMap, featureDistance } from './perceptual/distance.js';
import { FEATURE_LAYERS, inceptionFeatures } from './perceptual/inception.js';
import { inceptionWeights } from './perceptual/weights.js';

const SMALLEST_SIDE = 48;
/** Larger pictures are compared in pieces of about this side, to bound memory. */
const PIECE_PX = 384;

let program: Promise<Program> | undefined;

async function loadProgram(): Promise<Program> {
  const { engine } = await createEngine('auto');
  return engine.load(inceptionFeatures(await inceptionWeights()));
}

async function features({ width, height, data }: Raster): Promise<FeatureMap[]> {
  program ??= loadProgram();
  const samples = new Float32Array(3 * width * height);
  for (let p = 0, places = width * height; p < places; p++)
    for (let c = 0; c < 3; c++) samples[c * places + p] = data[p * 4 + c] / 255;
  const outputs = await (await program).run({ picture: float32([1, 3, height, width], samples) });
  return FEATURE_LAYERS.map((name) => {
    const { dims, data: map } = outputs[name];
    return { channels: dims[1], height: dims[2], width: dims[3], data: map as Float32Array };
  });
}

const doubled = (picture: Raster) => resizeRaster(picture, picture.width * 2, picture.height * 2);

/**
 * The distance of one piece: the mean at its own and at twice its size. At its own size alone the network,
 * whose first layer takes every second pixel, is blind to checkerboards and one-pixel hatching.
 */
async function pieceDistance(a: Raster, b: Raster): Promise<number> {
  const own = featureDistance(await features(a), await features(b));
  const twice = featureDistance(await features(doubled(a)), await features(doubled(b)));
  return (own + twice) / 2;
}

/** Begins of equal pieces of a side, and its end. */
function cuts(length: number): number[] {
  const pieces = Math.ceil(length / PIECE_PX);
  return Array.from({ length: pieces + 1 }, (_, i) => Math.round((i * length) / pieces));
}

/**
 * 0 for equal pictures; larger looks more different. Alpha is not looked at. Compare values only between
 * pictures made for the same reference, or as means over the same references.
 * @throws EnlargerError `option-invalid` for different sizes or sides below 48 pixels, `data-missing` when
 *   the packages of bench/ are not installed.
 */
export async function perceptualDistance(a: Raster, b: Raster): Promise<number> {
  if (a.width !== b.width || a.height !== b.height)
    throw new EnlargerError('option-invalid', 'Pictures of different sizes cannot be compared.');
  if (Math.min(a.width, a.height) < SMALLEST_SIDE)
    throw new EnlargerError(
      'option-invalid',
      `The perceptual distance needs sides of at least ${SMALLEST_SIDE} pixels.`,
    );
  const [columns, rows] = [cuts(a.width), cuts(a.height)];
  let sum = 0;
  for (let r = 0; r + 1 < rows.length; r++)
    for (let c = 0; c + 1 < columns.length; c++) {
      const [x, y] = [columns[c], rows[r]];
      const piece = { x, y, width: columns[c + 1] - x, height: rows[r + 1] - y };
      const distance = await pieceDistance(cropRaster(a, piece), cropRaster(b, piece));
      sum += distance * piece.width * piece.height;
    }
  return sum / (a.width * a.height);
}
