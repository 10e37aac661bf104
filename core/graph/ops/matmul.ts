/** Matrix products over batches of matrices, as in NumPy's matmul. */

import { EnlargerError } from '../../errors.js';
import type { Value } from '../graph.js';
import { broadcastShapes, sameDim, shapeText } from '../types.js';
import { apply, defineOp } from './op.js';
import { unbroadcast } from './reduce.js';
import { transpose } from './shape.js';

/** [..., M, K] x [..., K, N] to [..., M, N]; leading axes broadcast. Both operands have rank 2 or more. */
export function matmul(a: Value, b: Value): Value {
  return apply('MatMul', [a, b]);
}

/** Swaps the last two axes. */
export function transposeLast(x: Value): Value {
  const order = x.shape.map((_, i) => i);
  [order[order.length - 2], order[order.length - 1]] = [order.length - 1, order.length - 2];
  return transpose(x, order);
}

defineOp('MatMul', {
  infer: ([a, b]) => {
    const [left, right] = [a!.shape, b!.shape];
    if (left.length < 2 || right.length < 2 || !sameDim(left.at(-1)!, right.at(-2)!))
      throw new EnlargerError('graph-invalid', `${shapeText(left)} x ${shapeText(right)} do not multiply.`);
    const lead = broadcastShapes(left.slice(0, -2), right.slice(0, -2));
    return { dtype: a!.dtype, shape: [...lead, left.at(-2)!, right.at(-1)!] };
  },
  vjp: (node, g) => {
    const [a, b] = node.inputs as Value[];
    return [
      () => unbroadcast(matmul(g, transposeLast(b)), a.shape),
      () => unbroadcast(matmul(transposeLast(a), g), b.shape),
    ];
  },
});
