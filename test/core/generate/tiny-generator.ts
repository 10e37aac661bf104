/**
 * Generators with random weights: components of the Stable Diffusion family with the names, shapes and element types
 * of their usual exports and hardly anything inside, and a flow with transparency.
 */

import {
  add,
  conv2d,
  type DType,
  depthToSpace,
  embed,
  encodeModel,
  Graph,
  matmul,
  mul,
  reduceMean,
  reduceSum,
  reshape,
  type Shape,
  sigmoid,
  silu,
  sin,
  slice,
  sub,
  symbol,
  tanh,
  toFloat32,
  type Value,
} from '../../../core/graph/index.js';
import { sha256Hex } from '../../../core/pack/hash.js';
import { type LoadedPack, loadPack } from '../../../core/pack/load.js';
import { PACK_FORMAT, type PackComponent } from '../../../core/pack/schema.js';
import { numbers } from '../graph/harness.js';
import { type Breakable, memoryReader } from '../pack/tiny-pack.js';
import { END, tinyTokenizer } from './tiny-tokenizer.js';

/** Stable Diffusion 1.5's sizes. */
export const SD = { length: 77, features: 768, channels: 4, side: 64, factor: 8 };

const weights = (graph: Graph, shape: number[], seed: number, gain = 1) => {
  const count = shape.reduce((product, dim) => product * dim, 1);
  return graph.initializer(shape, numbers(count, seed, -gain, gain));
};

export interface SdOptions {
  /** Element types as exports differ in them. */
  readonly tokens?: DType;
  readonly time?: DType;
  readonly timeShape?: Shape;
  /** Batch of the UNet; default dynamic. */
  readonly batch?: number;
  readonly side?: number;
  readonly channels?: number;
  readonly features?: number;
  readonly alpha?: boolean;
  /** LCM's input for the strength of guidance. */
  readonly timeCond?: boolean;
  /** A second set of predictions, of variance. */
  readonly variance?: boolean;
  /** Makes the decoder take latents of this size only. */
  readonly decoderSide?: number;
}

/** `input_ids` [batch, 77] to `last_hidden_state` [batch, 77, 768] and `pooler_output` [batch, 768]. */
export function clipTextModel({ tokens = 'int32' }: SdOptions = {}): Graph {
  const graph = new Graph('text_encoder');
  const ids = graph.input('input_ids', [symbol('batch_size'), SD.length], tokens);
  const vectors = embed(weights(graph, [100, 8], 5), ids);
  const place = weights(graph, [1, SD.length, 8], 6, 0.3);
  const state = matmul(sin(add(vectors, place)), weights(graph, [8, SD.features], 7));
  graph.output('last_hidden_state', state);
  graph.output('pooler_output', reduceMean(state, [1]));
  return graph;
}

/** `sample`, `timestep`, `encoder_hidden_states` to `out_sample`. */
export function unet(options: SdOptions = {}): Graph {
  const { time = 'int64', channels = SD.channels, features = SD.features, variance = false } = options;
  const graph = new Graph('unet');
  const batch = options.batch ?? symbol('batch_size');
  const sample = graph.input('sample', [batch, channels, symbol('height'), symbol('width')]);
  const timestep = graph.input('timestep', options.timeShape ?? [symbol('steps')], time);
  const context = graph.input('encoder_hidden_states', [batch, symbol('sequence_length'), features]);
  const t = time === 'float32' ? timestep : toFloat32(timestep);
  // A count of times that is known only at run time stands for one.
  const [count = 1] = t.shape;
  const times = typeof count === 'number' ? t : reduceSum(t, [0]);
  const pace = mul(reshape(times, [typeof count === 'number' ? count : 1, 1, 1, 1]), 0.001);
  let x = conv2d(sample, weights(graph, [8, channels, 3, 3], 11, 0.2));
  x = add(x, sin(mul(pace, weights(graph, [1, 8, 1, 1], 12, 6))));
  x = add(x, told(graph, context, batch, features));
  if (options.timeCond) {
    const strength = graph.input('timestep_cond', [batch, 256]);
    x = add(x, reshape(matmul(strength, weights(graph, [256, 8], 13, 0.3)), [batch, 8, 1, 1]));
  }
  const outputs = variance ? 2 * channels : channels;
  graph.output('out_sample', conv2d(silu(x), weights(graph, [outputs, 8, 3, 3], 14, 0.3)));
  return graph;
}

