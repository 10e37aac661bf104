import { noiseLevel } from '../../../core/flow/noise.js';
import { Graph, type ParameterSource } from '../../../core/graph/index.js';
import { backProject } from '../../../core/nets/back-projection.js';
import {
  buildComponent,
  componentLayout,
  decoderComponent,
  encoderComponent,
  spreadComponent,
  upsamplerComponent,
  velocityComponent,
} from '../../../core/nets/components.js';
import { bicubicUp } from '../../../core/nets/layers.js';
import { bicubicDown } from '../../../core/nets/reduction.js';
import { localNoise, precondition } from '../../../core/nets/velocity.js';
import type { Planes } from '../../../core/raster/raster.js';
import { resizePlanes } from '../../../core/raster/resample.js';
import { initialParameters } from '../../../core/train/state.js';
import { numbers, runGraph } from '../graph/harness.js';
import { expectClose, floats } from './compare.js';
import { TINY_AUTOENCODER, TINY_VELOCITY } from './tiny.js';

function random(build: (source: ParameterSource) => void): Graph {
  return buildComponent('test', build, initialParameters(componentLayout(build), 5));
}

const picture = (seed: number, width: number, height: number): Planes => ({
  width,
  height,
  channels: 3,
  data: numbers(3 * width * height, seed, 0, 1),
});
const tensor = ({ width, height, channels, data }: Planes) => ({ dims: [1, channels, height, width], data });
function interior({ width, height, channels, data }: Planes, border: number): number[] {
  const kept: number[] = [];
  for (let c = 0; c < channels; c++)
    for (let y = border; y < height - border; y++)
      for (let x = border; x < width - border; x++) kept.push(data[(c * height + y) * width + x]);
  return kept;
}

describe('fixed resampling', () => {
  for (const factor of [2, 4] as const)
    it(`equals the raster resampler, x${factor}`, async () => {
      const small = picture(1, 12, 8);
      const graph = new Graph();
      const lr = graph.input('lr', [1, 3, 8, 12]);
      const up = bicubicUp(lr, factor);
      graph.output('up', up);
      graph.output('down', bicubicDown(up, factor));
      const outputs = await runGraph(graph, { lr: tensor(small) });
      const wide = resizePlanes(small, 12 * factor, 8 * factor);
      const reduced = resizePlanes(wide, 12, 8);
      const large = { width: 12 * factor, height: 8 * factor, channels: 3, data: floats(outputs.up) };
      expectClose(interior(large, 2 * factor), interior(wide, 2 * factor), 1e-5);
      expectClose(interior({ ...small, data: floats(outputs.down) }, 3), interior(reduced, 3), 1e-5);
    });

  it('brings a picture close to its low-resolution input, and leaves it alone at strength 0', async () => {
    const truth = picture(2, 32, 32);
    const lr = resizePlanes(truth, 16, 16);
    const sr = picture(3, 32, 32);
    const graph = new Graph();
    const [srIn, lrIn] = [graph.input('sr', [1, 3, 32, 32]), graph.input('lr', [1, 3, 16, 16])];
    // Reduced exactly, the guess says that the input was made by a bicubic filter.
    const guess = graph.input('guess', [1, 3, 32, 32]);
    const strength = graph.input('strength', [1]);
    const fixed = backProject(srIn, lrIn, { factor: 2, iterations: 8, strength, guess });
    graph.output('fixed', fixed);
    graph.output('reduced', bicubicDown(fixed, 2));
    const run = (strength: number) =>
      runGraph(graph, {
        sr: tensor(sr),
        lr: tensor(lr),
        strength: { dims: [1], data: [strength] },
        guess: tensor(truth),
      });
    expectClose(floats((await run(1)).reduced), lr.data, 0.03);
    expect(floats((await run(0)).fixed)).toEqual(sr.data);
  });
});

describe('the up-sampler', () => {
  it('starts near bicubic interpolation and keeps any size', async () => {
    const graph = random(upsamplerComponent({ factor: 2, channels: 8, blocks: 1 }));
    const lr = picture(4, 7, 5);
    const { up } = await runGraph(graph, { lr: tensor(lr), damage: { dims: [1], data: [0.5] } });
    expect(up.dims).toEqual([1, 3, 10, 14]);
    expect(floats(up).every(Number.isFinite)).toBe(true);
  });
});

describe('the decoder', () => {
  const decode = async (change: number) => {
    const z0 = numbers(4 * 6, 5);
    const direction = numbers(4 * 6, 6);
    const up = picture(7, 24, 16);
    const { picture: sr } = await runGraph(random(decoderComponent(TINY_AUTOENCODER)), {
      z0: { dims: [1, 4, 2, 3], data: z0 },
      z1: { dims: [1, 4, 2, 3], data: z0.map((z, i) => z + change * direction[i]) },
      up: tensor(up),
    });
    return floats(sr).map((value, i) => value - up.data[i]);
  };

  it('gives exactly the up-sampled picture when the latent does not change', async () => {
    expect((await decode(0)).every((value) => value === 0)).toBe(true);
  });

  it('is homogeneous: half the change gives half the correction', async () => {
    const [half, full] = [await decode(0.5), await decode(1)];
    expect(full.some((value) => Math.abs(value) > 1e-3)).toBe(true);
    expectClose(
      half.map((value) => 2 * value),
      full,
      1e-5,
    );
  });
});

