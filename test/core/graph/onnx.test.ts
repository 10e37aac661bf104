import {
  add,
  conv2d,
  decodeModel,
  encodeModel,
  Graph,
  Inlined,
  leakyRelu,
  mul,
  pad,
  readModelPorts,
  spaceToDepth,
  symbol,
  type Value,
} from '../../../core/graph/index.js';
import { numbers, runGraph } from './harness.js';

/** A component with every kind of attribute, a dynamic size and constants of several types. */
function component(): Graph {
  const graph = new Graph('sample');
  const x = graph.input('x', [1, 2, symbol('h'), symbol('w')]);
  const weight = graph.initializer([2, 8, 3, 3], numbers(144, 7));
  const half = pad(x, [0, 0, 1, 1], [0, 0, 1, 1], 'edge');
  graph.output('y', leakyRelu(conv2d(spaceToDepth(half, 2), weight), 0.2));
  graph.output('x2', mul(x, 2));
  return graph;
}

const input = { dims: [1, 2, 4, 6], data: numbers(48, 3) };

describe('ONNX files', () => {
  it('come back as graphs that compute the same', async () => {
    const graph = component();
    const again = decodeModel(Buffer.from(encodeModel(graph)));
    expect(again.outputs.map(({ name, value }) => [name, value.shape])).toEqual(
      graph.outputs.map(({ name, value }) => [name, value.shape]),
    );
    const [first, second] = [await runGraph(graph, { x: input }), await runGraph(again, { x: input })];
    expect(second.y.data).toEqual(first.y.data);
    expect(second.y.dims).toEqual([1, 2, 3, 4]);
    expect(second.x2.data).toEqual(first.x2.data);
  });

  it('keep symbolic sizes', () => {
    const [{ value }] = decodeModel(encodeModel(component())).outputs;
    expect(value.shape[2]).toEqual({ symbol: 'h', mul: 0.5, add: 1 });
  });

  it('are refused when they are none, or use unknown operators', () => {
    expect(() => decodeModel(Uint8Array.of(1, 2, 3))).toThrow(/not an ONNX model/);
    const graph = new Graph();
    const x = graph.input('x', [1]);
    graph.output('y', graph.add('Einsum', [x], [{ dtype: 'float32', shape: [1] }])[0]);
    expect(() => decodeModel(encodeModel(graph))).toThrow(/Einsum is not supported/);
  });
});

describe('ports of an ONNX file', () => {
  it('are read without knowing its operators, initializers left out', () => {
    const graph = new Graph();
    const ids = graph.input('input_ids', [symbol('batch'), 77], 'int32');
    const half = graph.input('half', [1], 'float16');
    const table = graph.initializer([2], Float32Array.of(1, 2), 'table');
    const spec = { dtype: 'float32', shape: [symbol('batch'), 4] } as const;
    graph.output('state', graph.add('Einsum', [ids, half, table], [spec])[0]);
    expect(readModelPorts(encodeModel(graph))).toEqual({
      inputs: [
        { name: 'input_ids', dtype: 'int32', shape: [symbol('batch'), 77] },
        { name: 'half', dtype: 'float16', shape: [1] },
      ],
      outputs: [{ name: 'state', ...spec }],
    });
  });

  it('cannot be read from what is no ONNX file', () => {
    for (const bytes of [Uint8Array.of(1, 2, 3), new TextEncoder().encode('<html>'), new Uint8Array()])
      expect(() => readModelPorts(bytes)).toThrow(expect.objectContaining({ code: 'graph-invalid' }));
  });
});

describe('composition', () => {
  it('joins components into one graph and shares their constants', async () => {
    const inner = component();
    const graph = new Graph();
    const x = graph.input('x', [1, 2, 4, 6]);
    const inlined = new Inlined(inner, graph);
    const first = inlined.call({ x });
    const constants = graph.initializers.size;
    const second = inlined.call({ x: first.x2 as Value });
    expect(graph.initializers.size).toBe(constants);
    graph.output('sum', add(first.y, second.y));
    const { y } = await runGraph(inner, { x: input });
    const { y: doubled } = await runGraph(inner, { x: { ...input, data: input.data.map((v) => 2 * v) } });
    const { sum } = await runGraph(graph, { x: input });
    (sum.data as Float32Array).forEach((value, i) => {
      expect(value).toBeCloseTo((y.data as Float32Array)[i] + (doubled.data as Float32Array)[i], 5);
    });
  });

  it('refuses missing inputs and shapes that do not fit', () => {
    const graph = new Graph();
    const inlined = new Inlined(component(), graph);
    expect(() => inlined.call({})).toThrow(/needs the input "x"/);
    expect(() => inlined.call({ x: graph.input('x', [1, 3, 4, 4]) })).toThrow(/"x" of "sample"/);
  });
});
