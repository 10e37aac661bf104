/**
 * The decoder of generated pictures: a latent of colour and coverage to a picture with transparency. Unlike the decoder
 * that enlarges it has no up-sampled picture to look at.
 */

import {
  add,
  clip,
  concat,
  depthToSpace,
  type ParameterSource,
  sigmoid,
  silu,
  slice,
  type Value,
} from '../graph/index.js';
import { LATENT_FACTOR } from './autoencoder.js';
import { conv, residual } from './layers.js';

export interface IconDecoderConfig {
  /** Channels of the latent: colour and coverage together. */
  readonly latentChannels: number;
  /** Channels and residual blocks at 1/8 resolution. */
  readonly channels: number;
  readonly blocks: number;
  /** Channels and residual blocks at 1/4 resolution. */
  readonly fine: number;
  readonly fineBlocks: number;
}

/** Channels of the last look, at full resolution. */
const SEAM_CHANNELS = 16;

/** z [N, C, h, w] in normalised units to RGBA [N, 4, 8h, 8w] in 0..1, colour not premultiplied. */
export function iconDecoder(source: ParameterSource, z: Value, config: IconDecoderConfig): Value {
  const { channels, blocks, fine, fineBlocks } = config;
  let x = conv(source, 'in', z, channels, 3);
  for (let i = 0; i < blocks; i++) x = residual(source, `block${i}`, x);
  let y = depthToSpace(conv(source, 'rise', silu(x), 4 * fine, 1), 2);
  for (let i = 0; i < fineBlocks; i++) y = residual(source, `fine${i}`, y);
  // Every pixel sees the neighbouring places of the latent too: a place that is a little wrong must not show as a square.
  const coarse = depthToSpace(
    conv(source, 'coarse', z, 4 * LATENT_FACTOR * LATENT_FACTOR, 3, 0.5),
    LATENT_FACTOR,
  );
  const picture = add(coarse, depthToSpace(conv(source, 'out', silu(y), 4 * 16, 3, 0.1), 4));
  // Shuffled pixels come from channels that know nothing of each other: what meets at their seams is joined here.
  const seams = conv(source, 'seams.b', silu(conv(source, 'seams.a', picture, SEAM_CHANNELS, 3)), 4, 3, 0.1);
  const joined = add(picture, seams);
  const colour = clip(add(slice(joined, 1, 0, 3), 0.5), 0, 1);
  const coverage = sigmoid(slice(joined, 1, 3, 4));
  return concat([colour, coverage], 1);
}

/** Multiply-accumulates per pixel of the picture. */
export function iconDecoderMacs({
  latentChannels,
  channels,
  blocks,
  fine,
  fineBlocks,
}: IconDecoderConfig): number {
  const eighth =
    (9 * latentChannels + 18 * blocks * channels + 4 * fine) * channels + 9 * 256 * latentChannels;
  const quarter = 18 * fineBlocks * fine * fine + 9 * fine * 64;
  return eighth / 64 + quarter / 16 + 72 * SEAM_CHANNELS;
}
