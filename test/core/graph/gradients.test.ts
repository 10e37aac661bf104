import {
  abs,
  add,
  backward,
  clip,
  concat,
  conv2d,
  cos,
  depthToSpace,
  differentiableOps,
  div,
  embed,
  exp,
  expand,
  Graph,
  gather,
  leakyRelu,
  log,
  matmul,
  maximum,
  mul,
  neg,
  pad,
  reduceSum,
  relu,
  reshape,
  sigmoid,
  sign,
  sin,
  slice,
  softmax,
  spaceToDepth,
  sqrt,
  stopGradient,
  sub,
  sum,
  tanh,
  transpose,
  type Value,
} from '../../../core/graph/index.js';
import { apply } from '../../../core/graph/ops/op.js';
import { numbers, runGraph } from './harness.js';

interface Case {
  readonly shapes: readonly number[][];
  readonly build: (inputs: Value[]) => Value;
  /** Range of the inputs, away from points where the op has no derivative. */
  readonly range?: readonly [number, number];
}

const one = (op: (x: Value) => Value, range?: readonly [number, number]): Case => ({
  shapes: [[2, 3]],
  build: ([x]) => op(x),
  ...(range && { range }),
});
const two = (op: (a: Value, b: Value) => Value, range?: readonly [number, number]): Case => ({
  shapes: [
    [2, 3, 4],
    [3, 1],
  ],
  build: ([a, b]) => op(a, b),
  ...(range && { range }),
});

/** One or more cases for every op with a gradient rule. */
const CASES: Record<string, Case | Case[]> = {
  Abs: one(abs, [0.3, 1]),
  Add: two(add),
  Clip: one((x) => clip(x, -0.5, 0.6)),
  Concat: {
    shapes: Array.from({ length: 8 }, (_, i) => [2, 1 + (i % 3), 2]),
    build: (inputs) => concat(inputs, 1),
  },
  Conv: [1, 3, 5].map((k) => ({
    shapes: [[2, 3, 5, 4], [4, 3, k, k], [4]],
    build: ([x, w, b]) => conv2d(x, w, b),
  })),
  Cos: one(cos),
  DepthToSpace: { shapes: [[2, 8, 3, 2]], build: ([x]) => depthToSpace(x, 2) },
  Div: two(div, [0.5, 1.5]),
  Exp: one(exp),
  Expand: { shapes: [[3, 1]], build: ([x]) => expand(x, [2, 3, 4]) },
  Gather: [
    { shapes: [[2, 4, 3]], build: ([x]) => gather(x, 1, [2, 0, 3, 1]) },
    {
      shapes: [[4, 3]],
      // Ids that are computed, with one used twice and one not at all.
      build: ([table]) => embed(table, reshape(table.graph.int64([2, 0, 2, 3]), [2, 2])),
    },
  ],
  Identity: one((x) => apply('Identity', [x])),
  LeakyRelu: one((x) => leakyRelu(x, 0.1)),
  Log: one(log, [0.5, 2]),
  MatMul: [
    {
      shapes: [
        [2, 3, 4],
        [2, 4, 5],
      ],
      build: ([a, b]) => matmul(a, b),
    },
    {
      shapes: [
        [2, 3, 4],
        [4, 5],
      ],
      build: ([a, b]) => matmul(a, b),
    },
  ],
  // Scaled so that no pair lies within the finite step of a tie.
  Max: two((a, b) => maximum(a, mul(b, 0.37))),
  Mul: two(mul),
  Neg: one(neg),
  Pad: {
    shapes: [[1, 2, 4, 4]],
    build: ([x]) => pad(x, [0, 0, 2, -1], [0, 0, -1, 1]),
  },
  ReduceSum: [true, false].map((keep) => ({
    shapes: [[2, 3, 4]],
    build: ([x]) => reduceSum(x, [0, -1], keep),
  })),
  Relu: one(relu),
  Reshape: { shapes: [[2, 6]], build: ([x]) => reshape(x, [3, 4]) },
  Sigmoid: one(sigmoid),
  Sign: one(sign, [0.3, 1]),
  Sin: one(sin),
  Slice: { shapes: [[3, 5]], build: ([x]) => slice(x, 1, 1, 4) },
  SpaceToDepth: [1, 3].map((c) => ({ shapes: [[2, c, 4, 6]], build: ([x]) => spaceToDepth(x, 2) })),
  Softmax: { shapes: [[2, 3, 4]], build: ([x]) => softmax(x), range: [-2, 2] },
  Sqrt: one(sqrt, [0.5, 2]),
  Sub: two(sub),
  Tanh: one(tanh),
  Transpose: { shapes: [[2, 3, 4]], build: ([x]) => transpose(x, [2, 0, 1]) },
};

const count = (shape: readonly number[]) => shape.reduce((product, dim) => product * dim, 1);

/** Compares every partial derivative with central differences of a random projection of the output. */
async function checkGradients({ shapes, build, range = [-1, 1] }: Case): Promise<void> {
  const graph = new Graph();
  const inputs = shapes.map((shape, i) => graph.input(`x${i}`, shape));
  const output = build(inputs);
  const weights = numbers(count(output.shape as number[]), 99);
  const loss = sum(mul(output, graph.initializer(output.shape as number[], weights)));
  graph.output('loss', loss);
  backward(loss, inputs).forEach((gradient, i) => {
    expect(gradient.shape).toEqual(shapes[i]);
    graph.output(`g${i}`, gradient);
  });
  const data = shapes.map((shape, i) => numbers(count(shape), i + 1, ...range));
  const evaluate = (changed: Float32Array[]) =>
    runGraph(graph, Object.fromEntries(changed.map((x, i) => [`x${i}`, { dims: shapes[i], data: x }])));
  const analytic = await evaluate(data);
  const step = 1 / 256;
  for (const [i, values] of data.entries())
    for (let j = 0; j < values.length; j++) {
      const shifted = async (by: number) => {
        const changed = data.map((x) => x.slice());
        changed[i][j] += by;
        return ((await evaluate(changed)).loss.data as Float32Array)[0];
      };
      const numeric = ((await shifted(step)) - (await shifted(-step))) / (2 * step);
      const exact = (analytic[`g${i}`].data as Float32Array)[j];
      expect(Math.abs(exact - numeric)).toBeLessThan(2e-3 * (1 + Math.abs(numeric)));
    }
}

describe('stopGradient', () => {
  it('gives the same numbers, but counts as a constant', async () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const loss = sum(mul(stopGradient(mul(x, 3)), x));
    graph.output('loss', loss);
    graph.output('gradient', backward(loss, [x])[0]);
    const outputs = await runGraph(graph, { x: { dims: [2], data: Float32Array.of(1, 2) } });
    expect(outputs.loss.data).toEqual(Float32Array.of(15));
    expect(outputs.gradient.data).toEqual(Float32Array.of(3, 6));
  });
});

describe('gradient rules', () => {
  it('has a case for every differentiable op', () => {
    expect(Object.keys(CASES).sort()).toEqual(differentiableOps());
  });

  for (const [op, cases] of Object.entries(CASES))
    for (const [i, example] of [cases].flat().entries())
      it(`${op} ${i + 1} agrees with finite differences`, () => checkGradients(example));
});
