/** Building blocks shared by the networks: convolutions with their usual start, and fixed resampling. */

import {
  add,
  conv2d,
  depthToSpace,
  mul,
  type ParameterSource,
  pad,
  reshape,
  rmsNorm,
  silu,
  sin,
  slice,
  staticShape,
  type Value,
} from '../graph/index.js';

/**
 * A k x k convolution with bias and He initialisation (He et al. 2015) times `gain`; `gain` 0 starts as zero.
 * x [N, I, H, W] to [N, outputs, H, W].
 */
export function conv(
  source: ParameterSource,
  name: string,
  x: Value,
  outputs: number,
  kernel: 1 | 3 | 5,
  gain = 1,
): Value {
  const [inputs] = staticShape([x.shape[1]], 'A convolution');
  const std = gain * Math.sqrt(2 / (inputs * kernel * kernel));
  const weight = source.get(
    `${name}.weight`,
    [outputs, inputs, kernel, kernel],
    std === 0 ? { constant: 0 } : { normal: std },
  );
  return conv2d(x, weight, source.get(`${name}.bias`, [outputs], { constant: 0 }));
}

/** A residual block of two 3 x 3 convolutions with per-pixel normalisation. */
export function residual(source: ParameterSource, name: string, x: Value): Value {
  const channels = staticShape([x.shape[1]], 'A residual block')[0];
  const inner = conv(source, `${name}.a`, silu(rmsNorm(x)), channels, 3);
  return add(x, conv(source, `${name}.b`, silu(inner), channels, 3, 0.1));
}

const FREQUENCIES = [0.5, 1, 2, 4, 8, 16];

/** A residual block scaled and shifted, after normalisation, by what `embedding` [N, E, 1, 1] says. */
export function modulatedBlock(
  source: ParameterSource,
  name: string,
  x: Value,
  embedding: Value,
  channels: number,
): Value {
  const modulation = conv(source, `${name}.modulation`, embedding, 2 * channels, 1, 0.1);
  const scale = add(slice(modulation, 1, 0, channels), 1);
  const shift = slice(modulation, 1, channels, 2 * channels);
  const normal = add(mul(rmsNorm(x), scale), shift);
  const inner = conv(source, `${name}.a`, silu(normal), channels, 3);
  return add(x, conv(source, `${name}.b`, silu(inner), channels, 3, 0.1));
}

/** Sines and cosines of a scalar per example, [N, 1, 1, 1] to [N, 12, 1, 1]. */
export function fourierFeatures(x: Value): Value {
  const graph = x.graph;
  const turns = [...FREQUENCIES, ...FREQUENCIES].map((f) => f * Math.PI);
  const phases = [...FREQUENCIES.map(() => 0), ...FREQUENCIES.map(() => Math.PI / 2)];
  const frequency = graph.initializer([1, turns.length, 1, 1], Float32Array.from(turns));
  const phase = graph.initializer([1, turns.length, 1, 1], Float32Array.from(phases));
  return sin(add(mul(x, frequency), phase));
}

/** Keys' cubic kernel with a = -0.5, the one of MATLAB's imresize. */
export function cubic(x: number): number {
  const t = Math.abs(x);
  if (t <= 1) return (1.5 * t - 2.5) * t * t + 1;
  return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
}

/**
 * Bicubic enlargement by a whole factor with replicated borders, x [N, C, H, W] to [N, C, H*f, W*f]:
 * one fixed 5 x 5 convolution per plane that makes all f*f phases, then a pixel shuffle.
 */
export function bicubicUp(x: Value, factor: 2 | 4): Value {
  const [n, c] = staticShape(x.shape.slice(0, 2), 'Bicubic enlargement');
  const [, , h, w] = x.shape;
  const phases = Array.from({ length: factor }, (_, phase) => {
    const centre = (phase + 0.5) / factor - 0.5;
    return Array.from({ length: 5 }, (_, tap) => cubic(tap - 2 - centre));
  });
  const weights = Float32Array.from(
    phases.flatMap((row) => phases.flatMap((column) => row.flatMap((a) => column.map((b) => a * b)))),
  );
  const kernel = x.graph.initializer([factor * factor, 1, 5, 5], weights);
  const planes = pad(reshape(x, [n * c, 1, h, w]), [0, 0, 2, 2], [0, 0, 2, 2], 'edge');
  const filtered = pad(conv2d(planes, kernel), [0, 0, -2, -2], [0, 0, -2, -2]);
  const up = depthToSpace(filtered, factor);
  return reshape(up, [n, c, up.shape[2], up.shape[3]]);
}

/** The mean of `side` x `side` pixels (odd) of planes [N, 1, h, w], borders replicated. */
export function windowMean(planes: Value, side: number): Value {
  const weights = new Float32Array(side ** 2).fill(1 / side ** 2);
  const kernel = planes.graph.initializer([1, 1, side, side], weights);
  const border = (side - 1) / 2;
  const wide = pad(planes, [0, 0, border, border], [0, 0, border, border], 'edge');
  return pad(conv2d(wide, kernel), [0, 0, -border, -border], [0, 0, -border, -border]);
}
