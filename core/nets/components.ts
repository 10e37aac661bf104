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
  reshape,
  scaleDim,
  scoped,
  slice,
  symbol,
  type Value,
} from '../graph/index.js';
import { type AutoencoderConfig, decoder, encoder, LATENT_FACTOR } from './autoencoder.js';
import { type DenoiserConfig, denoiser } from './denoiser.js';
import { type IconDecoderConfig, iconDecoder } from './icon-decoder.js';
import { prior } from './prior.js';
import { type TextConfig, textEncoder } from './text.js';
import { type UpsamplerConfig, upsampler } from './upsampler.js';
import { spread, type VelocityConfig, velocity } from './velocity.js';

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

/** Input `picture` [1, 3, h, w], sides multiples of 8; output `latent` [1, C, h/8, w/8] in the encoder's units. */
export function encoderComponent(config: AutoencoderConfig): ComponentBuilder {
  return (source) => {
    const picture = source.graph.input('picture', [1, 3, symbol('h'), symbol('w')]);
    source.graph.output('latent', encoder(source, picture, config));
  };
}

/** Inputs `z1`, `z0` [1, C, h, w] in the encoder's units and `up` [1, 3, 8h, 8w]; output `picture` [1, 3, 8h, 8w]. */
export function decoderComponent(config: AutoencoderConfig): ComponentBuilder {
  return (source) => {
    const [h, w] = [symbol('h'), symbol('w')];
    const [z1, z0] = ['z1', 'z0'].map((name) => source.graph.input(name, [1, config.latentChannels, h, w]));
    const up = source.graph.input('up', [1, 3, scaleDim(h, LATENT_FACTOR), scaleDim(w, LATENT_FACTOR)]);
    source.graph.output('picture', decoder(source, z1, z0, up, config));
  };
}

/** Input `z0` [1, C, h, w] in normalised units; output `spread` [1, C, h, w]. */
export function spreadComponent(config: VelocityConfig): ComponentBuilder {
  return (source) => {
    const z0 = source.graph.input('z0', [1, config.latentChannels, symbol('h'), symbol('w')]);
    source.graph.output('spread', spread(source, z0, config));
  };
}

/**
 * Inputs `xt`, `z0`, `spread` [1, C, h, w] in normalised units, `t`, `sigma` [1]; output `v` [1, C, h, w].
 */
export function velocityComponent(config: VelocityConfig): ComponentBuilder {
  return (source) => {
    const shape = [1, config.latentChannels, symbol('h'), symbol('w')];
    const [xt, z0, width] = ['xt', 'z0', 'spread'].map((name) => source.graph.input(name, shape));
    const [t, sigma] = ['t', 'sigma'].map((name) => source.graph.input(name, [1]));
    source.graph.output('v', velocity(source, xt, z0, { t, sigma, spread: width }, config));
  };
}

/** Input `tokens` [n, L], int64; output `context` [n, L, width]. */
export function textEncoderComponent(config: TextConfig): ComponentBuilder {
  return (source) => {
    const ids = source.graph.input('tokens', [symbol('n'), config.length], 'int64');
    source.graph.output('context', textEncoder(source, ids, config));
  };
}

/**
 * Inputs `sample` [n, C, S, S] in normalised units, `time` [n], 0 at the noise and 1 at the data, and `context`
 * [n, L, width] of the text encoder; output `prediction` [n, C, S, S].
 */
export function denoiserComponent(config: DenoiserConfig, text: TextConfig): ComponentBuilder {
  return (source) => {
    const n = symbol('n');
    const { channels, side } = config;
    const sample = source.graph.input('sample', [n, channels, side, side]);
    const time = source.graph.input('time', [n]);
    const context = source.graph.input('context', [n, text.length, text.width]);
    const field = denoiser(source, sample, reshape(time, [n, 1, 1, 1]), context, config);
    source.graph.output('prediction', field);
  };
}

/** Input `context` [n, L, width]; outputs `mean` and `spread` [n, C, S, S]: the part of the denoiser that knows no noise. */
export function priorComponent(
  { prior: sizes, channels, side }: DenoiserConfig,
  text: TextConfig,
): ComponentBuilder {
  return (source) => {
    const context = source.graph.input('context', [symbol('n'), text.length, text.width]);
    const { mean, spread } = prior(scoped(source, 'prior'), context, { ...sizes, channels, side });
    source.graph.output('mean', mean);
    source.graph.output('spread', spread);
  };
}

/** Input `latent` [1, C, h, w] in normalised units; outputs `picture` [1, 3, 8h, 8w] and `alpha` [1, 1, 8h, 8w]. */
export function iconDecoderComponent(config: IconDecoderConfig): ComponentBuilder {
  return (source) => {
    const latent = source.graph.input('latent', [1, config.latentChannels, symbol('h'), symbol('w')]);
    const picture = iconDecoder(source, latent, config);
    source.graph.output('picture', slice(picture, 1, 0, 3));
    source.graph.output('alpha', slice(picture, 1, 3, 4));
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
