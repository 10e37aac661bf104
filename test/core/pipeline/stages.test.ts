import { latentNoise } from '../../../core/flow/noise.js';
import { encodeModel, Graph, storeFloat16 } from '../../../core/graph/index.js';
import {
  buildComponent,
  type ComponentBuilder,
  componentLayout,
  decoderComponent,
  encoderComponent,
  spreadComponent,
  upsamplerComponent,
  velocityComponent,
} from '../../../core/nets/components.js';
import { bicubicDown } from '../../../core/nets/reduction.js';
import { toHalf } from '../../../core/pack/half.js';
import type { LoadedPack } from '../../../core/pack/load.js';
import type { Pack, PackComponent } from '../../../core/pack/schema.js';
import { openStages } from '../../../core/pipeline/stages.js';
import type { Planes } from '../../../core/raster/raster.js';
import { initialParameters } from '../../../core/train/state.js';
import { numbers, runGraph, testEngine } from '../graph/harness.js';
import { TINY_AUTOENCODER, TINY_VELOCITY } from '../nets/tiny.js';

function randomComponent(role: PackComponent['role'], build: ComponentBuilder, factor?: 2 | 4) {
  const params = initialParameters(componentLayout(build), 3);
  const bytes = encodeModel(buildComponent(role, build, params, storeFloat16(toHalf)));
  return { entry: { role, factor, file: `${role}.onnx`, haloPx: 16 } as PackComponent, bytes };
}

/** A pack with random weights of the true shapes, small. */
function randomPack(withFlow: boolean): LoadedPack {
  const parts = [
    randomComponent('upsampler', upsamplerComponent({ factor: 2, channels: 8, blocks: 1 }), 2),
    ...(withFlow
      ? [
          randomComponent('encoder', encoderComponent(TINY_AUTOENCODER)),
          randomComponent('decoder', decoderComponent(TINY_AUTOENCODER)),
          randomComponent('spread', spreadComponent(TINY_VELOCITY)),
          randomComponent('velocity', velocityComponent(TINY_VELOCITY)),
        ]
      : []),
  ];
  const find = (role: string, factor?: number) =>
    parts.find(({ entry }) => entry.role === role && entry.factor === factor);
  const flow = {
    latent: { channels: 4, factor: 8, mean: [0.1, 0, 0, -0.1], std: [1, 2, 1, 0.5], changeStd: 0.5 },
    path: {
      coupling: 'psu',
      noiseSchedule: 'cosine',
      detailTable: [
        { detail: 0, noiseStep: 0 },
        { detail: 1, noiseStep: 300 },
      ],
      defaultDetail: 0.5,
      solver: 'euler',
      evaluations: 2,
    },
  };
  return {
    manifest: { name: 'random', ...(withFlow && flow) } as Pack,
    has: (role, factor) => find(role, factor) !== undefined,
    component: (role, factor) => find(role, factor)!,
  };
}

const picture: Planes = { width: 12, height: 8, channels: 3, data: numbers(288, 1, 0, 1) };
const noise = latentNoise({ seed: 1, stage: 0, channels: 4, x: 0, y: 0, width: 3, height: 2 });

describe('stages of a pack', () => {
  it('offer the factors of its up-samplers and the default detail', async () => {
    const provider = openStages(randomPack(true), await testEngine());
    expect(provider.factors).toEqual([2]);
    expect(provider.defaultDetail).toBe(0.5);
    await provider.dispose();
  });

  it('leave the flow out at detail 0, and ask for noise above', async () => {
    const provider = openStages(randomPack(true), await testEngine());
    const faithful = await provider.open(2, { detail: 0 });
    expect(faithful.noise).toBeNull();
    const detailed = await provider.open(2, { detail: 0.5 });
    expect(detailed.noise).toEqual({ channels: 4, factor: 8 });
    expect(detailed.alignPx).toBe(4);
    expect(detailed.haloPx).toBeGreaterThan(faithful.haloPx);
    const plain = await faithful.run({ lr: picture, damage: 0, noise: null });
    const rich = await detailed.run({ lr: picture, damage: 0, noise });
    expect([rich.width, rich.height]).toEqual([24, 16]);
    expect(rich.data.every(Number.isFinite)).toBe(true);
    expect(rich.data.some((value, i) => Math.abs(value - plain.data[i]) > 1e-3)).toBe(true);
    await provider.dispose();
  });

  it('give the same for the same noise, and something else for other noise or more steps', async () => {
    const provider = openStages(randomPack(true), await testEngine());
    const run = async (steps: number, drawn: Float32Array) =>
      (await (await provider.open(2, { detail: 1, steps })).run({ lr: picture, damage: 0, noise: drawn }))
        .data;
    const first = await run(2, noise);
    expect(await run(2, noise)).toEqual(first);
    expect(
      await run(
        2,
        noise.map((v) => -v),
      ),
    ).not.toEqual(first);
    expect(await run(4, noise)).not.toEqual(first);
    await provider.dispose();
  });

  it('stay true to a clean input, and do not project damage back', async () => {
    const provider = openStages(randomPack(true), await testEngine());
    const stage = await provider.open(2, { detail: 1 });
    const graph = new Graph();
    graph.output('small', bicubicDown(graph.input('large', [1, 3, 16, 24]), 2));
    const distance = async (damage: number) => {
      const sr = await stage.run({ lr: picture, damage, noise });
      const { small } = await runGraph(graph, { large: { dims: [1, 3, 16, 24], data: sr.data } });
      const errors = picture.data.map((value, i) => (value - (small.data as Float32Array)[i]) ** 2);
      return errors.reduce((sum, value) => sum + value, 0) / errors.length;
    };
    expect(await distance(0)).toBeLessThan((await distance(1)) / 2);
    await provider.dispose();
  });

  it('are the up-sampler alone in a pack without a flow, whatever the detail', async () => {
    const provider = openStages(randomPack(false), await testEngine());
    expect((await provider.open(2, { detail: 1 })).noise).toBeNull();
    await provider.dispose();
  });

  it('need an up-sampler', async () => {
    const empty = { ...randomPack(false), has: () => false };
    const engine = await testEngine();
    expect(() => openStages(empty, engine)).toThrow(/no up-sampler/);
  });
});
