/**
 * Samples a flow from noise (t = 0) to a latent (t = 1) along `x_t = (1 - t) noise + t data`, with the schedules
 * and conventions of models trained elsewhere: many count time from the data, and shift it towards the noise for
 * large pictures (Esser et al. 2024, arXiv 2403.03206).
 */

import { type FixedSolver, planSteps, solvePlan } from './solvers.js';

export interface FlowOptions {
  readonly solver: FixedSolver;
  /** Evaluations of the network. */
  readonly steps: number;
  /** How much longer the walk stays near the noise; 1 (default) is even. */
  readonly shift?: number;
  /** The network's time of the data: 1 (default), or 0, which also turns its velocity around. */
  readonly dataAt?: 0 | 1;
  /** The network's time is this many times ours; default 1. */
  readonly timeScale?: number;
}

/** Time as shifted: `t` in 0..1 to 0..1, ends kept. With the noise's share s = 1 - t: shift s / (1 + (shift - 1) s). */
export function shiftTime(t: number, shift: number): number {
  const noise = 1 - t;
  return 1 - (shift * noise) / (1 + (shift - 1) * noise);
}

/** From noise to a latent; `predict` is the network's velocity for x at its own time. */
export async function sampleFlow(
  denoising: {
    readonly predict: (x: Float32Array, time: number) => Promise<Float32Array> | Float32Array;
    readonly noise: Float32Array;
  },
  { solver, steps, shift = 1, dataAt = 1, timeScale = 1 }: FlowOptions,
): Promise<Float32Array> {
  const plan = planSteps(solver, steps).map((step) => {
    const t = shiftTime(step.t, shift);
    return { ...step, t, dt: shiftTime(step.t + step.dt, shift) - t };
  });
  const velocity = async (x: Float32Array, t: number) => {
    if (dataAt === 1) return denoising.predict(x, t * timeScale);
    return (await denoising.predict(x, (1 - t) * timeScale)).map((value) => -value);
  };
  return solvePlan(velocity, denoising.noise, plan);
}
