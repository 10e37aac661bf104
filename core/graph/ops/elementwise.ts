/** Element-wise ops with NumPy broadcasting. */

import type { Node, Value } from '../graph.js';
import { broadcastShapes } from '../types.js';
import { apply, defineOp } from './op.js';
import { unbroadcast } from './reduce.js';

type Operand = Value | number;

function binary(op: string, a: Operand, b: Operand): Value {
  const { graph } = typeof a === 'number' ? (b as Value) : a;
  const lift = (x: Operand) => (typeof x === 'number' ? graph.scalar(x) : x);
  return apply(op, [lift(a), lift(b)]);
}

export const add = (a: Operand, b: Operand): Value => binary('Add', a, b);
export const sub = (a: Operand, b: Operand): Value => binary('Sub', a, b);
export const mul = (a: Operand, b: Operand): Value => binary('Mul', a, b);
export const div = (a: Operand, b: Operand): Value => binary('Div', a, b);
/** The larger of two, element by element; on ties the gradient goes to the first. */
export const maximum = (a: Operand, b: Operand): Value => binary('Max', a, b);
export const neg = (x: Value): Value => apply('Neg', [x]);
export const exp = (x: Value): Value => apply('Exp', [x]);
export const log = (x: Value): Value => apply('Log', [x]);
export const sqrt = (x: Value): Value => apply('Sqrt', [x]);
export const abs = (x: Value): Value => apply('Abs', [x]);
export const sin = (x: Value): Value => apply('Sin', [x]);
export const cos = (x: Value): Value => apply('Cos', [x]);
export const tanh = (x: Value): Value => apply('Tanh', [x]);
export const sigmoid = (x: Value): Value => apply('Sigmoid', [x]);
export const relu = (x: Value): Value => apply('Relu', [x]);
/** -1, 0 or 1; its gradient is zero everywhere it exists. */
export const sign = (x: Value): Value => apply('Sign', [x]);
/** max(x, 0) + slope * min(x, 0). */
export const leakyRelu = (x: Value, slope: number): Value =>
  apply('LeakyRelu', [x], { alpha: { float: slope } });
/** Limits values to [low, high]; the gradient is 1 strictly inside and 0 outside. */
export const clip = (x: Value, low: number, high: number): Value =>
  apply('Clip', [x, x.graph.scalar(low), x.graph.scalar(high)]);

/** ONNX's number of float32, the only type this library casts to. */
const TO_FLOAT32 = { to: 1 };

/** Any element type as float32; no gradient passes. */
export const toFloat32 = (x: Value): Value => apply('Cast', [x], TO_FLOAT32);

/** The same float32 numbers, taken for constants when the loss is differentiated. */
export const stopGradient = (x: Value): Value => toFloat32(x);

/** 1 where `a > b`, else 0, as float32; no gradient passes. */
export const greater = (a: Operand, b: Operand): Value => toFloat32(binary('Greater', a, b));

/** 1 where the integers are equal, else 0, as float32; no gradient passes. */
export const equal = (a: Value, b: Value): Value => toFloat32(apply('Equal', [a, b]));

type Partial = (node: Node, gradient: Value) => Value;

function defineBinary(op: string, left: Partial, right: Partial): void {
  defineOp(op, {
    infer: ([a, b]) => ({ dtype: a!.dtype, shape: broadcastShapes(a!.shape, b!.shape) }),
    vjp: (node, gradient) => [
      () => unbroadcast(left(node, gradient), node.inputs[0]!.shape),
      () => unbroadcast(right(node, gradient), node.inputs[1]!.shape),
    ],
  });
}

function defineUnary(op: string, rule: (x: Value, y: Value, gradient: Value, node: Node) => Value): void {
  defineOp(op, {
    infer: ([x]) => ({ dtype: x!.dtype, shape: x!.shape }),
    vjp: (node, gradient) => [() => rule(node.inputs[0]!, node.outputs[0], gradient, node)],
  });
}

defineBinary(
  'Add',
  (_, g) => g,
  (_, g) => g,
);
defineBinary(
  'Sub',
  (_, g) => g,
  (_, g) => neg(g),
);
defineBinary(
  'Mul',
  (n, g) => mul(g, n.inputs[1]!),
  (n, g) => mul(g, n.inputs[0]!),
);
defineBinary(
  'Div',
  (n, g) => div(g, n.inputs[1]!),
  (n, g) => neg(div(mul(g, n.outputs[0]), n.inputs[1]!)),
);
defineBinary(
  'Max',
  (n, g) => mul(g, sub(1, greater(n.inputs[1]!, n.inputs[0]!))),
  (n, g) => mul(g, greater(n.inputs[1]!, n.inputs[0]!)),
);
defineUnary('Neg', (_x, _y, g) => neg(g));
defineUnary('Exp', (_x, y, g) => mul(g, y));
defineUnary('Log', (x, _y, g) => div(g, x));
defineUnary('Sqrt', (_x, y, g) => div(mul(g, 0.5), y));
defineUnary('Abs', (x, _y, g) => mul(g, sign(x)));
defineUnary('Sign', (_x, _y, g) => mul(g, 0));
defineUnary('Sin', (x, _y, g) => mul(g, cos(x)));
defineUnary('Cos', (x, _y, g) => neg(mul(g, sin(x))));
defineUnary('Tanh', (_x, y, g) => mul(g, sub(1, mul(y, y))));
defineUnary('Sigmoid', (_x, y, g) => mul(g, mul(y, sub(1, y))));
// The sign of a rectified output is its own mask, which saves reading the input again.
defineUnary('Relu', (_x, y, g) => mul(g, sign(y)));
defineUnary('LeakyRelu', (_x, y, g, node) => {
  const slope = (node.attributes.alpha as { float: number }).float;
  return mul(g, add(mul(greater(y, 0), 1 - slope), slope));
});
defineOp('Clip', {
  infer: ([x]) => ({ dtype: x!.dtype, shape: x!.shape }),
  vjp: (node, gradient) => {
    const [x, low, high] = node.inputs as Value[];
    return [() => mul(gradient, mul(greater(x, low), greater(high, x))), null, null];
  },
});
defineOp('Identity', {
  infer: ([x]) => ({ dtype: x!.dtype, shape: x!.shape }),
  vjp: (_node, gradient) => [() => gradient],
});
defineOp('Equal', {
  infer: ([a, b]) => ({ dtype: 'bool', shape: broadcastShapes(a!.shape, b!.shape) }),
  stops: true,
});
defineOp('Greater', {
  infer: ([a, b]) => ({ dtype: 'bool', shape: broadcastShapes(a!.shape, b!.shape) }),
  stops: true,
});
defineOp('Cast', { infer: ([x]) => ({ dtype: 'float32', shape: x!.shape }), stops: true });
