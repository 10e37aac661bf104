import fc from 'fast-check';
import { planSteps, solveAdaptive, solveFixed, TABLEAUX, type Velocity } from '../../../core/flow/solvers.js';
import type { FixedSolver } from '../../../core/flow/tableaux.js';

const FIXED: FixedSolver[] = ['euler', 'midpoint', 'heun', 'rk4'];

/** A turning point whose rate depends on time: x(1) is x0 turned by 2 + 1.5 = 3.5 radians. */
const turning: Velocity = (x, t) => Float32Array.of(-(2 + 3 * t) * x[1], (2 + 3 * t) * x[0]);
const TURNED = [Math.cos(3.5), Math.sin(3.5)];
const start = Float32Array.of(1, 0);

function distance(x: Float32Array): number {
  return Math.hypot(x[0] - TURNED[0], x[1] - TURNED[1]);
}

function counted(velocity: Velocity): { velocity: Velocity; calls: number[] } {
  const calls: number[] = [];
  return {
    calls,
    velocity: (x, t) => {
      calls.push(t);
      return velocity(x, t);
    },
  };
}

describe('tableaux', () => {
  it.each(Object.entries(TABLEAUX))('%s meets the order conditions up to order 4', (_, tableau) => {
    const { a, b, c, order } = tableau;
    const sum = (f: (i: number) => number) => b.reduce((total, weight, i) => total + weight * f(i), 0);
    const inner = (i: number, f: (j: number) => number) => a[i].reduce((total, w, j) => total + w * f(j), 0);
    for (let i = 0; i < c.length; i++) {
      expect(a[i]).toHaveLength(i);
      expect(inner(i, () => 1)).toBeCloseTo(c[i], 13);
    }
    expect(sum(() => 1)).toBeCloseTo(1, 13);
    if (order >= 2) expect(sum((i) => c[i])).toBeCloseTo(1 / 2, 13);
    if (order >= 3) {
      expect(sum((i) => c[i] ** 2)).toBeCloseTo(1 / 3, 13);
      expect(sum((i) => inner(i, (j) => c[j]))).toBeCloseTo(1 / 6, 13);
    }
    if (order >= 4) {
      expect(sum((i) => c[i] ** 3)).toBeCloseTo(1 / 4, 13);
      expect(sum((i) => c[i] * inner(i, (j) => c[j]))).toBeCloseTo(1 / 8, 13);
      expect(sum((i) => inner(i, (j) => c[j] ** 2))).toBeCloseTo(1 / 12, 13);
      expect(sum((i) => inner(i, (j) => inner(j, (l) => c[l])))).toBeCloseTo(1 / 24, 13);
    }
  });
});

describe('planSteps', () => {
  it('gives Euler N whole steps, not N - 1', () => {
    expect(planSteps('euler', 4).map(({ t, dt }) => [t, dt])).toEqual([
      [0, 0.25],
      [0.25, 0.25],
      [0.5, 0.25],
      [0.75, 0.25],
    ]);
    expect(planSteps('euler', 1)).toEqual([{ t: 0, dt: 1, solver: 'euler' }]);
  });

  it('halves and quarters the steps of the costlier methods', () => {
    for (const solver of ['midpoint', 'heun'] as const) expect(planSteps(solver, 8)).toHaveLength(4);
    expect(planSteps('rk4', 8)).toHaveLength(2);
  });

  it('walks what is left over with cheaper methods', () => {
    expect(planSteps('heun', 3).map(({ solver, dt }) => [solver, dt])).toEqual([
      ['heun', 2 / 3],
      ['euler', 1 / 3],
    ]);
    expect(planSteps('rk4', 7).map(({ solver }) => solver)).toEqual(['rk4', 'midpoint', 'euler']);
    expect(planSteps('rk4', 2).map(({ solver }) => solver)).toEqual(['midpoint']);
  });

  it('covers 0..1 without gaps and costs exactly N', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FIXED), fc.integer({ min: 1, max: 60 }), (solver, evaluations) => {
        const plan = planSteps(solver, evaluations);
        let at = 0;
        for (const { t, dt } of plan) {
          expect(t).toBeCloseTo(at, 12);
          at = t + dt;
        }
        expect(at).toBeCloseTo(1, 12);
        expect(plan.reduce((cost, step) => cost + TABLEAUX[step.solver].c.length, 0)).toBe(evaluations);
      }),
    );
  });

  it('refuses anything but whole numbers from 1', () => {
    for (const evaluations of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => planSteps('euler', evaluations)).toThrow(
        expect.objectContaining({ code: 'option-invalid' }),
      );
    }
  });
});

