/**
 * One training step as one graph: forward, backward, gradient clipping, Adam and the moving average of the
 * weights. The engine that runs inference runs this too, so training needs nothing but an ONNX runtime.
 *
 * Parameters, both Adam moments and the average are one flat vector each; the caller feeds them in and takes
 * the new ones out.
 */

import {
  add,
  addAll,
  backward,
  concat,
  div,
  flatParameters,
  Graph,
  maximum,
  mul,
  type ParameterLayout,
  type ParameterSource,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  type Value,
} from '../graph/index.js';

export interface AdamConfig {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Largest global norm of the gradient; larger ones are scaled down to it (Pascanu et al. 2013). */
  readonly clipNorm: number;
}

export const ADAM_DEFAULTS: AdamConfig = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, clipNorm: 1 };

/** What a task adds to a graph: a scalar loss, and further scalars worth logging. */
export interface LossTerms {
  readonly loss: Value;
  readonly metrics?: Readonly<Record<string, Value>>;
}

/** Builds the loss on `source.graph`; it declares the batch inputs itself. */
export type LossBuilder = (source: ParameterSource) => LossTerms;

/** State vectors and their names as graph inputs; the outputs are called `next.<name>`. */
export const STATE_NAMES = ['params', 'm', 'v', 'ema'] as const;
/** Per-step scalars: learning rate, the two bias corrections 1/(1-beta^t), and the decay of the average. */
export const SCALAR_NAMES = ['lr', 'correction1', 'correction2', 'emaDecay'] as const;

/**
 * Adam (Kingma and Ba 2015) with global-norm clipping and an exponential moving average of the weights.
 * Outputs: `next.params`, `next.m`, `next.v`, `next.ema`, `loss`, `gradNorm` and the loss's metrics.
 */
export function buildTrainingStep(layout: ParameterLayout, build: LossBuilder, adam: AdamConfig): Graph {
  const graph = new Graph('training-step');
  const [params, m, v, ema] = STATE_NAMES.map((name) => graph.input(name, [layout.size]));
  const [lr, correction1, correction2, emaDecay] = SCALAR_NAMES.map((name) => graph.input(name, []));

  const slices: Value[] = [];
  const flat = flatParameters(layout, params);
  const { loss, metrics = {} } = build({
    graph,
    get(name, shape, start) {
      const value = flat.get(name, shape, start);
      slices.push(value);
      return value;
    },
  });
  const gradients = backward(loss, slices);
  const norm = sqrt(addAll(gradients.map((g) => sum(square(g)))));
  const joined = concat(
    gradients.map((g, i) => reshape(g, [layout.specs[i].size])),
    0,
  );
  const gradient = mul(joined, div(adam.clipNorm, maximum(norm, adam.clipNorm)));

  const nextM = add(mul(m, adam.beta1), mul(gradient, 1 - adam.beta1));
  const nextV = add(mul(v, adam.beta2), mul(square(gradient), 1 - adam.beta2));
  const update = div(mul(nextM, correction1), add(sqrt(mul(nextV, correction2)), adam.epsilon));
  const nextParams = sub(params, mul(update, lr));
  const nextEma = add(mul(ema, emaDecay), mul(nextParams, sub(1, emaDecay)));

  [nextParams, nextM, nextV, nextEma].forEach((value, i) => {
    graph.output(`next.${STATE_NAMES[i]}`, value);
  });
  graph.output('loss', loss);
  graph.output('gradNorm', norm);
  for (const [name, value] of Object.entries(metrics)) graph.output(name, value);
  return graph;
}
