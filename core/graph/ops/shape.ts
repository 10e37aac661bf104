/** Ops that move elements without changing them: reshape, transpose, slice, pad, concat, shuffles. */

import { EnlargerError } from '../../errors.js';
import type { Value } from '../graph.js';
import {
  type Dim,
  elementCount,
  offsetDim,
  type Shape,
  sameDim,
  sameShape,
  scaleDim,
  shapeText,
  staticShape,
} from '../types.js';
import { differentiable } from './op.js';

/**
 * The same elements in another shape. Symbolic dimensions may stay where they are, and at most one
 * further symbolic dimension may be new.
 */
export function reshape(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  let open = 0;
  const target = shape.map((dim, i) => {
    if (typeof dim === 'number') return dim;
    // ONNX: 0 copies the input's dimension at the same place, -1 is whatever is left.
    if (i < x.shape.length && sameDim(x.shape[i], dim)) return 0;
    open++;
    return -1;
  });
  if (open > 1)
    throw new EnlargerError('graph-invalid', `${shapeText(x.shape)} cannot become ${shapeText(shape)}.`);
  if ([...x.shape, ...shape].every((dim) => typeof dim === 'number')) {
    if (elementCount(x.shape) !== elementCount(shape))
      throw new EnlargerError('graph-invalid', `${shapeText(x.shape)} cannot become ${shapeText(shape)}.`);
  }
  return x.graph.add('Reshape', [x, x.graph.int64(target)], [{ dtype: x.dtype, shape }])[0];
}

/** Permutes the axes: output axis i is input axis `order[i]`. */
export function transpose(x: Value, order: readonly number[]): Value {
  const shape = order.map((axis) => x.shape[axis]);
  return x.graph.add('Transpose', [x], [{ dtype: x.dtype, shape }], { perm: order })[0];
}

/** Elements `start` (inclusive) to `end` (exclusive) of one static axis. */
export function slice(x: Value, axis: number, start: number, end: number): Value {
  const size = x.shape[axis];
  if (typeof size !== 'number' || start < 0 || end > size || start >= end)
    throw new EnlargerError(
      'graph-invalid',
      `Slice ${start}..${end} of axis ${axis} in ${shapeText(x.shape)}.`,
    );
  const g = x.graph;
  const shape = x.shape.map((dim, i) => (i === axis ? end - start : dim));
  return g.add(
    'Slice',
    [x, g.int64([start]), g.int64([end]), g.int64([axis])],
    [{ dtype: x.dtype, shape }],
  )[0];
}

/** How `pad` fills what it adds: with zeros, or with the nearest border element. */
export type PadMode = 'constant' | 'edge';

/**
 * Adds (or, where negative, removes) `before[i]` and `after[i]` elements at the ends of each axis.
 * The gradient of edge padding is not defined here; train with zeros.
 */
export function pad(
  x: Value,
  before: readonly number[],
  after: readonly number[],
  mode: PadMode = 'constant',
): Value {
  const shape = x.shape.map((dim, i) => offsetDim(dim, before[i] + after[i]));
  const inputs = [x, x.graph.int64([...before, ...after])];
  return x.graph.add('Pad', inputs, [{ dtype: x.dtype, shape }], { mode })[0];
}

// A WebGPU shader may bind eight storage buffers by default, the output among them.
const CONCAT_FAN_IN = 6;

/** Joins values along one axis, in groups that every engine can bind. */
export function concat(values: readonly Value[], axis: number): Value {
  if (values.length === 1) return values[0];
  if (values.length > CONCAT_FAN_IN) {
    const groups: Value[] = [];
    for (let i = 0; i < values.length; i += CONCAT_FAN_IN)
      groups.push(concat(values.slice(i, i + CONCAT_FAN_IN), axis));
    return concat(groups, axis);
  }
  const [first] = values;
  for (const value of values)
    if (value.shape.some((dim, i) => i !== axis && !sameDim(dim, first.shape[i])))
      throw new EnlargerError(
        'graph-invalid',
        `${shapeText(value.shape)} cannot join ${shapeText(first.shape)} along axis ${axis}.`,
      );
  const total = values.reduce((size, v) => size + staticShape([v.shape[axis]], 'Joining')[0], 0);
  const shape = first.shape.map((dim, i) => (i === axis ? total : dim));
  return first.graph.add('Concat', values, [{ dtype: first.dtype, shape }], { axis })[0];
}

