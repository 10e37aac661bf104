/**
 * Iterative back-projection (Irani and Peleg 1991) as part of a graph: what comes in stays true. The enlarged
 * picture, reduced again in the way that the input was made, is compared with the input, and the enlarged difference is
 * added.
 */

import { add, mul, reshape, sub, type Value } from '../graph/index.js';
import { bicubicUp } from './layers.js';
import { coverageShare, missing } from './reduction.js';

/** Low-resolution pixels that one iteration reaches visibly: its filters reach 4, with next to no weight beyond 2. */
export const BACK_PROJECTION_HALO = 2;

export interface BackProjection {
  readonly factor: 2 | 4;
  readonly iterations: number;
  /** [1]: 1 for clean input, 0 to leave the picture as it is (input whose damage must not return). */
  readonly strength: Value;
  /**
   * [1, 3, f*h, f*w], the best guess of the large picture before anything was invented: it tells how the input was made.
   */
  readonly guess: Value;
}

/** sr [1, 3, f*h, f*w] made consistent with lr [1, 3, h, w]. */
export function backProject(sr: Value, lr: Value, options: BackProjection): Value {
  const { factor, iterations, strength, guess } = options;
  const share = reshape(strength, [1, 1, 1, 1]);
  const drawn = coverageShare(missing(guess, lr, factor));
  let picture = sr;
  for (let i = 0; i < iterations; i++) {
    const { bicubic, coverage } = missing(picture, lr, factor);
    const rest = add(bicubic, mul(sub(coverage, bicubic), drawn));
    picture = add(picture, bicubicUp(mul(rest, share), factor));
  }
  return picture;
}
