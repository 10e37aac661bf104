import fc from 'fast-check';
import { type FeatureMap, featureDistance, layerDistance } from '../../../bench/perceptual/distance.js';

const map = (channels: number, values: readonly number[]): FeatureMap => ({
  channels,
  height: 1,
  width: values.length / channels,
  data: Float32Array.from(values),
});

describe('layerDistance', () => {
  it('is nothing between equal directions, whatever their length', () => {
    const a = map(2, [1, 3, 2, 4]);
    const b = map(2, [10, 1.5, 20, 2]);
    expect(layerDistance(a, a)).toBe(0);
    expect(layerDistance(a, b)).toBeCloseTo(0);
  });

  it('is 2 between features that never fire together, 4 between opposite ones', () => {
    expect(layerDistance(map(2, [1, 0]), map(2, [0, 5]))).toBeCloseTo(2);
    expect(layerDistance(map(2, [1, 1]), map(2, [-2, -2]))).toBeCloseTo(4);
  });

  it('is the mean over places', () => {
    // Places lie side by side, channels behind each other: the first place agrees, the second does not.
    expect(layerDistance(map(2, [1, 1, 0, 0]), map(2, [1, 0, 0, 1]))).toBeCloseTo(1);
  });

  it('takes places where nothing fires', () => {
    expect(layerDistance(map(2, [0, 0]), map(2, [0, 0]))).toBe(0);
    expect(layerDistance(map(2, [0, 0]), map(2, [3, 4]))).toBeCloseTo(1);
  });

  it('is symmetric and at most 2 for features that are not negative', () => {
    const features = fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(features, features, (x, y) => {
        const [a, b] = [map(3, x), map(3, y)];
        expect(layerDistance(a, b)).toBeCloseTo(layerDistance(b, a), 6);
        expect(layerDistance(a, b)).toBeLessThanOrEqual(2 + 1e-6);
      }),
    );
  });
});

it('featureDistance gives every layer the same say', () => {
  const fine = [map(1, [1, 1, 1, 1]), map(1, [1, 1, 1, 1])] as const;
  const coarse = [map(2, [1, 0]), map(2, [0, 1])] as const;
  expect(featureDistance([fine[0], coarse[0]], [fine[1], coarse[1]])).toBeCloseTo(1);
});
