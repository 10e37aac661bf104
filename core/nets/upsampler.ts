/**
 * The learned up-sampler (pixel-space up-sampling, PSU): a residual network that works at low resolution
 * and ends in a pixel shuffle (Shi et al. 2016), predicting what bicubic interpolation misses. Trained to the
 * mean absolute error it approximates the posterior median, from which the flow starts (cf. PMRF, Ohayon et al.,
 * ICLR 2025).
 */

import { add, depthToSpace, mul, type ParameterSource, relu, reshape, type Value } from '../graph/index.js';
import { bicubicUp, conv } from './layers.js';

export interface UpsamplerConfig {
  readonly factor: 2 | 4;
  readonly channels: number;
  /** Residual blocks of two 3 x 3 convolutions each. */
  readonly blocks: number;
}

/** Low-resolution pixels around an output pixel that can influence it. */
export function upsamplerHalo({ blocks }: UpsamplerConfig): number {
  return Math.max(2 * blocks + 2, 3);
}

/**
 * lr [N, 3, H, W] in 0..1 and damage [N] (0 clean .. 1 heavy JPEG) to a picture [N, 3, f*H, f*W], not clipped.
 */
export function upsampler(source: ParameterSource, lr: Value, damage: Value, config: UpsamplerConfig): Value {
  const { factor, channels, blocks } = config;
  const response = source.get('damage.weight', [1, channels, 1, 1], { constant: 0 });
  const level = mul(reshape(damage, [damage.shape[0], 1, 1, 1]), response);
  const head = add(conv(source, 'head', lr, channels, 3), level);
  let x = head;
  for (let i = 0; i < blocks; i++) {
    const inner = relu(conv(source, `block${i}.a`, x, channels, 3));
    x = add(x, conv(source, `block${i}.b`, inner, channels, 3, 0.1));
  }
  const body = add(conv(source, 'body', x, channels, 3, 0.5), head);
  const tail = conv(source, `tail${factor}`, body, 3 * factor * factor, 3, 0.1);
  return add(depthToSpace(tail, factor), bicubicUp(lr, factor));
}

/** Multiply-accumulates per output pixel. */
export function upsamplerMacs({ factor, channels, blocks }: UpsamplerConfig): number {
  const trunk = 27 * channels + (2 * blocks + 1) * 9 * channels * channels + 27 * channels * factor * factor;
  return trunk / (factor * factor) + 75;
}
