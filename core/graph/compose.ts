/** Joins whole graphs into one: a component becomes part of another graph, its inputs bound to values there. */

import { EnlargerError } from '../errors.js';
import type { Graph, Value } from './graph.js';
import { ruleOf } from './ops/op.js';
import { shapeText } from './types.js';

/** What of a component is already in the target graph, so that using it again adds no second copy of its weights. */
export class Inlined {
  private readonly constants = new Map<Value, Value>();

  /** @param component A complete graph; it is not changed. */
  constructor(
    readonly component: Graph,
    readonly target: Graph,
  ) {}

  /**
   * Appends the component's nodes with its inputs bound to `inputs` of the target graph, and returns its
   * outputs by name. May be called many times; all calls share the constants.
   * @throws EnlargerError `graph-invalid` when an input is missing or has a shape that does not fit.
   */
  call(inputs: Readonly<Record<string, Value>>): Record<string, Value> {
    const { component, target } = this;
    const values = new Map<Value, Value>();
    for (const input of component.inputs) {
      const bound = inputs[input.name];
      if (!bound)
        throw new EnlargerError(
          'graph-invalid',
          `The component "${component.name}" needs the input "${input.name}".`,
        );
      const fits =
        bound.shape.length === input.shape.length &&
        input.shape.every((dim, i) => typeof dim !== 'number' || dim === bound.shape[i]);
      if (!fits)
        throw new EnlargerError(
          'graph-invalid',
          `The input "${input.name}" of "${component.name}" is ${shapeText(input.shape)}, not ${shapeText(bound.shape)}.`,
        );
      values.set(input, bound);
    }
    const resolve = (value: Value): Value => values.get(value) ?? this.constant(value);
    for (const node of component.nodes) {
      const bound = node.inputs.map((input) => input && resolve(input));
      const spec = ruleOf(node.op).infer(bound, node.attributes);
      values.set(node.outputs[0], target.add(node.op, bound, [spec], node.attributes)[0]);
    }
    return Object.fromEntries(component.outputs.map(({ name, value }) => [name, resolve(value)]));
  }

  private constant(value: Value): Value {
    let copy = this.constants.get(value);
    if (!copy) {
      const data = this.component.initializers.get(value)!;
      copy = this.target.initializer(value.shape as number[], data);
      this.constants.set(value, copy);
    }
    return copy;
  }
}
