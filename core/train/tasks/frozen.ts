/** Trained networks that a task builds on: constants in the task's graph, with no gradient. */

import {
  collectLayout,
  constantParameters,
  type Graph,
  type ParameterSource,
  type Value,
} from '../../graph/index.js';
import { type AutoencoderConfig, encoder } from '../../nets/autoencoder.js';
import { type UpsamplerConfig, upsampler } from '../../nets/upsampler.js';

/** A configuration with its trained parameters, flat, in the order the network asks for them. */
export interface Frozen<Config> {
  readonly config: Config;
  readonly params: Float32Array;
}

export type FrozenUpsampler = Frozen<UpsamplerConfig>;
export type FrozenEncoder = Frozen<AutoencoderConfig>;

function constants(graph: Graph, params: Float32Array, build: (source: ParameterSource) => Value): Value {
  const inner = (source: ParameterSource) => {
    build(source);
  };
  // The layout needs the network run once on a scratch graph, where inputs of this graph do not exist.
  return build(constantParameters(graph, collectLayout(inner), params));
}

/** The up-sampled picture [N, 3, f*h, f*w] of lr [N, 3, h, w] and damage [N]. */
export function frozenUpsampler(lr: Value, damage: Value, { config, params }: FrozenUpsampler): Value {
  return constants(lr.graph, params, (source) =>
    upsampler(source, twin(source, lr), twin(source, damage), config),
  );
}

/** The latent of a picture. */
export function frozenEncoder(picture: Value, { config, params }: FrozenEncoder): Value {
  return constants(picture.graph, params, (source) => encoder(source, twin(source, picture), config));
}

/** The value itself on its own graph, or an input of the same shape on a scratch graph. */
function twin(source: ParameterSource, value: Value): Value {
  return source.graph === value.graph
    ? value
    : source.graph.input(`twin${source.graph.inputs.length}`, value.shape);
}
