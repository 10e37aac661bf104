/** How far a job is and how long it will still take. */

export interface Progress {
  /** 0..100, never falling, by work and not by tiles; 100 only when everything is written. */
  readonly percent: number;
  /** The stage that the last tile belonged to, from 1. Later stages begin before earlier ones have ended. */
  readonly stage: number;
  readonly stages: number;
  /** Tiles of all stages. */
  readonly tilesDone: number;
  readonly tiles: number;
  /** Null until the first tiles allow an estimate. */
  readonly secondsLeft: number | null;
}

/** May be asynchronous: the job waits, so that whoever shows progress can also let events be handled. */
export type ProgressListener = (progress: Progress) => void | Promise<void>;

/** Resampling and writing a pixel, in units of making one in a stage. */
export const WRITE_COST = 0.02;

const TILES_BEFORE_ESTIMATE = 2;

/** Counts work towards a total known in advance; the unit is one pixel made by a stage. */
export class ProgressMeter {
  private done = 0;
  private tilesDone = 0;
  private stage = 1;
  private readonly startedMs = performance.now();

  constructor(
    private readonly total: number,
    private readonly stages: number,
    private readonly tiles: number,
    private readonly listener: ProgressListener | undefined,
  ) {}

  /** A tile of a stage (from 0) is done. */
  async tile(stage: number, work: number): Promise<void> {
    this.stage = stage + 1;
    this.tilesDone++;
    await this.add(work);
  }

  /** Work outside of stages is done. */
  async add(work: number): Promise<void> {
    this.done += work;
    const share = Math.min(1, this.done / this.total);
    const elapsed = (performance.now() - this.startedMs) / 1000;
    await this.listener?.({
      // Sums of fractions end a little beside their total: the end is the last call's to tell.
      percent: this.total - this.done < 1e-6 * this.total ? 100 : Math.min(99.99, share * 100),
      stage: this.stage,
      stages: this.stages,
      tilesDone: this.tilesDone,
      tiles: this.tiles,
      secondsLeft: this.tilesDone < TILES_BEFORE_ESTIMATE ? null : (elapsed * (1 - share)) / share,
    });
  }
}
