/** How far a job is, by work and not by layers, and how long it will still take. */

import { WRITE_COST } from '../../core/pipeline/progress.js';
import type { JobPlan, PlannedLayer } from './plan.js';

export class JobMeter {
  /** Work done of each unit. */
  private readonly made = new Map<string, number>();
  private readonly placed = new Set<PlannedLayer>();
  private readonly total: number;
  private highest = 0;
  /** Only what the engine really did counts for the estimate, not what was skipped or known already. */
  private engineWork = 0;
  private engineMs = 0;
  private estimable = false;

  constructor(
    private readonly plan: JobPlan,
    private readonly now: () => number = () => performance.now(),
  ) {
    let total = 0;
    for (const { work } of plan.units.values()) total += work;
    for (const layer of plan.layers) total += this.writeWork(layer);
    this.total = total;
  }

  /** 0..99.99, never falling. */
  get percent(): number {
    let done = 0;
    for (const work of this.made.values()) done += work;
    for (const layer of this.placed) done += this.writeWork(layer);
    if (this.total > 0) this.highest = Math.max(this.highest, Math.min(99.99, (done / this.total) * 100));
    return this.highest;
  }

  /** Null until the engine has told how fast it is. */
  get secondsLeft(): number | null {
    if (!this.estimable || this.engineWork === 0) return null;
    const left = this.total * (1 - this.percent / 100);
    return ((left / this.engineWork) * this.engineMs) / 1000;
  }

  /** 0..100 of one layer: how much of its pictures is made. */
  layerPercent({ pictures }: PlannedLayer): number {
    let [done, total] = [0, 0];
    for (const unit of new Set(pictures.map((picture) => picture.unit))) {
      done += this.made.get(unit) ?? 0;
      total += this.workOf(unit);
    }
    return total === 0 ? 0 : (done / total) * 100;
  }

  /** To be told how far the engine is with a unit; `estimable` once it has seen its first tiles. */
  follow(unit: string): (percent: number, estimable: boolean) => void {
    let last = this.now();
    return (percent, estimable) => {
      const before = this.made.get(unit) ?? 0;
      const after = Math.max(before, this.workOf(unit) * Math.min(1, percent / 100));
      const now = this.now();
      this.engineWork += after - before;
      this.engineMs += now - last;
      last = now;
      this.made.set(unit, after);
      this.estimable ||= estimable;
    };
  }

  /** The unit is made, or will not be. */
  unitEnded(unit: string): void {
    this.made.set(unit, this.workOf(unit));
  }

  /** The layer is written, or will not be. */
  layerEnded(layer: PlannedLayer): void {
    this.placed.add(layer);
  }

  private workOf(unit: string): number {
    return this.plan.units.get(unit)?.work ?? 0;
  }

  private writeWork({ pictures }: PlannedLayer): number {
    return pictures.reduce((sum, { unit }) => sum + WRITE_COST * this.workOf(unit), 0);
  }
}