describe('networks without global statistics', () => {
  it('give the same in a window, away from its border, as in the whole picture', async () => {
    const size = 128;
    const whole = picture(8, size, size);
    const cut = 96;
    const window: Planes = { width: cut, height: cut, channels: 3, data: new Float32Array(3 * cut * cut) };
    for (let c = 0; c < 3; c++)
      for (let y = 0; y < cut; y++)
        window.data.set(
          whole.data.subarray((c * size + y) * size, (c * size + y) * size + cut),
          (c * cut + y) * cut,
        );
    const graph = random(encoderComponent(TINY_AUTOENCODER));
    const [full, part] = [
      floats((await runGraph(graph, { picture: tensor(whole) })).latent),
      floats((await runGraph(graph, { picture: tensor(window) })).latent),
    ];
    for (let c = 0; c < 4; c++)
      for (let y = 0; y < 8; y++)
        for (let x = 0; x < 8; x++)
          expect(part[(c * 12 + y) * 12 + x]).toBeCloseTo(full[(c * 16 + y) * 16 + x], 4);
  });
});

describe('the velocity network', () => {
  const config = TINY_VELOCITY;
  const shape = [1, 4, 3, 2];

  /** The closed form around the network, for a pair of latents and a place on their path. */
  async function closedForm(t: number, noiseStep: number, spread = config.changeStd) {
    const graph = new Graph();
    const [xt, z0] = [graph.input('xt', shape), graph.input('z0', shape)];
    const point = {
      t: graph.input('t', [1]),
      sigma: graph.input('sigma', [1]),
      spread: graph.input('spread', shape),
    };
    const { base, scale, input } = precondition(xt, z0, point, config.changeStd);
    graph.output('base', base);
    graph.output('scale', scale);
    graph.output('input', input);
    const { sigma } = noiseLevel(noiseStep);
    const here = sigma * Math.min(1, spread / config.changeStd);
    const [z, noise] = [numbers(24, 1), numbers(24, 3)];
    const delta = numbers(24, 2, -0.5, 0.5).map((v) => (v * spread) / config.changeStd);
    const x0 = z.map((v, i) => Math.sqrt(1 - here * here) * v + here * noise[i]);
    const target = z.map((v, i) => v + delta[i] - x0[i]);
    const outputs = await runGraph(graph, {
      xt: { dims: shape, data: x0.map((v, i) => v + t * target[i]) },
      z0: { dims: shape, data: z },
      t: { dims: [1], data: [t] },
      sigma: { dims: [1], data: [sigma] },
      spread: { dims: shape, data: new Float32Array(24).fill(spread) },
    });
    return {
      target,
      base: floats(outputs.base),
      scale: floats(outputs.scale)[0],
      input: floats(outputs.input),
    };
  }

  it('knows the answer without noise once t > 0, where x_t tells it', async () => {
    const { base, target, scale } = await closedForm(0.5, 0);
    expectClose(base, target, 0.01);
    expect(scale).toBeLessThan(0.05);
  });

  it('must predict the whole change at t = 0 without noise', async () => {
    const { base, scale } = await closedForm(0, 0);
    expectClose(base, new Float32Array(24), 1e-5);
    expect(scale).toBeCloseTo(config.changeStd, 5);
  });

  it('takes away the noise it starts from', async () => {
    const { base, target, scale } = await closedForm(0, 300);
    // What is left is the change of the latent, which x_0 says nothing about.
    expectClose(base, target, config.changeStd + 0.01);
    expect(scale).toBeCloseTo(config.changeStd, 2);
  });

  it('leaves next to nothing to do, and so nothing to do wrong, where little is missing', async () => {
    const { base, target, scale } = await closedForm(0, 300, 0.01);
    expectClose(base, target, 0.02);
    expect(scale).toBeLessThan(0.011);
  });

  it('lowers the noise where little is missing, and keeps its variance', async () => {
    const graph = new Graph();
    const sigma = graph.input('sigma', [1]);
    const level = localNoise(sigma, graph.input('spread', [3]), 0.5);
    graph.output('signalHere', level.signal);
    graph.output('sigmaHere', level.sigma);
    const outputs = await runGraph(graph, {
      sigma: { dims: [1], data: [0.6] },
      spread: { dims: [3], data: [0.05, 0.5, 2] },
    });
    expectClose(floats(outputs.sigmaHere), [0.06, 0.6, 0.6], 1e-6);
    expectClose(floats(outputs.signalHere), [Math.sqrt(1 - 0.0036), 0.8, 0.8], 1e-6);
  });

  it('knows the spread from the clean latent alone, as positive numbers', async () => {
    const outputs = await runGraph(random(spreadComponent(config)), {
      z0: { dims: shape, data: numbers(24, 2) },
    });
    expect(outputs.spread.dims).toEqual(shape);
    expect(floats(outputs.spread).every((s) => s > 0 && s <= 4 * config.changeStd)).toBe(true);
  });

  it('runs at any size', async () => {
    const outputs = await runGraph(random(velocityComponent(config)), {
      xt: { dims: shape, data: numbers(24, 1) },
      z0: { dims: shape, data: numbers(24, 2) },
      t: { dims: [1], data: [0.3] },
      spread: { dims: shape, data: numbers(24, 4, 0.1, 0.6) },
      sigma: { dims: [1], data: [0.43] },
    });
    expect(outputs.v.dims).toEqual(shape);
    expect(floats(outputs.v).every(Number.isFinite)).toBe(true);
  });
});
