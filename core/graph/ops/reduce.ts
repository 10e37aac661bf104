/** Sums over axes, and their adjoint, the repetition along axes. */

import type { Value } from '../graph.js';
import { broadcastShapes, type Dim, type Shape, sameShape, staticShape } from '../types.js';
import { apply, constantInts, defineOp } from './op.js';
import { reshape } from './shape.js';

function keptShape(shape: Shape, axes: readonly number[]): Dim[] {
  return shape.map((dim, i) => (axes.includes(i) ? 1 : dim));
}

/** Sum over `axes` (negative axes count from the end); the reduced axes are dropped or kept as ones. */
export function reduceSum(x: Value, axes: readonly number[], keepDims = false): Value {
  if (axes.length === 0) return x;
  const normal = axes.map((axis) => (axis < 0 ? axis + x.shape.length : axis));
  return apply('ReduceSum', [x, x.graph.int64(normal)], { keepdims: keepDims ? 1 : 0 });
}

/** Repeats `x` along its axes of length one (or missing in front) to a static shape. */
export function expand(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  return apply('Expand', [x, x.graph.int64(staticShape(shape, 'Expanding'))]);
}

/** Sums a gradient over the axes along which a value of this shape was broadcast. */
export function unbroadcast(gradient: Value, shape: Shape): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const lead = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((dim, i) =>
    i < lead || (shape[i - lead] === 1 && dim !== 1) ? [i] : [],
  );
  return reshape(reduceSum(gradient, axes, true), shape);
}

defineOp('ReduceSum', {
  infer: ([x, axesInput], { keepdims }) => {
    const axes = constantInts(axesInput);
    const shape = keepdims === 1 ? keptShape(x!.shape, axes) : x!.shape.filter((_, i) => !axes.includes(i));
    return { dtype: x!.dtype, shape };
  },
  vjp: (node, g) => {
    const x = node.inputs[0]!;
    return [() => expand(reshape(g, keptShape(x.shape, constantInts(node.inputs[1]))), x.shape), null];
  },
});
defineOp('Expand', {
  infer: ([x, shape]) => ({ dtype: x!.dtype, shape: broadcastShapes(x!.shape, constantInts(shape)) }),
  vjp: (node, g) => [() => unbroadcast(g, node.inputs[0]!.shape), null],
});