/** Picks `indices` along a static axis. Differentiable for permutations only, which is all it is used for. */
export function permuteAxis(x: Value, axis: number, indices: readonly number[]): Value {
  const shape = x.shape.map((dim, i) => (i === axis ? indices.length : dim));
  return x.graph.add('Gather', [x, x.graph.int64(indices)], [{ dtype: x.dtype, shape }], { axis })[0];
}

/** Pixel shuffle: [N, C*b*b, H, W] to [N, C, H*b, W*b] (Shi et al. 2016), channel-major as in ONNX CRD. */
export function depthToSpace(x: Value, block: number): Value {
  const [n, c, h, w] = x.shape;
  const shape = [n, scaleDim(c, 1 / (block * block)), scaleDim(h, block), scaleDim(w, block)];
  return x.graph.add('DepthToSpace', [x], [{ dtype: x.dtype, shape }], { blocksize: block, mode: 'CRD' })[0];
}

/**
 * The inverse of `depthToSpace`: [N, C, H, W] to [N, C*b*b, H/b, W/b]. ONNX's SpaceToDepth orders channels
 * block-major, so a transposition of the small channel axis follows to make the two exact inverses.
 */
export function spaceToDepth(x: Value, block: number): Value {
  const [n, c, h, w] = x.shape;
  const channels = staticShape([c], 'spaceToDepth')[0];
  const shape: Dim[] = [n, channels * block * block, scaleDim(h, 1 / block), scaleDim(w, 1 / block)];
  const [blocks] = x.graph.add('SpaceToDepth', [x], [{ dtype: x.dtype, shape }], { blocksize: block });
  if (channels === 1) return blocks;
  const taps = block * block;
  const order = Array.from(
    { length: channels * taps },
    (_, i) => (i % taps) * channels + Math.floor(i / taps),
  );
  return permuteAxis(blocks, 1, order);
}

differentiable('Reshape', (node, g) => [() => reshape(g, node.inputs[0]!.shape), null]);
differentiable('Transpose', (node, g) => {
  const order = node.attributes.perm as readonly number[];
  return [
    () =>
      transpose(
        g,
        order.map((_, i) => order.indexOf(i)),
      ),
  ];
});
differentiable('Slice', (node, g) => {
  const [x, start, end, axis] = node.inputs as Value[];
  const int = (v: Value) => Number((x.graph.initializers.get(v) as BigInt64Array)[0]);
  const back = () => {
    const before = x.shape.map((_, i) => (i === int(axis) ? int(start) : 0));
    const after = x.shape.map((dim, i) => (i === int(axis) ? (dim as number) - int(end) : 0));
    return pad(g, before, after);
  };
  return [back, null, null, null];
});
differentiable('Pad', (node, g) => {
  const [x, pads] = node.inputs as Value[];
  if (node.attributes.mode !== 'constant') return [null, null];
  const all = Array.from(x.graph.initializers.get(pads) as BigInt64Array, (v) => -Number(v));
  const rank = x.shape.length;
  return [() => pad(g, all.slice(0, rank), all.slice(rank)), null];
});
differentiable('Concat', (node, g) => {
  const axis = node.attributes.axis as number;
  let start = 0;
  return node.inputs.map((input) => {
    const from = start;
    start += input!.shape[axis] as number;
    const to = start;
    return () => slice(g, axis, from, to);
  });
});
differentiable('Gather', (node, g) => {
  const [x, indices] = node.inputs as Value[];
  const axis = node.attributes.axis as number;
  const order = Array.from(x.graph.initializers.get(indices) as BigInt64Array, Number);
  const inverse = order.map((_, i) => order.indexOf(i));
  if (inverse.includes(-1) || order.length !== x.shape[axis]) return [null, null];
  return [() => permuteAxis(g, axis, inverse), null];
});
differentiable('DepthToSpace', (node, g) => [() => spaceToDepth(g, node.attributes.blocksize as number)]);
differentiable('SpaceToDepth', (node, g) => {
  const { shape } = node.inputs[0]!;
  const attributes = { blocksize: node.attributes.blocksize, mode: 'DCR' };
  return [() => g.graph.add('DepthToSpace', [g], [{ dtype: g.dtype, shape }], attributes)[0]];
});
