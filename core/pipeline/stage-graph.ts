/**
 * The graph of one stage: up-sample, encode, walk the flow, decode, back-project, in one run, so that a tile
 * crosses between host and engine once however many steps it takes.
 */

import { EnlargerError } from '../errors.js';
import { type FixedSolver, planSteps, TABLEAUX } from '../flow/solvers.js';
import {
  add,
  addAll,
  div,
  Graph,
  Inlined,
  mul,
  scaleDim,
  sqrt,
  square,
  sub,
  symbol,
  type Value,
} from '../graph/index.js';
import { LATENT_FACTOR } from '../nets/autoencoder.js';
import { backProject } from '../nets/back-projection.js';
import { keepFlat } from '../nets/flat-places.js';
import { localNoise } from '../nets/velocity.js';

/** Two iterations bring bicubic pictures within 50 dB of their input; more cost time and gain nothing visible. */
export const BACK_PROJECTIONS = 2;

/** The components of the flow, decoded from a pack, and how its path is walked. */
export interface FlowParts {
  readonly encoder: Graph;
  /** Packs of format 1.0 have none: their noise is as strong on flat places as anywhere. */
  readonly spread?: Graph | undefined;
  readonly velocity: Graph;
  readonly decoder: Graph;
  readonly latent: {
    readonly channels: number;
    readonly mean: readonly number[];
    readonly std: readonly number[];
    /** Root mean square of x1 - z0, the unit of the spread. */
    readonly changeStd?: number | undefined;
  };
  readonly solver: FixedSolver;
  /** Evaluations of the velocity network. */
  readonly evaluations: number;
}

export interface StageParts {
  readonly factor: 2 | 4;
  readonly upsampler: Graph;
  /** Without it the stage is the up-sampler and back-projection: what detail 0 asks for. */
  readonly flow?: FlowParts;
}

/**
 * Inputs: `lr` [1, 3, h, w], `damage` [1], `consistency` [1] (back-projection's strength, 0..1), and with a flow
 * `noise` [1, C, h*f/8, w*f/8], `sigma` [1]. Output: `sr` [1, 3, f*h, f*w], not clipped.
 * h and w times f must be multiples of 8 where there is a flow.
 */
export function buildStageGraph({ factor, upsampler, flow }: StageParts): Graph {
  const graph = new Graph(`stage-x${factor}`);
  const [h, w] = [symbol('h'), symbol('w')];
  const lr = graph.input('lr', [1, 3, h, w]);
  const damage = graph.input('damage', [1]);
  const consistency = graph.input('consistency', [1]);
  const { up } = new Inlined(upsampler, graph).call({ lr, damage });
  const sr = keepFlat(flow ? walk(up, flow) : up, lr, factor);
  const projection = { factor, iterations: BACK_PROJECTIONS, strength: consistency, guess: up };
  graph.output('sr', backProject(sr, lr, projection));
  return graph;
}

function walk(up: Value, flow: FlowParts): Value {
  const { graph } = up;
  const { channels } = flow.latent;
  const perChannel = (values: readonly number[]) =>
    graph.initializer([1, channels, 1, 1], Float32Array.from(values));
  const mean = perChannel(flow.latent.mean);
  const std = perChannel(flow.latent.std);
  const shape = [1, channels, ...up.shape.slice(2).map((dim) => scaleDim(dim, 1 / LATENT_FACTOR))];
  const noise = graph.input('noise', shape);
  const sigma = graph.input('sigma', [1]);

  const { latent: encoded } = new Inlined(flow.encoder, graph).call({ picture: up });
  const z0 = div(sub(encoded, mean), std);
  const network = new Inlined(flow.velocity, graph);
  const { context, level } = startOf(z0, sigma, flow);
  const velocity = (xt: Value, t: number): Value => {
    const time = graph.initializer([1], Float32Array.of(t));
    return network.call({ xt, z0, t: time, sigma, ...context }).v;
  };
  const x0 = add(mul(z0, level.signal), mul(noise, level.sigma));
  const z1 = add(mul(integrate(velocity, x0, flow), std), mean);
  return new Inlined(flow.decoder, graph).call({ z1, z0: encoded, up }).picture;
}

/** How noisy the start is at every place, and what the velocity network is told of it besides. */
function startOf(z0: Value, sigma: Value, { spread, latent }: FlowParts) {
  if (!spread) {
    const signal = sqrt(sub(1, square(sigma)));
    return { context: { signal }, level: { signal, sigma } };
  }
  const width = new Inlined(spread, z0.graph).call({ z0 }).spread;
  return { context: { spread: width }, level: localNoise(sigma, width, latent.changeStd ?? 1) };
}

/** The same steps as `solveFixed`, written into the graph. */
function integrate(velocity: (x: Value, t: number) => Value, x0: Value, flow: FlowParts): Value {
  let x = x0;
  for (const { t, dt, solver } of planSteps(flow.solver, flow.evaluations)) {
    const { a, b, c } = TABLEAUX[solver];
    const slopes: Value[] = [];
    const combine = (weights: readonly number[]) => {
      const terms = weights.flatMap((weight, i) => (weight === 0 ? [] : [mul(slopes[i], weight * dt)]));
      return terms.length === 0 ? x : add(x, addAll(terms));
    };
    for (let i = 0; i < b.length; i++) slopes.push(velocity(combine(a[i]), t + c[i] * dt));
    x = combine(b);
  }
  return x;
}

/** @throws EnlargerError `pack-invalid` unless the component has exactly these inputs and outputs. */
export function expectPorts(
  component: Graph,
  file: string,
  inputs: readonly string[],
  outputs: readonly string[],
) {
  const has = (names: readonly string[], wanted: readonly string[]) =>
    names.length === wanted.length && wanted.every((name) => names.includes(name));
  if (
    has(
      component.inputs.map(({ name }) => name),
      inputs,
    ) &&
    has(
      component.outputs.map(({ name }) => name),
      outputs,
    )
  )
    return;
  throw new EnlargerError(
    'pack-invalid',
    `The component ${file} should take ${inputs.join(', ')} and give ${outputs.join(', ')}.`,
    'The pack was made for another version; get it again.',
  );
}
