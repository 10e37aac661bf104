/**
 * Integrates a velocity field from t = 0 to t = 1 on plain arrays. Fixed-step methods follow
 * `planSteps`; dopri5 chooses its steps by an error estimate. The caller's x0 is never changed.
 */

import { EnlargerError } from '../errors.js';
import { type FixedSolver, type PlannedStep, planSteps, TABLEAUX, type Tableau } from './tableaux.js';

export {
  type FixedSolver,
  type PlannedStep,
  planSteps,
  type SolverName,
  TABLEAUX,
  type Tableau,
} from './tableaux.js';

/** The velocity at x and t, of x's length. It must not keep or change x, and returns an array it lets go of. */
export type Velocity = (x: Float32Array, t: number) => Promise<Float32Array> | Float32Array;

/** Where the path ended, and what it cost. */
export interface Solution {
  /** x at t = 1; a new array. */
  readonly x: Float32Array;
  /** Calls of the velocity, rejected steps included. */
  readonly evaluations: number;
  /** Accepted steps. */
  readonly steps: number;
}

/**
 * Follows the velocity with a fixed-step method and exactly `evaluations` calls (see `planSteps`).
 * Euler with one evaluation is `x0 + v(x0, 0)`.
 * @throws EnlargerError `option-invalid` unless evaluations is a whole number from 1.
 */
export async function solveFixed(
  velocity: Velocity,
  x0: Float32Array,
  options: { readonly solver: FixedSolver; readonly evaluations: number },
): Promise<Solution> {
  const plan = planSteps(options.solver, options.evaluations);
  const x = await solvePlan(velocity, x0, plan);
  return { x, evaluations: options.evaluations, steps: plan.length };
}

/** Follows the velocity along the given steps, each beginning where the last one ended; returns a new array. */
export async function solvePlan(
  velocity: Velocity,
  x0: Float32Array,
  plan: readonly PlannedStep[],
): Promise<Float32Array> {
  let x = Float32Array.from(x0);
  for (const { t, dt, solver } of plan) {
    const tableau = TABLEAUX[solver];
    const k = [await velocity(x, t)];
    await evaluateStages(velocity, tableau, x, t, dt, k);
    x = advance(x, dt, tableau.b, k);
  }
  return x;
}

/** Controls of the adaptive solver. */
export interface AdaptiveOptions {
  /** Error allowed per step, relative to |x|; default 1e-3. */
  readonly rtol?: number;
  /** Error allowed per step, absolute; default 1e-4. */
  readonly atol?: number;
  /** Length of the first try, in 0..1; default 0.1. */
  readonly firstStep?: number;
  /** Upper bound on calls of the velocity; default 1000. */
  readonly maxEvaluations?: number;
}

/**
 * Follows the velocity with Dormand and Prince's 5(4) pair: root-mean-square error per step held at
 * atol + rtol |x|, step sizes by a proportional-integral controller (Hairer, Norsett and Wanner, II.4, with
 * their constants). The last stage of an accepted step is the first of the next, so n tried steps cost
 * 6 n + 1 calls.
 * @throws EnlargerError `option-invalid` when the bound on calls does not suffice or an option is out of
 *   range, `bad-picture` when the velocity stops being finite.
 */
export async function solveAdaptive(
  velocity: Velocity,
  x0: Float32Array,
  options: AdaptiveOptions = {},
): Promise<Solution> {
  const { rtol = 1e-3, atol = 1e-4, firstStep = 0.1, maxEvaluations = 1000 } = options;
  if (!(rtol >= 0 && atol > 0 && firstStep > 0)) {
    throw new EnlargerError(
      'option-invalid',
      'The adaptive solver needs tolerances and a first step above zero.',
    );
  }
  const tableau = TABLEAUX.dopri5;
  let x = Float32Array.from(x0);
  let first = await velocity(x, 0);
  let evaluations = 1;
  let steps = 0;
  let t = 0;
  let dt = Math.min(firstStep, 1);
  let previousError = 1e-4;
  let rejected = false;
  while (t < 1) {
    if (evaluations + 6 > maxEvaluations) {
      throw new EnlargerError(
        'option-invalid',
        `The adaptive solver did not reach the end within ${maxEvaluations} evaluations.`,
        'Allow more evaluations, a larger tolerance, or choose a solver with a fixed number of steps.',
      );
    }
    // A remainder too short to matter is joined to this step, so that rounding cannot leave a sliver.
    const last = t + dt * 1.0001 >= 1;
    if (last) dt = 1 - t;
    const k = [first];
    await evaluateStages(velocity, tableau, x, t, dt, k);
    evaluations += 6;
    const next = advance(x, dt, tableau.b, k);
    const error = scaledError(x, next, dt, tableau.e!, k, rtol, atol);
    if (!Number.isFinite(error)) {
      throw new EnlargerError('bad-picture', 'The model produced values that are not numbers.');
    }
    const raw = 0.9 * Math.max(error, 1e-10) ** -0.17;
    if (error <= 1) {
      t = last ? 1 : t + dt;
      x = next;
      first = k[6];
      steps++;
      dt *= Math.min(rejected ? 1 : 10, Math.max(0.2, raw * previousError ** 0.04));
      previousError = Math.max(error, 1e-4);
      rejected = false;
    } else {
      // The integral part would let a rejected step grow again: only the proportional one shrinks it.
      dt *= Math.max(0.2, Math.min(1, 0.9 * error ** -0.2));
      rejected = true;
    }
  }
  return { x, evaluations, steps };
}

/** Appends stages 1.. to k, whose stage 0 is there already. */
async function evaluateStages(
  velocity: Velocity,
  tableau: Tableau,
  x: Float32Array,
  t: number,
  dt: number,
  k: Float32Array[],
): Promise<void> {
  for (let stage = 1; stage < tableau.c.length; stage++) {
    k.push(await velocity(advance(x, dt, tableau.a[stage], k), t + tableau.c[stage] * dt));
  }
}

/** `x + dt * sum_i weights[i] k_i`, summed in double precision and rounded once. */
function advance(
  x: Float32Array,
  dt: number,
  weights: readonly number[],
  k: readonly Float32Array[],
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(x.length);
  for (let i = 0; i < x.length; i++) {
    let sum = 0;
    for (let stage = 0; stage < weights.length; stage++) sum += weights[stage] * k[stage][i];
    result[i] = x[i] + dt * sum;
  }
  return result;
}

/** Root mean square of the estimated error over what is allowed: at most 1 is a good step. */
function scaledError(
  x: Float32Array,
  next: Float32Array,
  dt: number,
  weights: readonly number[],
  k: readonly Float32Array[],
  rtol: number,
  atol: number,
): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) {
    let error = 0;
    for (let stage = 0; stage < weights.length; stage++) error += weights[stage] * k[stage][i];
    const allowed = atol + rtol * Math.max(Math.abs(x[i]), Math.abs(next[i]));
    total += ((dt * error) / allowed) ** 2;
  }
  return Math.sqrt(total / Math.max(1, x.length));
}
