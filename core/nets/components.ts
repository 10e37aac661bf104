/**
 * Networks with trained parameters as stand-alone graphs: what a pack stores, one ONNX file each, with
 * dynamic height and width. Names of inputs and outputs are part of the pack format.
 */

import {
  collectLayout,
  constantParameters,
  Graph,
  type ParameterLayout,
  type ParameterSource,
  symbol,
  type Value,
} from '../graph/index.js';
import { type UpsamplerConfig, upsampler } from './upsampler.js';

/** Stores a parameter as a constant of the graph. */
export type Storage = (graph: Graph, shape: readonly number[], data: Float32Array) => Value;

/** A network as a function of a parameter source on whose graph it declares its inputs and outputs. */
export type ComponentBuilder = (source: ParameterSource) => void;

/** Inputs `lr` [1, 3, h, w] in 0..1 and `damage` [1]; output `up` [1, 3, f*h, f*w]. */
export function upsamplerComponent(config: UpsamplerConfig): ComponentBuilder {
  return (source) => {
    const lr = source.graph.input('lr', [1, 3, symbol('h'), symbol('w')]);
    const damage = source.graph.input('damage', [1]);
    source.graph.output('up', upsampler(source, lr, damage, config));
  };
}

/**
 * A component with its parameters inside.
 * @param params The flat vector of `componentLayout`'s size; by default stored as float32.
 */
export function buildComponent(
  name: string,
  build: ComponentBuilder,
  params: Float32Array,
  storage?: Storage,
): Graph {
  const graph = new Graph(name);
  build(constantParameters(graph, componentLayout(build), params, storage));
  return graph;
}

/** The parameters a component asks for. */
export function componentLayout(build: ComponentBuilder): ParameterLayout {
  return collectLayout(build);
}
