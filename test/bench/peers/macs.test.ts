import {
  type LayersModel,
  layersModelMacs,
  layersModelParameters,
  packMacs,
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

describe('packMacs', () => {
  const pack = (factors: number[]) =>
    ({
      components: [
        ...factors.map((factor) => ({ role: 'upsampler', factor, macsPerOutputPixel: 1000 * factor })),
        { role: 'encoder', macsPerOutputPixel: 10 },
        { role: 'velocity', macsPerOutputPixel: 100 },
        { role: 'decoder', macsPerOutputPixel: 5 },
      ],
      path: { evaluations: 2 },
    }) as unknown as Pack;

  it('leaves the flow out of faithful enlargement', () => {
    expect(packMacs(pack([2, 4]), 2, 0)).toBe(2000);
    expect(packMacs(pack([2, 4]), 4, 0)).toBe(4000);
    expect(packMacs(pack([2, 4]), 2, 0.5)).toBe(2000 + 215);
  });

  it('weighs the stages of a cascade by the pixels they make', () => {
    expect(packMacs(pack([2]), 4, 0)).toBe(2000 + 2000 / 4);
  });
});
