/** Softmax. */

import type { Value } from '../graph.js';
import { mul, sub } from './elementwise.js';
import { apply, defineOp } from './op.js';
import { reduceSum } from './reduce.js';

/** exp(x) / sum exp(x) along the last axis. */
export function softmax(x: Value): Value {
  return apply('Softmax', [x], { axis: -1 });
}

defineOp('Softmax', {
  infer: ([x]) => ({ dtype: x!.dtype, shape: x!.shape }),
  vjp: (node, g) => {
    const [y] = node.outputs;
    return [() => mul(y, sub(g, reduceSum(mul(g, y), [-1], true)))];
  },
});
