/** Reverse-mode differentiation: appends to a graph the nodes that compute gradients. */

import { EnlargerError } from '../errors.js';
import type { Node, Value } from './graph.js';
import { add } from './ops/elementwise.js';
import { ruleOf } from './ops/op.js';

/** The values that `targets` reach through nodes that lead to `loss`, so that nothing else is differentiated. */
function dependents(loss: Value, targets: readonly Value[]): Set<Value> {
  const active = new Set<Value>(targets);
  for (const node of loss.graph.nodes)
    if (!ruleOf(node.op).stops && node.inputs.some((input) => input && active.has(input)))
      for (const output of node.outputs) active.add(output);
  return active;
}

/**
 * Gradients of a scalar `loss` with respect to `targets`, in their order; all symbolic work happens now,
 * the numbers come when the graph runs.
 * @throws EnlargerError `graph-invalid` when the loss is no scalar, does not depend on a target, or passes
 *   through an op without a rule.
 */
export function backward(loss: Value, targets: readonly Value[]): Value[] {
  if (loss.shape.length !== 0)
    throw new EnlargerError('graph-invalid', 'Only a scalar loss can be differentiated.');
  const { graph } = loss;
  const active = dependents(loss, targets);
  const gradients = new Map<Value, Value>([[loss, graph.scalar(1)]]);
  const forward = graph.nodes.slice();
  for (let i = forward.length - 1; i >= 0; i--) {
    const node = forward[i];
    const gradient = gradients.get(node.outputs[0]);
    if (!gradient || !active.has(node.outputs[0])) continue;
    propagate(node, gradient, active, gradients);
  }
  return targets.map((target) => {
    const gradient = gradients.get(target);
    if (!gradient)
      throw new EnlargerError('graph-invalid', `The loss does not depend on the value "${target.name}".`);
    return gradient;
  });
}

function propagate(node: Node, gradient: Value, active: Set<Value>, gradients: Map<Value, Value>): void {
  const { vjp } = ruleOf(node.op);
  if (!vjp) throw new EnlargerError('graph-invalid', `The op ${node.op} has no gradient rule.`);
  const parts = vjp(node, gradient);
  node.inputs.forEach((input, i) => {
    if (!input || !active.has(input)) return;
    const part = parts[i];
    if (!part) throw new EnlargerError('graph-invalid', `Input ${i} of ${node.op} cannot be differentiated.`);
    const known = gradients.get(input);
    const value = part();
    gradients.set(input, known ? add(known, value) : value);
  });
}
