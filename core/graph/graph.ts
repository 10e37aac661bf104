/**
 * The graph under construction: typed values, the nodes that make them, inputs, outputs, initializers.
 *
 * A graph only grows. Nodes stand in the order they were added, which is a topological order, because a
 * node can only name values that exist. Ops are described in `ops/`, never here.
 */

import { EnlargerError } from '../errors.js';
import { type DType, elementCount, type Shape, sameShape, shapeText } from './types.js';

/** A tensor in the graph. Values belong to exactly one graph. */
export interface Value {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
  readonly graph: Graph;
}

export type Attribute = number | string | readonly number[] | { readonly float: number };

export interface Node {
  readonly op: string;
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** Data of a constant: float32 as floats, float16 as bit patterns, int64 as bigints, bool as bytes. */
export type InitializerData = Float32Array | Uint16Array | Int32Array | BigInt64Array | Uint8Array;

/** What an op makes: one dtype and shape per output. */
export interface OutputSpec {
  readonly dtype: DType;
  readonly shape: Shape;
}

export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs: Value[] = [];
  readonly outputs: { readonly name: string; readonly value: Value }[] = [];
  readonly initializers = new Map<Value, InitializerData>();
  private readonly producers = new Map<Value, Node>();
  private readonly names = new Set<string>();
  private readonly scalars = new Map<string, Value>();
  private counter = 0;

  constructor(readonly name: string = 'graph') {}

  /** A named input. */
  input(name: string, shape: Shape, dtype: DType = 'float32'): Value {
    const value = this.value(shape, dtype, name);
    this.inputs.push(value);
    return value;
  }

  /** Names `value` as an output of the graph. The same value may carry several names. */
  output(name: string, value: Value): void {
    this.owns(value);
    if (this.outputs.some((output) => output.name === name))
      throw new EnlargerError('graph-invalid', `The graph already has an output called "${name}".`);
    this.outputs.push({ name, value });
  }

  /** A constant tensor that travels with the graph. */
  initializer(shape: readonly number[], data: InitializerData, name?: string): Value {
    if (elementCount(shape) !== data.length)
      throw new EnlargerError(
        'graph-invalid',
        `Data of ${data.length} elements does not fill the shape ${shapeText(shape)}.`,
      );
    const value = this.value(shape, dtypeOf(data), name);
    this.initializers.set(value, data);
    return value;
  }

  /** A float32 scalar constant; equal scalars share one initializer. */
  scalar(x: number): Value {
    const key = Object.is(x, -0) ? '-0' : String(x);
    let value = this.scalars.get(key);
    if (!value) this.scalars.set(key, (value = this.initializer([], Float32Array.of(x))));
    return value;
  }

  /** A 1-D int64 constant (axes, pads, shapes). */
  int64(values: readonly number[]): Value {
    const key = `i:${values.join(',')}`;
    let value = this.scalars.get(key);
    if (!value) {
      value = this.initializer(
        [values.length],
        BigInt64Array.from(values, (v) => BigInt(v)),
      );
      this.scalars.set(key, value);
    }
    return value;
  }

  /** Appends a node and returns its outputs. Called by the op builders, which infer `outputs`. */
  add(
    op: string,
    inputs: readonly (Value | null)[],
    outputs: readonly OutputSpec[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value[] {
    for (const input of inputs) if (input) this.owns(input);
    const values = outputs.map((spec) => this.value(spec.shape, spec.dtype));
    const node: Node = { op, inputs, outputs: values, attributes };
    this.nodes.push(node);
    for (const value of values) this.producers.set(value, node);
    return values;
  }

  /** The node that makes `value`, or undefined for inputs and initializers. */
  producer(value: Value): Node | undefined {
    return this.producers.get(value);
  }

  private value(shape: Shape, dtype: DType, name?: string): Value {
    let unique = name;
    while (unique === undefined || (name === undefined && this.names.has(unique)))
      unique = `v${this.counter++}`;
    if (this.names.has(unique))
      throw new EnlargerError('graph-invalid', `The graph already has a value called "${unique}".`);
    this.names.add(unique);
    return { name: unique, dtype, shape, graph: this };
  }

  private owns(value: Value): void {
    if (value.graph !== this)
      throw new EnlargerError('graph-invalid', `The value "${value.name}" belongs to another graph.`);
  }
}

function dtypeOf(data: InitializerData): DType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Uint16Array) return 'float16';
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof BigInt64Array) return 'int64';
  return 'bool';
}

/** @throws EnlargerError `graph-invalid` unless the value has this shape. */
export function expectShape(value: Value, shape: Shape, what: string): void {
  if (!sameShape(value.shape, shape))
    throw new EnlargerError(
      'graph-invalid',
      `${what} must have the shape ${shapeText(shape)}, not ${shapeText(value.shape)}.`,
    );
}
