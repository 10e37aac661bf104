/**
 * What an op is to this library: an ONNX operator with its vector-Jacobian product. Builders (the
 * functions that infer shapes and append nodes) stand beside the rules in the files of this folder.
 */

import type { Node, Value } from '../graph.js';

/**
 * Given the node and the gradient of the loss with respect to its first output, gives the gradient with
 * respect to each input (null where an input is not differentiable, such as axes or indices).
 * A thunk per input, so that gradients nobody asked for add no nodes.
 */
export type VectorJacobianProduct = (node: Node, gradient: Value) => readonly ((() => Value) | null)[];

const rules = new Map<string, VectorJacobianProduct>();

/** Registers the rule of an ONNX operator. Each operator has exactly one. */
export function differentiable(op: string, rule: VectorJacobianProduct): void {
  rules.set(op, rule);
}

/** The rule of an operator, or undefined when it is not differentiable. */
export function vjpOf(op: string): VectorJacobianProduct | undefined {
  return rules.get(op);
}

/** All operators with a rule; the tests check every one of them against finite differences. */
export function differentiableOps(): string[] {
  return [...rules.keys()].sort();
}
