/**
 * Iterative back-projection (Irani and Peleg 1991) as part of a graph: what comes in stays true. The enlarged
 * picture, reduced again, is compared with the input, and the enlarged difference is added.
 */

import {
  add,
  conv2d,
  mul,
  pad,
  reshape,
  spaceToDepth,
  staticShape,
  sub,
  type Value,
} from '../graph/index.js';
import { bicubicUp, cubic } from './layers.js';

/** Low-resolution pixels that one iteration reaches visibly: its filters reach 4, with next to no weight beyond 2. */
export const BACK_PROJECTION_HALO = 2;

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

/**
 * sr [1, 3, f*h, f*w] made consistent with lr [1, 3, h, w].
 * @param strength [1]: 1 for clean input, 0 to leave the picture as it is (input whose damage must not return).
 */
export function backProject(sr: Value, lr: Value, strength: Value, factor: 2 | 4, iterations: number): Value {
  const share = reshape(strength, [1, 1, 1, 1]);
  let picture = sr;
  for (let i = 0; i < iterations; i++) {
    const missing = mul(sub(lr, bicubicDown(picture, factor)), share);
    picture = add(picture, bicubicUp(missing, factor));
  }
  return picture;
}
