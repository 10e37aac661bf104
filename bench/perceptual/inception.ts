/**
 * The first layers of Inception-v3 (Szegedy et al. 2016) as an ONNX graph of our own, so that the project's
 * engines run it. In nsfwjs these layers carry the frozen ImageNet weights (only later ones were tuned), with
 * batch statistics of samples in 0..1: on photographs they come out with mean near 0 and variance near 1.
 *
 * Strided convolutions and pooling are not ops of core/graph, which has no gradient for them; nodes of this
 * graph are added with their shapes named instead of inferred.
 */

import { encodeModel, Graph, relu, symbol, type Value } from '../../core/graph/index.js';
import type { Tensor } from './weights.js';

const BATCH_NORM_EPSILON = 1e-3;

/** Names of the feature maps, from fine to coarse: strides 2, 2, 4, 8 and 8. */
export const FEATURE_LAYERS = ['conv1', 'conv3', 'conv5', 'mixed0', 'mixed2'] as const;

interface ConvOptions {
  readonly stride?: number;
  readonly same?: boolean;
}

/**
 * The model's bytes. Input `picture` [1, 3, h, w] with samples in 0..1; outputs one map [1, C, h', w'] for
 * each of `FEATURE_LAYERS`, after its rectification. Sides must be at least 32.
 */
export function inceptionFeatures(weights: ReadonlyMap<string, Tensor>): Uint8Array {
  const graph = new Graph('inception-features');
  const picture = graph.input('picture', [1, 3, symbol('h'), symbol('w')]);
  let maps = 0;
  const node = (op: string, inputs: readonly Value[], channels: number, attributes: Attributes): Value => {
    const shape = [1, channels, symbol(`h${++maps}`), symbol(`w${maps}`)];
    return graph.add(op, inputs, [{ dtype: 'float32', shape }], attributes)[0];
  };
  const conv = (x: Value, index: number, { stride = 1, same = false }: ConvOptions = {}): Value => {
    const { shape, weight, bias } = foldedConv(weights, index);
    const border = same ? (shape[2] - 1) / 2 : 0;
    const inputs = [x, graph.initializer(shape, weight), graph.initializer([shape[0]], bias)];
    return relu(
      node('Conv', inputs, shape[0], {
        kernel_shape: [shape[2], shape[3]],
        strides: [stride, stride],
        pads: [border, border, border, border],
      }),
    );
  };
  const maxPool = (x: Value): Value =>
    node('MaxPool', [x], x.shape[1] as number, { kernel_shape: [3, 3], strides: [2, 2] });
  const averagePool = (x: Value): Value =>
    node('AveragePool', [x], x.shape[1] as number, { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
  // The four branches all have the height and width of `x`, which named shapes cannot show.
  const mixed = (x: Value, first: number): Value => {
    const same = { same: true };
    const branches = [
      conv(x, first, same),
      conv(conv(x, first + 1, same), first + 2, same),
      conv(conv(conv(x, first + 3, same), first + 4, same), first + 5, same),
      conv(averagePool(x), first + 6, same),
    ];
    const channels = branches.reduce((sum, branch) => sum + (branch.shape[1] as number), 0);
    return node('Concat', branches, channels, { axis: 1 });
  };

  const conv1 = conv(picture, 1, { stride: 2 });
  const conv3 = conv(conv(conv1, 2), 3, { same: true });
  const conv5 = conv(conv(maxPool(conv3), 4), 5);
  const mixed0 = mixed(maxPool(conv5), 6);
  const mixed2 = mixed(mixed(mixed0, 13), 20);
  const features = { conv1, conv3, conv5, mixed0, mixed2 };
  for (const name of FEATURE_LAYERS) graph.output(name, features[name]);
  return encodeModel(graph);
}

type Attributes = Parameters<Graph['add']>[3];

/** A convolution with the batch normalisation after it folded in; weights turned from HWIO to OIHW. */
function foldedConv(
  weights: ReadonlyMap<string, Tensor>,
  index: number,
): { shape: [number, number, number, number]; weight: Float32Array; bias: Float32Array } {
  const kernel = weights.get(`conv2d_${index}/kernel`)!;
  const norm = (name: string) => weights.get(`batch_normalization_${index}/${name}`)!.data;
  const [beta, mean, variance] = [norm('beta'), norm('moving_mean'), norm('moving_variance')];
  const [kh, kw, inputs, outputs] = kernel.shape;
  const weight = new Float32Array(kernel.data.length);
  const bias = new Float32Array(outputs);
  for (let o = 0; o < outputs; o++) {
    const gain = 1 / Math.sqrt(variance[o] + BATCH_NORM_EPSILON);
    bias[o] = beta[o] - mean[o] * gain;
    for (let i = 0; i < inputs; i++)
      for (let k = 0; k < kh * kw; k++)
        weight[(o * inputs + i) * kh * kw + k] = kernel.data[(k * inputs + i) * outputs + o] * gain;
  }
  return { shape: [outputs, inputs, kh, kw], weight, bias };
}
