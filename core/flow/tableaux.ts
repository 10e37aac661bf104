/**
 * Explicit Runge-Kutta methods as data (Hairer, Norsett and Wanner, "Solving ordinary differential
 * equations I", 1993), and the plan of steps for a budget of evaluations. The array solvers and the
 * composition of whole graphs read the same tables, so both walk the same path.
 */

import { EnlargerError } from '../errors.js';

/** A Butcher tableau: `k_i = v(x + dt * sum_j a[i][j] k_j, t + c[i] dt)`, then `x += dt * sum_i b[i] k_i`. */
export interface Tableau {
  readonly order: number;
  readonly c: readonly number[];
  /** Row i has i entries: every method here is explicit. */
  readonly a: readonly (readonly number[])[];
  readonly b: readonly number[];
  /** Weights of the error estimate `dt * sum_i e[i] k_i` (embedded pairs only). */
  readonly e?: readonly number[];
}

export type FixedSolver = 'euler' | 'midpoint' | 'heun' | 'rk4';
export type SolverName = FixedSolver | 'dopri5';

/** All methods by name. `dopri5` is Dormand and Prince's 5(4) pair (1980); its last stage is the next first. */
export const TABLEAUX: Readonly<Record<SolverName, Tableau>> = {
  euler: { order: 1, c: [0], a: [[]], b: [1] },
  midpoint: { order: 2, c: [0, 1 / 2], a: [[], [1 / 2]], b: [0, 1] },
  heun: { order: 2, c: [0, 1], a: [[], [1]], b: [1 / 2, 1 / 2] },
  rk4: {
    order: 4,
    c: [0, 1 / 2, 1 / 2, 1],
    a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
    b: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
  },
  dopri5: {
    order: 5,
    c: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1],
    a: [
      [],
      [1 / 5],
      [3 / 40, 9 / 40],
      [44 / 45, -56 / 15, 32 / 9],
      [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
      [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
      [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
    ],
    b: [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0],
    e: [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40],
  },
};

/** One step of a plan: from time t to t + dt by the named method. */
export interface PlannedStep {
  readonly t: number;
  readonly dt: number;
  readonly solver: FixedSolver;
}

/**
 * The steps from t = 0 to t = 1 that use exactly `evaluations` evaluations of the velocity. Each evaluation
 * pays for 1 / evaluations of the way: N Euler steps, N / 2 midpoint or Heun steps, N / 4 RK4 steps. What a
 * whole step of the method cannot use (odd N with midpoint, say) is walked at the end by a midpoint step if
 * two or more evaluations are left and by an Euler step for the last one, so no evaluation is wasted and
 * none is added.
 * @throws EnlargerError `option-invalid` unless evaluations is a whole number from 1.
 */
export function planSteps(solver: FixedSolver, evaluations: number): PlannedStep[] {
  if (!Number.isSafeInteger(evaluations) || evaluations < 1) {
    throw new EnlargerError(
      'option-invalid',
      `The number of steps must be a whole number from 1, but it is ${evaluations}.`,
    );
  }
  const plan: PlannedStep[] = [];
  let used = 0;
  while (used < evaluations) {
    const left = evaluations - used;
    const method = TABLEAUX[solver].c.length <= left ? solver : left >= 2 ? 'midpoint' : 'euler';
    const cost = TABLEAUX[method].c.length;
    plan.push({ t: used / evaluations, dt: cost / evaluations, solver: method });
    used += cost;
  }
  return plan;
}