/** The sum of all tokens' vectors as eight channels. */
function told(graph: Graph, context: Value, batch: Value['shape'][number], features: number): Value {
  const all = mul(reduceSum(context, [1]), 1 / 8);
  return reshape(matmul(all, weights(graph, [features, 8], 15, 0.3)), [batch, 8, 1, 1]);
}

/** `latent_sample` to `sample` in -1..1, and `alpha` in 0..1 if asked for. */
export function vaeDecoder({ channels = SD.channels, alpha = false, decoderSide }: SdOptions = {}): Graph {
  const graph = new Graph('vae_decoder');
  const sides = decoderSide ? [decoderSide, decoderSide] : [symbol('height'), symbol('width')];
  const latent = graph.input('latent_sample', [symbol('batch'), channels, ...sides]);
  const planes = alpha ? 4 : 3;
  const wide = conv2d(latent, weights(graph, [planes * 64, channels, 3, 3], 21, 0.05));
  const picture = depthToSpace(wide, SD.factor);
  graph.output('sample', tanh(slice(picture, 1, 0, 3)));
  if (alpha) graph.output('alpha', sigmoid(mul(slice(picture, 1, 3, 4), 4)));
  return graph;
}

/** pack.json's words for a graph. */
export async function describe(role: string, file: string, graph: Graph): Promise<[Breakable, Uint8Array]> {
  const bytes = encodeModel(graph);
  const port = (name: string, shape: Shape) => ({
    name,
    shape: shape.map((dim) => (typeof dim === 'number' ? dim : dim.symbol)),
  });
  const entry = {
    role,
    file,
    sha256: await sha256Hex(bytes),
    bytes: bytes.length,
    parameters: 0,
    inputs: graph.inputs.map(({ name, shape }) => port(name, shape)),
    outputs: graph.outputs.map(({ name, value }) => port(name, value.shape)),
    haloPx: 0,
    macsPerOutputPixel: 0,
  };
  return [entry, bytes];
}

async function tokenizerEntry(): Promise<[Breakable, Uint8Array]> {
  const bytes = tinyTokenizer();
  return [
    {
      role: 'tokenizer',
      file: 'tokenizer.json',
      sha256: await sha256Hex(bytes),
      bytes: bytes.length,
      parameters: 0,
      inputs: [],
      outputs: [],
      haloPx: 0,
      macsPerOutputPixel: 0,
    },
    bytes,
  ];
}

export interface PackDraft {
  readonly manifest: Breakable;
  readonly files: Map<string, Uint8Array>;
}

async function draft(components: [string, string, Graph][], generator: object): Promise<PackDraft> {
  const files = new Map<string, Uint8Array>();
  const entries: PackComponent[] = [];
  const parts = [
    await tokenizerEntry(),
    ...(await Promise.all(components.map(([role, file, graph]) => describe(role, file, graph)))),
  ];
  for (const [entry, bytes] of parts) {
    files.set(entry.file, bytes);
    entries.push(entry);
  }
  const manifest = {
    format: PACK_FORMAT,
    name: 'tiny-generator',
    title: 'Tiny generator',
    licence: 'MIT',
    created: '2026-01-02T03:04:05Z',
    components: entries,
    generator,
    trainedOn: [],
  };
  return { manifest, files };
}

