/**
 * Where a network takes its parameters from. Networks are pure functions that ask for parameters by name
 * and shape; whether these are slices of one flat vector (training) or constants (inference) is decided
 * by the source they are given, so that one definition of a network serves both.
 */

import { EnlargerError } from '../errors.js';
import { Graph, type InitializerData, type Value } from './graph.js';
import { toFloat32 } from './ops/elementwise.js';
import { reshape, slice } from './ops/shape.js';
import { elementCount, sameShape, shapeText } from './types.js';

/** How a parameter starts: every element one value, or normal with a standard deviation. */
export type Initialisation = { readonly constant: number } | { readonly normal: number };

export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly start: Initialisation;
  /** First element in the flat vector. */
  readonly offset: number;
  readonly size: number;
}

/** All parameters of a network in the order it asks for them; together they fill one flat vector. */
export interface ParameterLayout {
  readonly specs: readonly ParameterSpec[];
  readonly size: number;
}

export interface ParameterSource {
  readonly graph: Graph;
  /** The parameter of that name; names are unique within a network. */
  get(name: string, shape: readonly number[], start: Initialisation): Value;
}

/** A source whose names start with `prefix.`. */
export function scoped(source: ParameterSource, prefix: string): ParameterSource {
  return {
    graph: source.graph,
    get: (name, shape, start) => source.get(`${prefix}.${name}`, shape, start),
  };
}

/** Runs `build` once on a scratch graph to learn which parameters a network asks for. */
export function collectLayout(build: (source: ParameterSource) => void): ParameterLayout {
  const specs: ParameterSpec[] = [];
  const graph = new Graph('scratch');
  let offset = 0;
  build({
    graph,
    get(name, shape, start) {
      if (specs.some((spec) => spec.name === name))
        throw new EnlargerError('graph-invalid', `The parameter "${name}" is asked for twice.`);
      const size = elementCount(shape);
      specs.push({ name, shape: [...shape], start, offset, size });
      offset += size;
      return graph.input(name, shape);
    },
  });
  return { specs, size: offset };
}

function find(layout: ParameterLayout, name: string, shape: readonly number[]): ParameterSpec {
  const spec = layout.specs.find((candidate) => candidate.name === name);
  if (!spec || !sameShape(spec.shape, shape))
    throw new EnlargerError('graph-invalid', `No parameter "${name}" of shape ${shapeText(shape)}.`);
  return spec;
}

/** Parameters as slices of a flat vector [layout.size] that is a value of the graph. */
export function flatParameters(layout: ParameterLayout, flat: Value): ParameterSource {
  return {
    graph: flat.graph,
    get(name, shape) {
      const spec = find(layout, name, shape);
      return reshape(slice(flat, 0, spec.offset, spec.offset + spec.size), shape);
    },
  };
}

/** Parameters as constants taken from a flat vector; `convert` may change their storage (for example to fp16). */
export function constantParameters(
  graph: Graph,
  layout: ParameterLayout,
  data: Float32Array,
  convert: (graph: Graph, shape: readonly number[], data: Float32Array) => Value = storeFloat32,
): ParameterSource {
  if (data.length !== layout.size)
    throw new EnlargerError('graph-invalid', `${layout.size} parameters are needed, not ${data.length}.`);
  return {
    graph,
    get(name, shape) {
      const { offset, size } = find(layout, name, shape);
      return convert(graph, shape, data.slice(offset, offset + size));
    },
  };
}

function storeFloat32(graph: Graph, shape: readonly number[], data: Float32Array): Value {
  return graph.initializer(shape, data);
}

/** Storage as float16 bit patterns, cast to float32 where used; engines fold the cast when they load. */
export function storeFloat16(toHalf: (data: Float32Array) => Uint16Array) {
  return (graph: Graph, shape: readonly number[], data: Float32Array): Value => {
    const stored: InitializerData = toHalf(data);
    const half = graph.initializer(shape, stored);
    return toFloat32(half);
  };
}
