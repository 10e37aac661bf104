import { sampleFlow, shiftTime } from '../../../core/flow/flow-sampler.js';

const noise = Float32Array.of(1.5, -0.2, 0.7);
const data = 0.3;

/** Straight to the data: v = (data - x) / (1 - t). */
const straight = (x: Float32Array, t: number) => x.map((value) => (data - value) / (1 - t));

/** For data of variance s^2 around 0 the flow ends at s times the noise. */
const gaussian = (std: number) => (x: Float32Array, t: number) =>
  x.map((value) => (value * (t * std * std - (1 - t))) / ((1 - t) ** 2 + t * t * std * std));

describe('sampling a flow', () => {
  it.each([
    ['euler', 1],
    ['euler', 7],
    ['midpoint', 4],
  ] as const)('is exact on straight paths: %s, %p evaluations', async (solver, steps) => {
    const made = await sampleFlow({ predict: straight, noise }, { solver, steps });
    for (const value of made) expect(value).toBeCloseTo(data, 5);
  });

  it.each([
    ['euler', 1.7],
    ['heun', 3.4],
    ['midpoint', 3.4],
  ] as const)('converges to the known end: %s', async (solver, least) => {
    const error = async (steps: number, shift: number) => {
      const made = await sampleFlow({ predict: gaussian(0.5), noise }, { solver, steps, shift });
      return Math.max(...made.map((value, i) => Math.abs(value - 0.5 * noise[i])));
    };
    for (const shift of [1, 3]) {
      expect((await error(32, shift)) / (await error(64, shift))).toBeGreaterThan(least);
      expect(await error(64, shift)).toBeLessThan(0.05);
    }
  });

  it('shifts time towards the noise and keeps its ends', () => {
    expect(shiftTime(0.5, 3)).toBeCloseTo(0.25, 12);
    expect([shiftTime(0, 3), shiftTime(1, 3), shiftTime(0.37, 1)]).toEqual([0, 1, expect.closeTo(0.37, 12)]);
  });

  it('speaks to networks that count from the data, in thousandths', async () => {
    const times: number[] = [];
    const turned = (x: Float32Array, time: number) => {
      times.push(time);
      return gaussian(0.5)(x, 1 - time / 1000).map((value) => -value);
    };
    const options = { solver: 'heun', steps: 6, shift: 2 } as const;
    const made = await sampleFlow({ predict: turned, noise }, { ...options, dataAt: 0, timeScale: 1000 });
    const wanted = await sampleFlow({ predict: gaussian(0.5), noise }, options);
    for (const [i, value] of made.entries()) expect(value).toBeCloseTo(wanted[i], 5);
    expect(times[0]).toBe(1000);
    expect(times).toHaveLength(6);
    expect(times.at(-1)).toBeCloseTo(0, 9);
  });

  it('leaves the noise it was given alone', async () => {
    const given = Float32Array.from(noise);
    await sampleFlow({ predict: straight, noise: given }, { solver: 'rk4', steps: 4 });
    expect(given).toEqual(noise);
  });
});