/** A pack of the Stable Diffusion family; `generator` overrides what pack.json says of it. */
export function sdPack(options: SdOptions = {}, generator: object = {}): Promise<PackDraft> {
  const { side = SD.side, channels = SD.channels } = options;
  return draft(
    [
      ['text-encoder', 'text_encoder.onnx', clipTextModel(options)],
      ['denoiser', 'unet.onnx', unet(options)],
      ['latent-decoder', 'vae_decoder.onnx', vaeDecoder(options)],
    ],
    {
      latent: {
        space: 'sd-1',
        channels,
        width: side,
        height: side,
        factor: SD.factor,
        scalingFactor: 0.18215,
      },
      prediction: 'epsilon',
      schedule: { kind: 'scaled-linear', betaStart: 0.00085, betaEnd: 0.012, offset: 1 },
      solver: 'euler',
      steps: { default: 3, max: 50 },
      guidance: { default: 7.5, max: 30 },
      tokens: { length: SD.length, pad: END },
      pictureRange: [-1, 1],
      ...generator,
    },
  );
}

const FLOW = { channels: 6, side: 4, length: 8, width: 8 };

/** `ids` [n, 8] to `context` [n, 8, 8]. */
function smallText(): Graph {
  const graph = new Graph('text');
  const ids = graph.input('ids', [symbol('n'), FLOW.length], 'int64');
  const places = weights(graph, [1, FLOW.length, FLOW.width], 32, 0.5);
  graph.output('context', sin(add(embed(weights(graph, [100, FLOW.width], 31, 3), ids), places)));
  return graph;
}

/** `xt` [n, 6, 4, 4], `t` [n, 1, 1, 1] and `context` to `v`. */
function smallFlow(): Graph {
  const graph = new Graph('flow');
  const n = symbol('n');
  const xt = graph.input('xt', [n, FLOW.channels, FLOW.side, FLOW.side]);
  const t = graph.input('t', [n, 1, 1, 1]);
  const context = graph.input('context', [n, FLOW.length, FLOW.width]);
  const subject = matmul(reduceMean(context, [1]), weights(graph, [FLOW.width, FLOW.channels], 33, 2));
  const goal = add(
    reshape(subject, [n, FLOW.channels, 1, 1]),
    conv2d(xt, weights(graph, [FLOW.channels, FLOW.channels, 3, 3], 34, 0.2)),
  );
  graph.output('v', sub(mul(tanh(goal), add(mul(t, 0.2), 1.5)), mul(xt, 0.8)));
  return graph;
}

/** `z` [n, 6, h, w] to `rgba` [n, 4, 8h, 8w] in 0..1. */
function smallDecoder(): Graph {
  const graph = new Graph('decoder');
  const z = graph.input('z', [symbol('n'), FLOW.channels, symbol('h'), symbol('w')]);
  const wide = conv2d(z, weights(graph, [4 * 64, FLOW.channels, 3, 3], 35, 0.2));
  graph.output('rgba', sigmoid(depthToSpace(wide, 8)));
  return graph;
}

/** A pack with a flow over small latents that decode with transparency, as ours is made. */
export function flowPack(generator: object = {}): Promise<PackDraft> {
  const { channels, side, length } = FLOW;
  return draft(
    [
      ['text-encoder', 'text.onnx', smallText()],
      ['denoiser', 'denoiser.onnx', smallFlow()],
      ['latent-decoder', 'decoder.onnx', smallDecoder()],
    ],
    {
      latent: { space: 'flow', channels, width: side, height: side, factor: 8 },
      prediction: 'flow',
      schedule: { kind: 'flow' },
      solver: 'heun',
      steps: { default: 4, max: 20 },
      guidance: { default: 3, max: 10 },
      tokens: { length, pad: 0 },
      ...generator,
    },
  );
}

/** The pack as loading it gives it, hashes checked. */
export function load({ manifest, files }: PackDraft): Promise<LoadedPack> {
  return loadPack(memoryReader(manifest, files));
}

/** Puts another graph in the place of a component, hashes and ports adjusted unless `keepPorts`. */
export async function replaceComponent(
  pack: PackDraft,
  role: string,
  graph: Graph,
  keepPorts = false,
): Promise<void> {
  const { components } = pack.manifest;
  const at = components.findIndex((entry: PackComponent) => entry.role === role);
  const [entry, bytes] = await describe(role, components[at].file, graph);
  const { inputs, outputs } = components[at];
  components[at] = keepPorts ? { ...entry, inputs, outputs } : entry;
  pack.files.set(entry.file, bytes);
}
