/**
 * The two ways in which small pictures come to be, as parts of a graph, and which of them made the one at hand:
 * photographs are reduced by bicubic filters; drawings, letters and screens are drawn small by a rasteriser, which gives
 * every pixel the mean colour of its area.
 */

import {
  add,
  clip,
  conv2d,
  div,
  log,
  mul,
  pad,
  reduceMean,
  reshape,
  spaceToDepth,
  square,
  staticShape,
  sub,
  type Value,
} from '../graph/index.js';
import { cubic, windowMean } from './layers.js';

/**
 * MATLAB's antialiased bicubic reduction by a whole factor with replicated borders: [N, C, f*h, f*w] to
 * [N, C, h, w]. The picture is unshuffled first, so that the strided filter is an ordinary convolution.
 */
export function bicubicDown(x: Value, factor: 2 | 4): Value {
  const [n, c] = staticShape(x.shape.slice(0, 2), 'Bicubic reduction');
  const planes = reshape(x, [n * c, 1, x.shape[2], x.shape[3]]);
  const border = 2 * factor;
  const wide = spaceToDepth(pad(planes, [0, 0, border, border], [0, 0, border, border], 'edge'), factor);
  // taps[block][phase]: weight of pixel factor * (i + block - 2) + phase for output pixel i.
  const taps = Array.from({ length: 5 }, (_, block) =>
    Array.from({ length: factor }, (__, phase) => {
      const position = factor * (block - 2) + phase - (factor - 1) / 2;
      return cubic(position / factor) / factor;
    }),
  );
  const weights = new Float32Array(factor * factor * 25);
  for (let py = 0; py < factor; py++)
    for (let px = 0; px < factor; px++)
      for (let by = 0; by < 5; by++)
        for (let bx = 0; bx < 5; bx++)
          weights[(py * factor + px) * 25 + by * 5 + bx] = taps[by][py] * taps[bx][px];
  const kernel = x.graph.initializer([1, factor * factor, 5, 5], weights);
  const small = pad(conv2d(wide, kernel), [0, 0, -2, -2], [0, 0, -2, -2]);
  return reshape(small, [n, c, small.shape[2], small.shape[3]]);
}

/** The mean over the area of every pixel of the small picture: [N, C, f*h, f*w] to [N, C, h, w]. */
export function coverageDown(x: Value, factor: 2 | 4): Value {
  const [n, c] = staticShape(x.shape.slice(0, 2), 'Area reduction');
  const parts = spaceToDepth(reshape(x, [n * c, 1, x.shape[2], x.shape[3]]), factor);
  const small = reduceMean(parts, [1], true);
  return reshape(small, [n, c, small.shape[2], small.shape[3]]);
}

/** What is missing of the small picture when the large one is reduced in either way; [N, C, h, w] each. */
export interface Missing {
  readonly bicubic: Value;
  readonly coverage: Value;
}

export function missing(large: Value, lr: Value, factor: 2 | 4): Missing {
  return { bicubic: sub(lr, bicubicDown(large, factor)), coverage: sub(lr, coverageDown(large, factor)) };
}

/** Side of the squares that are judged together, in low-resolution pixels. */
const JUDGED_PX = 9;
/** Mean square below which nothing can be told: about one level of 8 bits. */
const SILENCE = 1e-5;
/**
 * Base-2 logarithm of how much better area coverage has to explain the input: from the first on it counts, from the second
 * on alone. Below zero, as what the up-sampler draws explains a bicubic input five times better than coverage does.
 */
const EVIDENCE = [-1.6, -1] as const;

/**
 * How far the input was drawn small rather than reduced, place by place, 0..1: [N, 1, h, w], from what is missing of it
 * when a good guess of the large picture is reduced in either way.
 */
export function coverageShare({ bicubic, coverage }: Missing): Value {
  const energy = (v: Value) => windowMean(reduceMean(square(v), [1], true), JUDGED_PX);
  const ratio = div(energy(bicubic), add(energy(coverage), SILENCE));
  const [from, to] = EVIDENCE;
  const evidence = mul(log(add(ratio, 1e-6)), 1 / Math.LN2);
  return clip(mul(sub(evidence, from), 1 / (to - from)), 0, 1);
}
