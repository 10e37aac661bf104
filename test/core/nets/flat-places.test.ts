import { Graph } from '../../../core/graph/index.js';
import { keepFlat, livelyPlaces } from '../../../core/nets/flat-places.js';
import { bicubicUp } from '../../../core/nets/layers.js';
import { numbers, runGraph } from '../graph/harness.js';

const SIDE = 24;
const PLACES = SIDE * SIDE;

/** Three equal planes of levels 0..255. */
const grey = (level: (x: number, y: number) => number) =>
  Float32Array.from({ length: 3 * PLACES }, (_, i) => level(i % SIDE, Math.floor((i % PLACES) / SIDE)) / 255);

async function run(lr: Float32Array, factor: 2 | 4) {
  const graph = new Graph('flat');
  const input = graph.input('lr', [1, 3, SIDE, SIDE]);
  const made = graph.input('made', [1, 3, SIDE * factor, SIDE * factor]);
  graph.output('lively', livelyPlaces(input, factor));
  graph.output('plain', bicubicUp(input, factor));
  graph.output('kept', keepFlat(made, input, factor));
  const noise = numbers(3 * PLACES * factor ** 2, 5, 0, 1);
  const outputs = await runGraph(graph, {
    lr: { dims: [1, 3, SIDE, SIDE], data: lr },
    made: { dims: [1, 3, SIDE * factor, SIDE * factor], data: noise },
  });
  const [lively, plain, kept] = ['lively', 'plain', 'kept'].map((name) => outputs[name].data as Float32Array);
  return { lively, plain, kept, noise };
}

describe.each([2, 4] as const)('flat places at x%i', (factor) => {
  const side = SIDE * factor;
  const at = (values: Float32Array, x: number, y: number) => values[y * side + x];

  it('keep one colour to the last digit, whatever a network says', async () => {
    const { kept, noise } = await run(
      grey(() => 77),
      factor,
    );
    expect(noise.some((value) => value > 0.9)).toBe(true);
    for (const value of kept) expect(value).toBeCloseTo(77 / 255, 5);
  });

  it('leave edges and texture to the network, borders included', async () => {
    const texture = numbers(PLACES, 9, 0, 255);
    const { lively, kept, noise } = await run(
      grey((x, y) => texture[y * SIDE + x]),
      factor,
    );
    expect(Math.min(...lively)).toBe(1);
    expect(Math.max(...kept.map((value, i) => Math.abs(value - noise[i])))).toBeLessThan(1e-5);
  });

  it('begin three pixels from an edge', async () => {
    const { lively } = await run(
      grey((x) => (x < SIDE / 2 ? 20 : 220)),
      factor,
    );
    const edge = side / 2;
    for (const reach of [-1, 0]) expect(at(lively, edge + reach, 7)).toBe(1);
    for (const x of [edge - 6 * factor, edge + 6 * factor]) expect(at(lively, x, 7)).toBe(0);
  });

  it('go over into lively ones without a step', async () => {
    const { lively } = await run(
      grey((x, y) => 128 + x * 0.4 * Math.sin(2.1 * x + 1.3 * y)),
      factor,
    );
    expect(Math.max(...lively) - Math.min(...lively)).toBeGreaterThan(0.9);
    for (let y = 0; y < side; y++)
      for (let x = 1; x < side; x++)
        expect(Math.abs(at(lively, x, y) - at(lively, x - 1, y))).toBeLessThan(0.75 / (factor / 2));
  });
});
