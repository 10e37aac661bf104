/** Functions made of several ops; they need no gradient rules of their own. */

import type { Value } from '../graph.js';
import { elementCount } from '../types.js';
import { add, div, mul, sigmoid, sqrt } from './elementwise.js';
import { reduceSum } from './reduce.js';

/** x * x. */
export const square = (x: Value): Value => mul(x, x);

/** x * sigmoid(x) (Elfwing et al. 2018; also called swish). */
export const silu = (x: Value): Value => mul(x, sigmoid(x));

/** Mean over static `axes`. */
export function reduceMean(x: Value, axes: readonly number[], keepDims = false): Value {
  const count = elementCount(axes.map((axis) => x.shape.at(axis)!));
  return mul(reduceSum(x, axes, keepDims), 1 / count);
}

/** Mean of all elements, as a scalar. */
export const mean = (x: Value): Value =>
  reduceMean(
    x,
    x.shape.map((_, i) => i),
  );

/** Sum of all elements, as a scalar. */
export const sum = (x: Value): Value =>
  reduceSum(
    x,
    x.shape.map((_, i) => i),
  );

/**
 * Root-mean-square normalisation over the channels of each pixel of [N, C, H, W] (Zhang and Sennrich 2019).
 * Nothing is averaged over space, so a tile gives the same values as the whole picture.
 */
export function rmsNorm(x: Value, epsilon = 1e-6): Value {
  return div(x, sqrt(add(reduceMean(square(x), [1], true), epsilon)));
}

/** Sum of several values, in pairs so that the depth stays logarithmic. */
export function addAll(values: readonly Value[]): Value {
  let level = [...values];
  while (level.length > 1) {
    const next: Value[] = [];
    for (let i = 0; i < level.length; i += 2)
      next.push(i + 1 < level.length ? add(level[i], level[i + 1]) : level[i]);
    level = next;
  }
  return level[0];
}
