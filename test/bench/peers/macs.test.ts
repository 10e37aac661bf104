import {
  type LayersModel,
  layersModelMacs,
  layersModelParameters,
  packCost,
} from '../../../bench/peers/macs.js';
import type { Pack } from '../../../core/pack/schema.js';

const layer = (class_name: string, name: string, from: string | undefined, config = {}) => ({
  class_name,
  name,
  config,
  inbound_nodes: from === undefined ? [] : [[[from, 0, 0, {}] as const]],
});

/** Two convolutions at low resolution, one at twice the size, as the peers have them. */
const model = (enlarger: ReturnType<typeof layer>): LayersModel => ({
  modelTopology: {
    model_config: {
      config: {
        layers: [
          layer('InputLayer', 'in', undefined),
          layer('Conv2D', 'a', 'in'),
          layer('Activation', 'relu', 'a'),
          layer('Conv2D', 'b', 'relu'),
          enlarger,
          layer('Conv2D', 'c', enlarger.name),
        ],
      },
    },
  },
  weightsManifest: [
    {
      weights: [
        { name: 'a/kernel', shape: [3, 3, 3, 8] },
        { name: 'a/bias', shape: [8] },
        { name: 'b/kernel', shape: [1, 1, 8, 12] },
        { name: 'c/kernel', shape: [3, 3, 3, 3] },
      ],
    },
  ],
});

describe('layersModelMacs', () => {
  it('counts a layer by the pixels it works on', () => {
    const wanted = (216 + 96) / 4 + 81;
    expect(layersModelMacs(model(layer('UpSampling2D', 'up', 'b', { size: [2, 2] })), 2)).toBe(wanted);
    expect(layersModelMacs(model(layer('PixelShuffle2x', 'up', 'b', { scale: 2 })), 2)).toBe(wanted);
  });

  it('counts every trained value once', () => {
    expect(layersModelParameters(model(layer('Activation', 'none', 'b')))).toBe(216 + 8 + 96 + 81);
  });
});

describe('packCost', () => {
  const pack = (factors: number[]) =>
    ({
      components: [
        ...factors.map((factor) => ({
          role: 'upsampler',
          factor,
          macsPerOutputPixel: 1000 * factor,
          parameters: factor,
        })),
        { role: 'encoder', macsPerOutputPixel: 10, parameters: 100 },
        { role: 'spread', macsPerOutputPixel: 1, parameters: 100 },
        { role: 'velocity', macsPerOutputPixel: 100, parameters: 100 },
        { role: 'decoder', macsPerOutputPixel: 5, parameters: 100 },
      ],
      path: { evaluations: 2 },
    }) as unknown as Pack;

  it('leaves the flow out of faithful enlargement, and stages that are not used', () => {
    expect(packCost(pack([2, 4]), 2, 0)).toEqual({ macsPerPixel: 2000, parameters: 2 });
    expect(packCost(pack([2, 4]), 4, 0)).toEqual({ macsPerPixel: 4000, parameters: 4 });
    expect(packCost(pack([2, 4]), 2, 0.5)).toEqual({ macsPerPixel: 2000 + 216, parameters: 402 });
    expect(packCost(pack([2, 4]), 8, 0).parameters).toBe(6);
  });

  it('weighs the stages of a cascade by the pixels they make', () => {
    expect(packCost(pack([2]), 4, 0).macsPerPixel).toBe(2000 + 2000 / 4);
  });
});
