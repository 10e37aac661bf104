/** Matrix products over batches of matrices, as in NumPy's matmul. */

import { EnlargerError } from '../../errors.js';
import type { Value } from '../graph.js';
import { broadcastShapes, sameDim, shapeText } from '../types.js';
import { differentiable } from './op.js';
import { unbroadcast } from './reduce.js';
import { transpose } from './shape.js';

/** [..., M, K] x [..., K, N] to [..., M, N]; leading axes broadcast. Both operands have rank 2 or more. */
export function matmul(a: Value, b: Value): Value {
  if (a.shape.length < 2 || b.shape.length < 2 || !sameDim(a.shape.at(-1)!, b.shape.at(-2)!))
    throw new EnlargerError(
      'graph-invalid',
      `${shapeText(a.shape)} x ${shapeText(b.shape)} do not multiply.`,
    );
  const lead = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...lead, a.shape.at(-2)!, b.shape.at(-1)!];
  return a.graph.add('MatMul', [a, b], [{ dtype: a.dtype, shape }])[0];
}

/** Swaps the last two axes. */
export function transposeLast(x: Value): Value {
  const order = x.shape.map((_, i) => i);
  [order[order.length - 2], order[order.length - 1]] = [order.length - 1, order.length - 2];
  return transpose(x, order);
}

differentiable('MatMul', (node, g) => {
  const [a, b] = node.inputs as [Value, Value];
  return [
    () => unbroadcast(matmul(g, transposeLast(b)), a.shape),
    () => unbroadcast(matmul(transposeLast(a), g), b.shape),
  ];
});
