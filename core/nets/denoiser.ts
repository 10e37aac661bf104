/**
 * The denoiser of the embedded generator: a transformer over 2 x 2 patches of a small latent (DiT, Peebles and Xie 2023),
 * with the prompt's tokens in the same sequence (as in MM-DiT, Esser et al. 2024, but with shared weights) and one
 * modulation for all blocks (PixArt-alpha, Chen et al. 2024). It predicts the vector field of the straight path from
 * noise to data, v = data - noise at x_t = (1 - t) noise + t data.
 *
 * Unlike the networks that enlarge it knows absolute places and attends globally: what it makes has one fixed size.
 */

import {
  add,
  concat,
  depthToSpace,
  mul,
  type ParameterSource,
  reduceMean,
  reshape,
  silu,
  slice,
  spaceToDepth,
  transpose,
  type Value,
} from '../graph/index.js';
import { fourierFeatures } from './layers.js';
import { feedForward, linear, rmsNormLast, selfAttention } from './transformer.js';

/** Latent pixels along the side of a patch. */
const PATCH = 2;

export interface DenoiserConfig {
  /** Channels and side of the latent. */
  readonly channels: number;
  readonly side: number;
  /** Width of the vectors that the text encoder gives. */
  readonly contextWidth: number;
  readonly width: number;
  readonly heads: number;
  readonly blocks: number;
  /** Width of the feed-forward layers' middle, in widths. */
  readonly expansion: number;
}

/** xt [N, C, S, S] in normalised latent units, t [N, 1, 1, 1] in 0..1, context [N, L, contextWidth], to v [N, C, S, S]. */
export function denoiser(
  source: ParameterSource,
  xt: Value,
  t: Value,
  context: Value,
  config: DenoiserConfig,
): Value {
  const { channels, side, width, heads, blocks, expansion } = config;
  const [batch] = xt.shape;
  const grid = side / PATCH;
  const count = grid * grid;
  const patch = channels * PATCH * PATCH;

  const patches = transpose(reshape(spaceToDepth(xt, PATCH), [batch, patch, count]), [0, 2, 1]);
  const places = source.get('positions', [1, count, width], { normal: 0.3 });
  const picture = add(linear(source, 'in', patches, width), places);
  let x = concat([picture, linear(source, 'context', context, width)], 1);

  const features = fourierFeatures(t);
  const time = linear(source, 'time', reshape(features, [batch, features.shape[1]]), width);
  const subject = linear(source, 'subject', reduceMean(context, [1]), width);
  const state = silu(linear(source, 'state', silu(add(time, subject)), width));
  const modulation = linear(source, 'modulation', state, 6 * width, 0.2);

  for (let i = 0; i < blocks; i++) {
    const own = source.get(`block${i}.modulation`, [1, 6 * width], { constant: 0 });
    const all = reshape(add(modulation, own), [batch, 1, 6 * width]);
    const part = (k: number) => slice(all, 2, k * width, (k + 1) * width);
    const modulate = (v: Value, scale: Value, shift: Value) => add(mul(rmsNormLast(v), add(scale, 1)), shift);
    // The gates start at one and the branches small: a gate that starts at zero would keep its branch from learning.
    const attended = selfAttention(source, `block${i}.attention`, modulate(x, part(0), part(1)), heads, 0.3);
    x = add(x, mul(attended, add(part(2), 1)));
    const fed = feedForward(source, `block${i}.mlp`, modulate(x, part(3), part(4)), expansion * width, 0.3);
    x = add(x, mul(fed, add(part(5), 1)));
  }
  const made = linear(source, 'out', rmsNormLast(slice(x, 1, 0, count)), patch, 0.1);
  return depthToSpace(reshape(transpose(made, [0, 2, 1]), [batch, patch, grid, grid]), PATCH);
}

/** Multiply-accumulates of one evaluation for prompts of this many tokens. */
export function denoiserMacs(config: DenoiserConfig, length: number): number {
  const { channels, side, contextWidth, width, blocks, expansion } = config;
  const count = (side / PATCH) ** 2;
  const tokens = count + length;
  const block = tokens * ((4 + 2 * expansion) * width * width + 2 * tokens * width);
  return (
    blocks * block +
    2 * count * channels * PATCH ** 2 * width +
    length * contextWidth * width +
    8 * width * width
  );
}
