/** Undo and redo over snapshots of a document. What lies between `begin` and `end` is one step. Owns the snapshots. */

import { type ReadonlySignal, signal } from '@preact/signals';

export interface Snapshots {
  /** The document as a text; equal texts are equal documents. */
  capture(): string;
  restore(snapshot: string): Promise<void>;
}

const MOST_STEPS = 100;

export class History {
  private steps: string[];
  private at = 0;
  private open = 0;
  private restoring: Promise<void> = Promise.resolve();
  private busy = false;
  private readonly undoable = signal(false);
  private readonly redoable = signal(false);

  constructor(private readonly document: Snapshots) {
    this.steps = [document.capture()];
  }

  get canUndo(): ReadonlySignal<boolean> {
    return this.undoable;
  }

  get canRedo(): ReadonlySignal<boolean> {
    return this.redoable;
  }

  /** The document was changed: a step, unless a longer one is being made or nothing is different. */
  commit(): void {
    if (this.open > 0 || this.busy) return;
    const now = this.document.capture();
    if (now === this.steps[this.at]) return;
    this.steps = [...this.steps.slice(0, this.at + 1), now].slice(-MOST_STEPS);
    this.at = this.steps.length - 1;
    this.tell();
  }

  /** Forgets all steps: what is there now is the beginning. */
  clear(): void {
    this.steps = [this.document.capture()];
    this.at = 0;
    this.tell();
  }

  begin(): void {
    this.open++;
  }

  end(): void {
    this.open = Math.max(0, this.open - 1);
    this.commit();
  }

  undo(): Promise<void> {
    return this.go(-1);
  }

  redo(): Promise<void> {
    return this.go(1);
  }

  /** One after the other: a document that is still being restored must not be captured or left half-way. */
  private go(by: -1 | 1): Promise<void> {
    this.restoring = this.restoring.then(async () => {
      // A step that is still open ends where somebody takes it back.
      if (this.open > 0) {
        this.open = 0;
        this.commit();
      }
      const to = this.at + by;
      if (to < 0 || to >= this.steps.length) return;
      this.busy = true;
      try {
        await this.document.restore(this.steps[to]);
        this.at = to;
      } finally {
        this.busy = false;
        this.tell();
      }
    });
    return this.restoring;
  }

  private tell(): void {
    this.undoable.value = this.at > 0;
    this.redoable.value = this.at < this.steps.length - 1;
  }
}
