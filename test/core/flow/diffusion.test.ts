import {
  eulerPlan,
  guidanceEmbedding,
  lcmTimes,
  sampleEuler,
  sampleLcm,
} from '../../../core/flow/diffusion-samplers.js';
import {
  alphaBars,
  type BetaSchedule,
  interpolate,
  karrasSigmas,
  sigmaOf,
  stepOfSigma,
  timesteps,
} from '../../../core/flow/diffusion-schedule.js';

/** The schedule of Stable Diffusion 1 and 2. */
const SCALED: BetaSchedule = {
  kind: 'scaled-linear',
  betaStart: 0.00085,
  betaEnd: 0.012,
  trainSteps: 1000,
};
const bars = alphaBars(SCALED);

const start = Float32Array.of(0.3, -1.2, 2, 0.01);
const noise = (number: number) => start.map((value, i) => value * Math.cos(number * (i + 1)));

/** The network's ideal answer for data that is always `mean`, deviating by `std`, at a training step. */
function ideal(mean: number, std: number, prediction: 'epsilon' | 'v') {
  return (x: Float32Array, time: number) => {
    // In fractions of a step the level is that of the interpolated noise over picture.
    const ratio = interpolate(bars.map(sigmaOf), time);
    const signal = 1 / Math.sqrt(1 + ratio * ratio);
    const sigma = ratio * signal;
    return x.map((value) => {
      const gain = (signal * std * std) / (signal * signal * std * std + sigma * sigma);
      const picture = mean + gain * (value - signal * mean);
      const epsilon = (value - signal * picture) / sigma;
      return prediction === 'epsilon' ? epsilon : signal * epsilon - sigma * picture;
    });
  };
}

describe('noise schedules', () => {
  it('have the published figures of Stable Diffusion', () => {
    expect(bars[0]).toBeCloseTo(0.99915, 10);
    expect(bars[999]).toBeCloseTo(0.00466, 6);
    expect(sigmaOf(bars[999])).toBeCloseTo(14.6146, 4);
    expect(sigmaOf(bars[0])).toBeCloseTo(0.0292, 4);
  });

  it('have the published figures of Ho et al.', () => {
    const linear = alphaBars({ kind: 'linear', betaStart: 1e-4, betaEnd: 0.02, trainSteps: 1000 });
    expect(linear[0]).toBeCloseTo(0.9999, 10);
    expect(linear[999]).toBeCloseTo(4.0358e-5, 9);
  });

  it.each<BetaSchedule>([
    SCALED,
    { kind: 'cosine', trainSteps: 1000 },
    { kind: 'linear', betaStart: 1e-4, betaEnd: 0.02, trainSteps: 1000 },
  ])('fall strictly between 1 and 0: %p', (schedule) => {
    const table = alphaBars(schedule);
    expect(table).toHaveLength(1000);
    for (let i = 1; i < 1000; i++) expect(table[i]).toBeLessThan(table[i - 1]);
    expect(table[0]).toBeLessThan(1);
    expect(table[999]).toBeGreaterThan(0);
  });

  it('are visited in the order of each spacing', () => {
    expect(timesteps(1000, 4, 'leading', 1)).toEqual([751, 501, 251, 1]);
    expect(timesteps(1000, 4, 'trailing')).toEqual([999, 749, 499, 249]);
    expect(timesteps(1000, 4, 'linspace')).toEqual([999, 666, 333, 0]);
    expect(timesteps(1000, 20, 'leading', 1)[0]).toBe(951);
    for (const spacing of ['leading', 'trailing', 'linspace'] as const) {
      expect(timesteps(1000, 1, spacing).every((time) => time >= 0 && time < 1000)).toBe(true);
      expect(timesteps(1000, 1000, spacing)[0]).toBe(999);
    }
  });

  it('give back the step at which noise reaches a level', () => {
    const table = bars.map(sigmaOf);
    for (const step of [0, 1, 17, 500, 998, 999])
      expect(stepOfSigma(table[step], table)).toBeCloseTo(step, 6);
    expect(stepOfSigma(1e-6, table)).toBe(0);
    expect(stepOfSigma(1e6, table)).toBe(999);
    const between = stepOfSigma(Math.sqrt(table[41] * table[42]), table);
    expect(between).toBeCloseTo(41.5, 6);
  });

  it("are spaced evenly in the seventh root by Karras' rule", () => {
    const levels = karrasSigmas([14.6146, 3, 1, 0.5, 0.0292]);
    expect(levels[0]).toBeCloseTo(14.6146, 6);
    expect(levels[4]).toBeCloseTo(0.0292, 6);
    const roots = levels.map((sigma) => sigma ** (1 / 7));
    for (let i = 2; i < 5; i++) expect(roots[i] - roots[i - 1]).toBeCloseTo(roots[1] - roots[0], 6);
  });
});

