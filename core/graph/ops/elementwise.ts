/** Element-wise ops with NumPy broadcasting. */

import type { Node, Value } from '../graph.js';
import { broadcastShapes } from '../types.js';
import { differentiable } from './op.js';
import { unbroadcast } from './reduce.js';

type Operand = Value | number;

function lift(like: Value, x: Operand): Value {
  return typeof x === 'number' ? like.graph.scalar(x) : x;
}

function binary(op: string, a: Operand, b: Operand): Value {
  const like = typeof a === 'number' ? (b as Value) : a;
  const left = lift(like, a);
  const right = lift(like, b);
  const shape = broadcastShapes(left.shape, right.shape);
  return like.graph.add(op, [left, right], [{ dtype: like.dtype, shape }])[0];
}

function unary(op: string, x: Value, attributes = {}): Value {
  return x.graph.add(op, [x], [{ dtype: x.dtype, shape: x.shape }], attributes)[0];
}

export const add = (a: Operand, b: Operand): Value => binary('Add', a, b);
export const sub = (a: Operand, b: Operand): Value => binary('Sub', a, b);
export const mul = (a: Operand, b: Operand): Value => binary('Mul', a, b);
export const div = (a: Operand, b: Operand): Value => binary('Div', a, b);
export const neg = (x: Value): Value => unary('Neg', x);
export const exp = (x: Value): Value => unary('Exp', x);
export const log = (x: Value): Value => unary('Log', x);
export const sqrt = (x: Value): Value => unary('Sqrt', x);
export const abs = (x: Value): Value => unary('Abs', x);
export const sin = (x: Value): Value => unary('Sin', x);
export const cos = (x: Value): Value => unary('Cos', x);
export const tanh = (x: Value): Value => unary('Tanh', x);
export const sigmoid = (x: Value): Value => unary('Sigmoid', x);
export const relu = (x: Value): Value => unary('Relu', x);
/** -1, 0 or 1; its gradient is zero everywhere it exists. */
export const sign = (x: Value): Value => unary('Sign', x);
/** max(x, 0) + slope * min(x, 0). */
export const leakyRelu = (x: Value, slope: number): Value =>
  unary('LeakyRelu', x, { alpha: { float: slope } });
/** Limits values to [low, high]; the gradient is 1 strictly inside and 0 outside. */
export function clip(x: Value, low: number, high: number): Value {
  const g = x.graph;
  return g.add('Clip', [x, g.scalar(low), g.scalar(high)], [{ dtype: x.dtype, shape: x.shape }])[0];
}
/** The larger of two, element by element; on ties the gradient goes to the first. */
export const maximum = (a: Operand, b: Operand): Value => binary('Max', a, b);
/** 1 where `a > b`, else 0, as float32; no gradient passes. */
export function greater(a: Operand, b: Operand): Value {
  const like = typeof a === 'number' ? (b as Value) : a;
  const left = lift(like, a);
  const right = lift(like, b);
  const shape = broadcastShapes(left.shape, right.shape);
  const [flag] = like.graph.add('Greater', [left, right], [{ dtype: 'bool', shape }]);
  // ONNX names element types by number: 1 is float32.
  return like.graph.add('Cast', [flag], [{ dtype: 'float32', shape }], { to: 1 })[0];
}

/** A rule for a binary op whose two partial gradients are given without broadcasting. */
function binaryRule(op: string, left: (n: Node, g: Value) => Value, right: (n: Node, g: Value) => Value) {
  differentiable(op, (node, gradient) => [
    () => unbroadcast(left(node, gradient), node.inputs[0]!.shape),
    () => unbroadcast(right(node, gradient), node.inputs[1]!.shape),
  ]);
}

function unaryRule(op: string, rule: (x: Value, y: Value, gradient: Value, node: Node) => Value) {
  differentiable(op, (node, gradient) => [() => rule(node.inputs[0]!, node.outputs[0], gradient, node)]);
}

binaryRule(
  'Add',
  (_, g) => g,
  (_, g) => g,
);
binaryRule(
  'Sub',
  (_, g) => g,
  (_, g) => neg(g),
);
binaryRule(
  'Mul',
  (n, g) => mul(g, n.inputs[1]!),
  (n, g) => mul(g, n.inputs[0]!),
);
binaryRule(
  'Div',
  (n, g) => div(g, n.inputs[1]!),
  (n, g) => neg(div(mul(g, n.outputs[0]), n.inputs[1]!)),
);
binaryRule(
  'Max',
  (n, g) => mul(g, sub(1, greater(n.inputs[1]!, n.inputs[0]!))),
  (n, g) => mul(g, greater(n.inputs[1]!, n.inputs[0]!)),
);
unaryRule('Neg', (_x, _y, g) => neg(g));
unaryRule('Exp', (_x, y, g) => mul(g, y));
unaryRule('Log', (x, _y, g) => div(g, x));
unaryRule('Sqrt', (_x, y, g) => div(mul(g, 0.5), y));
unaryRule('Abs', (x, _y, g) => mul(g, sign(x)));
unaryRule('Sign', (_x, _y, g) => mul(g, 0));
unaryRule('Sin', (x, _y, g) => mul(g, cos(x)));
unaryRule('Cos', (x, _y, g) => neg(mul(g, sin(x))));
unaryRule('Tanh', (_x, y, g) => mul(g, sub(1, mul(y, y))));
unaryRule('Sigmoid', (_x, y, g) => mul(g, mul(y, sub(1, y))));
// The sign of a rectified output is its own mask, which saves reading the input again.
unaryRule('Relu', (_x, y, g) => mul(g, sign(y)));
unaryRule('LeakyRelu', (_x, y, g, node) => {
  const slope = (node.attributes.alpha as { float: number }).float;
  return mul(g, add(mul(greater(y, 0), 1 - slope), slope));
});
differentiable('Clip', (node, gradient) => {
  const [x, low, high] = node.inputs as [Value, Value, Value];
  const inside = () => mul(greater(x, low), greater(high, x));
  return [() => mul(gradient, inside()), null, null];
});
