/** Picking by index: channels by constant lists, rows of a table by computed ones. */

import type { Value } from '../graph.js';
import { staticShape } from '../types.js';
import { equal } from './elementwise.js';
import { matmul, transposeLast } from './matmul.js';
import { apply, constantInts, defineOp } from './op.js';
import { reshape } from './shape.js';

/** Picks `indices` along a static axis. Only permutations are differentiable. */
export function gather(x: Value, axis: number, indices: readonly number[]): Value {
  return apply('Gather', [x, x.graph.int64(indices)], { axis });
}

/** Rows of a table [V, D] by ids, int64 of any shape [...], to [..., D]. */
export function embed(table: Value, ids: Value): Value {
  return apply('Gather', [table, ids], { axis: 0 });
}

const isConstant = (indices: Value) => indices.graph.initializers.has(indices);

/** The gradient of the table: every use of a row added up, as a product with one-hot rows. */
function tableGradient(table: Value, ids: Value, g: Value): Value {
  const [rows, width] = staticShape(table.shape, 'A table of embeddings');
  const uses = staticShape(ids.shape, 'Ids').reduce((product, dim) => product * dim, 1);
  const all = ids.graph.int64(Array.from({ length: rows }, (_, i) => i));
  const oneHot = equal(reshape(ids, [uses, 1]), all);
  return matmul(transposeLast(oneHot), reshape(g, [uses, width]));
}

defineOp('Gather', {
  infer: ([x, indices], { axis }) => ({
    dtype: x!.dtype,
    shape: x!.shape.flatMap((dim, i) => (i === axis ? indices!.shape : [dim])),
  }),
  vjp: (node, g) => {
    const axis = node.attributes.axis as number;
    const [x, indices] = node.inputs as Value[];
    if (!isConstant(indices)) return [axis === 0 ? () => tableGradient(x, indices, g) : null, null];
    const order = constantInts(indices);
    const inverse = order.map((_, i) => order.indexOf(i));
    const permutation = !inverse.includes(-1) && order.length === x.shape[axis];
    return [permutation ? () => gather(g, axis, inverse) : null, null];
  },
});
