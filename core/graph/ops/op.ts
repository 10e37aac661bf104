/**
 * What an op is to this library: an ONNX operator, how the shape of its result follows from its inputs, and
 * its vector-Jacobian product. Rules and builders of an op stand side by side in the files of this folder;
 * `apply` serves the builders and the reader of ONNX files alike, so both infer the same shapes.
 */

import { EnlargerError } from '../../errors.js';
import type { Attribute, Node, OutputSpec, Value } from '../graph.js';

export type Attributes = Readonly<Record<string, Attribute>>;

export interface OpRule {
  /** Element type and shape of the only output. @throws EnlargerError `graph-invalid` for inputs that do not fit. */
  readonly infer: (inputs: readonly (Value | null)[], attributes: Attributes) => OutputSpec;
  /**
   * Given the node and the gradient of the loss with respect to its output, gives the gradient with respect
   * to each input (null where an input is not differentiable, such as axes or indices). A thunk per input, so
   * that gradients nobody asked for add no nodes. Ops without it stop a gradient with an error.
   */
  readonly vjp?: (node: Node, gradient: Value) => readonly ((() => Value) | null)[];
  /** The op's result counts as a constant: what it is made of gets no gradient through it. */
  readonly stops?: true;
}

const rules = new Map<string, OpRule>();

/** Registers an ONNX operator. Each has exactly one rule. */
export function defineOp(op: string, rule: OpRule): void {
  rules.set(op, rule);
}

/** The rule of an operator. @throws EnlargerError `graph-invalid` when this library does not know it. */
export function ruleOf(op: string): OpRule {
  const rule = rules.get(op);
  if (!rule) throw new EnlargerError('graph-invalid', `The ONNX operator ${op} is not supported here.`);
  return rule;
}

/** All operators with a gradient rule; the tests check every one of them against finite differences. */
export function differentiableOps(): string[] {
  return [...rules].flatMap(([op, rule]) => (rule.vjp ? [op] : [])).sort();
}

/** Appends a node of a known operator to the graph of its inputs and returns its output. */
export function apply(op: string, inputs: readonly (Value | null)[], attributes: Attributes = {}): Value {
  const { graph } = inputs.find((input) => input !== null)!;
  return graph.add(op, inputs, [ruleOf(op).infer(inputs, attributes)], attributes)[0];
}

/** The integers of a constant input such as axes. @throws EnlargerError when it is computed, not constant. */
export function constantInts(value: Value | null | undefined): number[] {
  const data = value?.graph.initializers.get(value);
  if (!(data instanceof BigInt64Array))
    throw new EnlargerError('graph-invalid', 'Axes, pads and shapes must be constants of the graph.');
  return Array.from(data, Number);
}
