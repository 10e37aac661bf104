/** Ops that move elements without changing them: reshape, transpose, slice, pad, concat. */

import { EnlargerError } from '../../errors.js';
import type { Value } from '../graph.js';
import { type Dim, offsetDim, type Shape, sameDim, sameShape, shapeText, staticShape } from '../types.js';
import { apply, constantInts, defineOp } from './op.js';

/**
 * The same elements in another shape. A symbolic dimension may only stay at its place.
 * @throws EnlargerError `graph-invalid` when the elements do not fit.
 */
export function reshape(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  // ONNX: 0 copies the input's dimension at the same place.
  const target = shape.map((dim, i) => {
    if (typeof dim === 'number') return dim;
    if (i < x.shape.length && sameDim(x.shape[i], dim)) return 0;
    throw new EnlargerError('graph-invalid', `${shapeText(x.shape)} cannot become ${shapeText(shape)}.`);
  });
  return apply('Reshape', [x, x.graph.int64(target)]);
}

/** Permutes the axes: output axis i is input axis `order[i]`. */
export function transpose(x: Value, order: readonly number[]): Value {
  return apply('Transpose', [x], { perm: order });
}

/** Elements `start` (inclusive) to `end` (exclusive) of one static axis. */
export function slice(x: Value, axis: number, start: number, end: number): Value {
  const g = x.graph;
  return apply('Slice', [x, g.int64([start]), g.int64([end]), g.int64([axis])]);
}

/** How `pad` fills what it adds: with zeros, or with the nearest border element. */
export type PadMode = 'constant' | 'edge';

/**
 * Adds (or, where negative, removes) `before[i]` and `after[i]` elements at the ends of each axis.
 * Edge padding has no gradient here; train with zeros.
 */
export function pad(
  x: Value,
  before: readonly number[],
  after: readonly number[],
  mode: PadMode = 'constant',
): Value {
  return apply('Pad', [x, x.graph.int64([...before, ...after])], { mode });
}

// A WebGPU shader may bind eight storage buffers by default, the output among them.
const CONCAT_FAN_IN = 6;

/** Joins values along one axis, in groups that every engine can bind. */
export function concat(values: readonly Value[], axis: number): Value {
  if (values.length === 1) return values[0];
  if (values.length <= CONCAT_FAN_IN) return apply('Concat', values, { axis });
  const groups: Value[] = [];
  for (let i = 0; i < values.length; i += CONCAT_FAN_IN)
    groups.push(concat(values.slice(i, i + CONCAT_FAN_IN), axis));
  return concat(groups, axis);
}

defineOp('Reshape', {
  infer: ([x, target]) => {
    const from = x!.shape;
    const shape: Dim[] = constantInts(target).map((size, i) => (size === 0 ? from[i] : size));
    const fixed = (dims: Shape) =>
      dims.reduce<number>((product, dim) => (typeof dim === 'number' ? product * dim : product), 1);
    const symbols = (dims: Shape) => dims.filter((dim) => typeof dim !== 'number');
    if (fixed(from) !== fixed(shape) || !sameShape(symbols(from), symbols(shape)))
      throw new EnlargerError('graph-invalid', `${shapeText(from)} cannot become ${shapeText(shape)}.`);
    return { dtype: x!.dtype, shape };
  },
  vjp: (node, g) => [() => reshape(g, node.inputs[0]!.shape), null],
});
defineOp('Transpose', {
  infer: ([x], { perm }) => ({
    dtype: x!.dtype,
    shape: (perm as readonly number[]).map((axis) => x!.shape[axis]),
  }),
  vjp: (node, g) => {
    const order = node.attributes.perm as readonly number[];
    const inverse = order.map((_, i) => order.indexOf(i));
    return [() => transpose(g, inverse)];
  },
});
defineOp('Slice', {
  infer: ([x, ...range]) => {
    const [start, end, axis] = range.map((value) => constantInts(value)[0]);
    const size = x!.shape[axis];
    if (typeof size !== 'number' || start < 0 || end > size || start >= end)
      throw new EnlargerError(
        'graph-invalid',
        `Slice ${start}..${end} of axis ${axis} in ${shapeText(x!.shape)}.`,
      );
    return { dtype: x!.dtype, shape: x!.shape.map((dim, i) => (i === axis ? end - start : dim)) };
  },
  vjp: (node, g) => {
    const [x, ...range] = node.inputs as Value[];
    const [start, end, axis] = range.map((value) => constantInts(value)[0]);
    const before = x.shape.map((_, i) => (i === axis ? start : 0));
    const after = x.shape.map((dim, i) => (i === axis ? (dim as number) - end : 0));
    return [() => pad(g, before, after), null, null, null];
  },
});
defineOp('Pad', {
  infer: ([x, pads]) => {
    const ends = constantInts(pads);
    const rank = x!.shape.length;
    return { dtype: x!.dtype, shape: x!.shape.map((dim, i) => offsetDim(dim, ends[i] + ends[i + rank])) };
  },
  vjp: (node, g) => {
    if (node.attributes.mode !== 'constant') return [null, null];
    const ends = constantInts(node.inputs[1]).map((size) => -size);
    const rank = ends.length / 2;
    return [() => pad(g, ends.slice(0, rank), ends.slice(rank)), null];
  },
});
defineOp('Concat', {
  infer: (values, { axis }) => {
    const [first] = values as Value[];
    for (const value of values)
      if (value!.shape.some((dim, i) => i !== axis && !sameDim(dim, first.shape[i])))
        throw new EnlargerError(
          'graph-invalid',
          `${shapeText(value!.shape)} cannot join ${shapeText(first.shape)} along axis ${axis}.`,
        );
    const sizes = staticShape(
      values.map((value) => value!.shape[axis as number]),
      'Joining',
    );
    const total = sizes.reduce((sum, size) => sum + size, 0);
    return { dtype: first.dtype, shape: first.shape.map((dim, i) => (i === axis ? total : dim)) };
  },
  vjp: (node, g) => {
    const axis = node.attributes.axis as number;
    let end = 0;
    return node.inputs.map((input) => {
      const start = end;
      end += input!.shape[axis] as number;
      const stop = end;
      return () => slice(g, axis, start, stop);
    });
  },
});