describe('sampling with Euler', () => {
  const euler = (steps: number, prediction: 'epsilon' | 'v', more: object = {}, std = 1e-9) =>
    sampleEuler(
      { predict: ideal(0.4, std, prediction), noise },
      { schedule: SCALED, prediction, steps, offset: 1, ...more },
    );

  it.each(['epsilon', 'v'] as const)(
    'reaches data of one value in any number of steps, by %s',
    async (kind) => {
      for (const steps of [1, 3, 20]) {
        for (const value of await euler(steps, kind)) expect(value).toBeCloseTo(0.4, 4);
      }
    },
  );

  it('starts where the spacing begins', () => {
    const leading = eulerPlan({ schedule: SCALED, prediction: 'epsilon', steps: 10, offset: 1 });
    expect(leading.times[0]).toBe(901);
    expect(leading.start).toBeCloseTo(Math.hypot(leading.sigmas[0], 1), 10);
    const trailing = eulerPlan({ schedule: SCALED, prediction: 'epsilon', steps: 10, spacing: 'trailing' });
    expect(trailing.start).toBeCloseTo(14.6146, 4);
    expect(trailing.sigmas.at(-1)).toBe(0);
    expect(trailing.sigmas).toHaveLength(11);
  });

  it.each(['epsilon', 'v'] as const)('converges to the known end for Gaussian data, by %s', async (kind) => {
    // dx/dsigma = x sigma / (s^2 + sigma^2) has the solution x ~ sqrt(s^2 + sigma^2), around the mean.
    const std = 0.7;
    const errors: number[] = [];
    for (const steps of [50, 100, 200]) {
      const options = { spacing: 'trailing' as const };
      const made = await euler(steps, kind, options, std);
      const { start: spread } = eulerPlan({ schedule: SCALED, prediction: kind, steps, ...options });
      const exact = start.map((z) => 0.4 + ((z * spread - 0.4) * std) / Math.hypot(std, spread));
      errors.push(Math.max(...made.map((value, i) => Math.abs(value - exact[i]))));
    }
    expect(errors[2]).toBeLessThan(0.05);
    // Order one: half the steps, twice the error.
    expect(errors[0] / errors[1]).toBeGreaterThan(1.6);
    expect(errors[1] / errors[2]).toBeGreaterThan(1.6);
  });

  it("walks Karras' levels with the steps that stand for them", async () => {
    const plan = eulerPlan({
      schedule: SCALED,
      prediction: 'epsilon',
      steps: 8,
      karras: true,
      spacing: 'trailing',
    });
    const table = bars.map(sigmaOf);
    for (const [i, time] of plan.times.entries())
      expect(Math.log(plan.sigmas[i])).toBeCloseTo(Math.log(interpolate(table, time)), 2);
    const made = await euler(8, 'epsilon', { karras: true });
    for (const value of made) expect(value).toBeCloseTo(0.4, 3);
  });
});

describe('sampling a consistency model', () => {
  it('visits the steps of the published sampler', () => {
    const times = (steps: number) => lcmTimes({ schedule: SCALED, prediction: 'epsilon', steps });
    expect(times(4)).toEqual([999, 759, 499, 259]);
    expect(times(8)).toEqual([999, 879, 759, 639, 499, 379, 259, 139]);
    expect(times(1)).toEqual([999]);
  });

  it.each(['epsilon', 'v'] as const)('reaches data of one value at once, by %s', async (prediction) => {
    for (const steps of [1, 4]) {
      const made = await sampleLcm(
        { predict: ideal(-0.8, 1e-9, prediction), noise },
        { schedule: SCALED, prediction, steps },
      );
      for (const value of made) expect(value).toBeCloseTo(-0.8, 4);
    }
  });

  it('follows its formula, noise in between and none at the end', async () => {
    const seen: number[] = [];
    const made = await sampleLcm(
      {
        predict: (x, time) => {
          seen.push(time);
          return x.map(() => 0.5);
        },
        noise: (number) => Float32Array.of([0.9, -0.4][number]),
      },
      { schedule: SCALED, prediction: 'epsilon', steps: 2 },
    );
    const jump = (x: number, time: number) => {
      const c = (10 * time) ** 2 + 0.25;
      const picture = (x - Math.sqrt(1 - bars[time]) * 0.5) / Math.sqrt(bars[time]);
      return ((10 * time) / Math.sqrt(c)) * picture + (0.25 / c) * x;
    };
    const middle = Math.sqrt(bars[499]) * jump(0.9, 999) + Math.sqrt(1 - bars[499]) * -0.4;
    expect(seen).toEqual([999, 499]);
    expect(made[0]).toBeCloseTo(jump(middle, 499), 5);
  });

  it('takes guidance as sines and cosines', () => {
    const none = guidanceEmbedding(1, 8);
    expect([...none]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    const some = guidanceEmbedding(8.5, 256);
    expect(some[0]).toBeCloseTo(Math.sin(7500), 4);
    expect(some[128]).toBeCloseTo(Math.cos(7500), 4);
    expect(some[127]).toBeCloseTo(Math.sin(0.75), 4);
  });
});
