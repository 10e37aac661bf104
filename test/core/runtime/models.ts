/** Small models for the engine tests. */

import { add, conv2d, encodeModel, Graph, mul, symbol } from '../../../core/graph/index.js';

const dynamic = [1, 1, symbol('h'), symbol('w')] as const;

/** y = 2 x + 1 on [1, 1, h, w]. */
export function affineModel(): Uint8Array {
  const g = new Graph();
  const x = g.input('x', dynamic);
  g.output('y', add(mul(x, 2), 1));
  return encodeModel(g);
}

/** A 3x3 box sum of [1, 1, h, w] with zero borders. */
export function boxModel(): Uint8Array {
  const g = new Graph();
  const x = g.input('x', dynamic);
  g.output('y', conv2d(x, g.initializer([1, 1, 3, 3], new Float32Array(9).fill(1))));
  return encodeModel(g);
}

/** Float16, int32 and int64 values, negated. */
export function passModel(): Uint8Array {
  const g = new Graph();
  g.output('halfOut', g.add('Neg', [g.input('half', [2], 'float16')], [{ dtype: 'float16', shape: [2] }])[0]);
  g.output('shortOut', g.add('Neg', [g.input('short', [2], 'int32')], [{ dtype: 'int32', shape: [2] }])[0]);
  g.output('wholeOut', g.add('Neg', [g.input('whole', [2], 'int64')], [{ dtype: 'int64', shape: [2] }])[0]);
  return encodeModel(g);
}

/** Blows one number up to whatever size the input asks for. */
export function expandModel(): Uint8Array {
  const g = new Graph();
  const shape = g.input('shape', [2], 'int64');
  const spec = { dtype: 'float32', shape: [symbol('a'), symbol('b')] } as const;
  g.output('y', g.add('Expand', [g.scalar(1), shape], [spec])[0]);
  return encodeModel(g);
}
