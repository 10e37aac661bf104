import { Graph } from '../../../core/graph/index.js';
import { backProject } from '../../../core/nets/back-projection.js';
import { coverageDown, coverageShare, missing } from '../../../core/nets/reduction.js';
import { createPlanes, type Planes } from '../../../core/raster/raster.js';
import { type Kernel, resizePlanes } from '../../../core/raster/resample.js';
import { runGraph } from '../graph/harness.js';
import { expectClose, floats } from './compare.js';

const [SIDE, FACTOR] = [96, 4] as const;
const SMALL = SIDE / FACTOR;

/** Hard edges in all directions: rings and bars, as letters and icons have them. */
function drawing(): Planes {
  const planes = createPlanes(SIDE, SIDE, 3);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const ring = Math.hypot(x - 40, y - 44) % 22 < 9;
      const bar = x > 74 && y % 18 < 7;
      for (let c = 0; c < 3; c++)
        planes.data[(c * SIDE + y) * SIDE + x] = ring !== bar ? 0.15 : 0.8 + 0.05 * c;
    }
  return planes;
}

const tensor = ({ width, height, data }: Planes) => ({ dims: [1, 3, height, width], data });
const reduced = (planes: Planes, kernel: Kernel) => resizePlanes(planes, SMALL, SMALL, { kernel });

describe('how a picture was made small', () => {
  it('has an area reduction that equals the raster resampler', async () => {
    const graph = new Graph();
    graph.output('small', coverageDown(graph.input('large', [1, 3, SIDE, SIDE]), FACTOR));
    const { small } = await runGraph(graph, { large: tensor(drawing()) });
    expectClose(floats(small), reduced(drawing(), 'box').data, 1e-5);
  });

  it.each([
    ['a rasteriser', 'box', 0.9, 1],
    ['a bicubic filter', 'cubic', 0, 0.02],
  ] as const)('is found out for %s', async (_, kernel, least, most) => {
    const graph = new Graph();
    const large = graph.input('large', [1, 3, SIDE, SIDE]);
    const lr = graph.input('lr', [1, 3, SMALL, SMALL]);
    graph.output('share', coverageShare(missing(large, lr, FACTOR)));
    const inputs = { large: tensor(drawing()), lr: tensor(reduced(drawing(), kernel)) };
    const share = floats((await runGraph(graph, inputs)).share);
    const mean = share.reduce((sum, value) => sum + value, 0) / share.length;
    expect(mean).toBeGreaterThanOrEqual(least);
    expect(mean).toBeLessThanOrEqual(most);
  });

  it('decides what an enlarged picture is held against', async () => {
    const graph = new Graph();
    const sr = graph.input('sr', [1, 3, SIDE, SIDE]);
    const lr = graph.input('lr', [1, 3, SMALL, SMALL]);
    const strength = graph.input('strength', [1]);
    graph.output('fixed', backProject(sr, lr, { factor: FACTOR, iterations: 2, strength, guess: sr }));
    const exact = drawing();
    const run = async (kernel: Kernel) =>
      floats(
        (
          await runGraph(graph, {
            sr: tensor(exact),
            lr: tensor(reduced(exact, kernel)),
            strength: { dims: [1], data: [1] },
          })
        ).fixed,
      );
    // An exact enlargement stays what it is, whichever way its input was made.
    for (const kernel of ['box', 'cubic'] as const) expectClose(await run(kernel), exact.data, 0.01);
  });
});