describe('solveFixed', () => {
  it.each([
    ['euler', 256, 1],
    ['midpoint', 64, 2],
    ['heun', 64, 2],
    ['rk4', 32, 4],
  ] as const)('%s converges with its order', async (solver, evaluations, order) => {
    const coarse = distance((await solveFixed(turning, start, { solver, evaluations })).x);
    const fine = distance((await solveFixed(turning, start, { solver, evaluations: evaluations * 2 })).x);
    const measured = Math.log2(coarse / fine);
    expect(measured).toBeGreaterThan(order - 0.25);
    expect(measured).toBeLessThan(order + 0.6);
  });

  it.each(FIXED)('%s is exact on a straight path, with any number of evaluations', async (solver) => {
    const x0 = Float32Array.of(0.25, -3, 8);
    const ut = Float32Array.of(1.5, 0.25, -16);
    for (const evaluations of [1, 2, 3, 4, 8]) {
      const { x } = await solveFixed(() => ut, x0, { solver, evaluations });
      for (let i = 0; i < x.length; i++) expect(x[i]).toBeCloseTo(x0[i] + ut[i], 5);
    }
    const { x } = await solveFixed(() => ut, x0, { solver, evaluations: 4 });
    expect([...x]).toEqual([1.75, -2.75, -8]);
  });

  it.each(FIXED)('%s calls the velocity exactly N times, inside 0..1', async (solver) => {
    for (const evaluations of [1, 2, 3, 5, 8]) {
      const { velocity, calls } = counted(turning);
      const solution = await solveFixed(velocity, start, { solver, evaluations });
      expect(calls).toHaveLength(evaluations);
      expect(solution.evaluations).toBe(evaluations);
      expect(Math.min(...calls)).toBe(0);
      expect(Math.max(...calls)).toBeLessThanOrEqual(1 + 1e-12);
    }
  });

  it('awaits velocities that are promises and leaves x0 alone', async () => {
    const x0 = Float32Array.of(1, 0);
    const later = await solveFixed(async (x, t) => turning(x, t), x0, { solver: 'heun', evaluations: 10 });
    const now = await solveFixed(turning, x0, { solver: 'heun', evaluations: 10 });
    expect(later.x).toEqual(now.x);
    expect([...x0]).toEqual([1, 0]);
  });
});

describe('solveAdaptive', () => {
  it('comes closer with a tighter tolerance, at a higher price', async () => {
    const loose = await solveAdaptive(turning, start, { rtol: 1e-2, atol: 1e-2 });
    const tight = await solveAdaptive(turning, start, { rtol: 1e-5, atol: 1e-5 });
    expect(distance(loose.x)).toBeLessThan(0.05);
    expect(distance(tight.x)).toBeLessThan(1e-4);
    expect(tight.evaluations).toBeGreaterThan(loose.evaluations);
  });

  it('converges with order 5 when its steps are held equal', async () => {
    const { e: _, ...tableau } = TABLEAUX.dopri5;
    const errorWith = (n: number) => {
      let [x, y] = [1, 0];
      for (let step = 0; step < n; step++) {
        const k: [number, number][] = [];
        tableau.c.forEach((c, i) => {
          const at = [0, 1].map((d) =>
            tableau.a[i].reduce((sum, w, j) => sum + (w * k[j][d]) / n, d ? y : x),
          );
          const rate = 2 + (3 * (step + c)) / n;
          k.push([-rate * at[1], rate * at[0]]);
        });
        tableau.b.forEach((w, i) => {
          x += (w * k[i][0]) / n;
          y += (w * k[i][1]) / n;
        });
      }
      return Math.hypot(x - TURNED[0], y - TURNED[1]);
    };
    const measured = Math.log2(errorWith(16) / errorWith(32));
    expect(measured).toBeGreaterThan(4.75);
    expect(measured).toBeLessThan(5.6);
  });

  it('counts what it calls: one first stage, then six per tried step', async () => {
    const { velocity, calls } = counted(turning);
    const { evaluations, steps } = await solveAdaptive(velocity, start, { rtol: 1e-4, atol: 1e-4 });
    expect(evaluations).toBe(calls.length);
    expect((evaluations - 1) % 6).toBe(0);
    expect((evaluations - 1) / 6).toBeGreaterThanOrEqual(steps);
  });

  it('rejects a first step that is too bold and still arrives', async () => {
    const fast: Velocity = (x) => Float32Array.of(-20 * x[1], 20 * x[0]);
    const { x, evaluations, steps } = await solveAdaptive(fast, start, {
      rtol: 1e-5,
      atol: 1e-5,
      firstStep: 1,
    });
    expect((evaluations - 1) / 6).toBeGreaterThan(steps);
    expect(Math.hypot(x[0] - Math.cos(20), x[1] - Math.sin(20))).toBeLessThan(1e-3);
  });

  it('needs two steps on a straight path and ends on it', async () => {
    const { x, evaluations, steps } = await solveAdaptive(
      () => Float32Array.of(2, -4),
      Float32Array.of(1, 1),
    );
    expect([...x]).toEqual([3, -3]);
    expect([steps, evaluations]).toEqual([2, 13]);
  });

  it('stops at the bound on evaluations', async () => {
    const { velocity, calls } = counted(turning);
    await expect(
      solveAdaptive(velocity, start, { rtol: 1e-6, atol: 1e-6, maxEvaluations: 20 }),
    ).rejects.toMatchObject({ code: 'option-invalid', message: expect.stringContaining('20') });
    expect(calls.length).toBeLessThanOrEqual(20);
  });

  it('reports a velocity that is not a number', async () => {
    await expect(solveAdaptive(() => Float32Array.of(Number.NaN), Float32Array.of(0))).rejects.toMatchObject({
      code: 'bad-picture',
    });
  });

  it('refuses tolerances of zero', async () => {
    await expect(solveAdaptive(turning, start, { atol: 0 })).rejects.toMatchObject({
      code: 'option-invalid',
    });
  });
});
