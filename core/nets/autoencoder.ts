/**
 * The autoencoder that spans the latent space: spatial factor 8, work at 1/4 and 1/8 resolution.
 *
 * The decoder looks at an up-sampled picture (as the controllable feature wrapping of StableSR does, Wang et
 * al. 2024) and adds to it what the change of latent says. Everything on the path of that change is free of
 * biases and of saturating activations, so the decoder is positively homogeneous in it: no change gives
 * exactly the up-sampled picture, half the change gives half the correction. Context only modulates.
 */

import {
  add,
  concat,
  conv2d,
  depthToSpace,
  mul,
  type ParameterSource,
  relu,
  rmsNorm,
  silu,
  spaceToDepth,
  staticShape,
  sub,
  type Value,
} from '../graph/index.js';
import { conv, residual } from './layers.js';

/** Output pixels per latent pixel. */
export const LATENT_FACTOR = 8;

export interface EncoderConfig {
  /** Channels at 1/4 and at 1/8 resolution. */
  readonly stem: number;
  readonly channels: number;
  /** Residual blocks at 1/8 resolution. */
  readonly blocks: number;
}

export interface DecoderConfig {
  /** Channels at 1/8 resolution. */
  readonly channels: number;
  /** Residual blocks at 1/8 resolution. */
  readonly blocks: number;
  /** Channels at 1/4 resolution. */
  readonly fine: number;
  /** Residual blocks at 1/4 resolution. */
  readonly fineBlocks: number;
}

export interface AutoencoderConfig {
  readonly latentChannels: number;
  readonly encoder: EncoderConfig;
  readonly decoder: DecoderConfig;
}

/**
 * picture [N, 3, H, W] nominally in 0..1, sides multiples of 8, to a latent [N, C, H/8, W/8], not normalised.
 * A linear map of 8 x 8 patches runs beside the network and gives training a sound start.
 */
export function encoder(source: ParameterSource, picture: Value, config: AutoencoderConfig): Value {
  const { latentChannels } = config;
  const { stem, channels, blocks } = config.encoder;
  const centred = sub(picture, 0.5);
  const patches = spaceToDepth(centred, LATENT_FACTOR);
  const linear = conv(source, 'linear', patches, latentChannels, 1);
  const quarter = conv(source, 'stem', spaceToDepth(centred, 4), stem, 3);
  let x = conv(source, 'down', spaceToDepth(residual(source, 'fine', quarter), 2), channels, 1);
  for (let i = 0; i < blocks; i++) x = residual(source, `block${i}`, x);
  return add(linear, conv(source, 'out', silu(rmsNorm(x)), latentChannels, 1, 0.1));
}

/** A convolution without bias: homogeneous. */
function linearConv(
  source: ParameterSource,
  name: string,
  x: Value,
  outputs: number,
  kernel: 1 | 3,
  gain: number,
): Value {
  const inputs = staticShape([x.shape[1]], 'A convolution')[0];
  const std = gain * Math.sqrt(2 / (inputs * kernel * kernel));
  return conv2d(x, source.get(`${name}.weight`, [outputs, inputs, kernel, kernel], { normal: std }));
}

/** 1 + a 1 x 1 map of the context: starts at one. */
function gate(source: ParameterSource, name: string, context: Value, channels: number): Value {
  return add(conv(source, name, context, channels, 1, 0.05), 1);
}

function gatedResidual(source: ParameterSource, name: string, x: Value, context: Value): Value {
  const channels = staticShape([x.shape[1]], 'A gated block')[0];
  const gated = mul(x, gate(source, `${name}.gate`, context, channels));
  const inner = relu(linearConv(source, `${name}.a`, gated, channels, 3, 1));
  return add(x, linearConv(source, `${name}.b`, inner, channels, 3, 0.1));
}

/**
 * z1 and z0 [N, C, h, w] in the encoder's own units and the up-sampled picture [N, 3, 8h, 8w] that z0 encodes,
 * to the enlarged picture [N, 3, 8h, 8w], not clipped.
 */
export function decoder(
  source: ParameterSource,
  z1: Value,
  z0: Value,
  up: Value,
  config: AutoencoderConfig,
): Value {
  const { channels, blocks, fine, fineBlocks } = config.decoder;
  const change = sub(z1, z0);
  const linear = linearConv(source, 'linear', change, 3 * LATENT_FACTOR * LATENT_FACTOR, 1, 0.01);
  const seen = conv(source, 'seen', spaceToDepth(sub(up, 0.5), 4), fine, 3);
  const fineContext = silu(seen);
  const context = silu(
    conv(
      source,
      'context',
      concat([z0, conv(source, 'seenDown', spaceToDepth(seen, 2), channels, 1)], 1),
      channels,
      1,
    ),
  );
  let x = linearConv(source, 'in', change, channels, 3, 1);
  for (let i = 0; i < blocks; i++) x = gatedResidual(source, `block${i}`, x, context);
  let y = depthToSpace(linearConv(source, 'rise', x, 4 * fine, 1, 1), 2);
  for (let i = 0; i < fineBlocks; i++) y = gatedResidual(source, `fine${i}`, y, fineContext);
  const detail = depthToSpace(linearConv(source, 'out', y, 48, 3, 0.05), 4);
  return add(up, add(depthToSpace(linear, LATENT_FACTOR), detail));
}

/** Multiply-accumulates per output pixel of the encoder. */
export function encoderMacs({ latentChannels, encoder: e }: AutoencoderConfig): number {
  const quarter = 9 * 48 * e.stem + 18 * e.stem * e.stem;
  const eighth =
    4 * e.stem * e.channels + 18 * e.blocks * e.channels ** 2 + (e.channels + 192) * latentChannels;
  return quarter / 16 + eighth / 64;
}

/** Multiply-accumulates per output pixel of the decoder. */
export function decoderMacs({ latentChannels, decoder: d }: AutoencoderConfig): number {
  const eighth =
    192 * latentChannels +
    4 * d.fine * d.channels +
    (latentChannels + d.channels) * d.channels +
    9 * latentChannels * d.channels +
    19 * d.blocks * d.channels ** 2 +
    4 * d.channels * d.fine;
  const quarter = 9 * 48 * d.fine + 19 * d.fineBlocks * d.fine ** 2 + 9 * d.fine * 48;
  return eighth / 64 + quarter / 16;
}
