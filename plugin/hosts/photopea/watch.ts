/** Notices that something else is selected. Photopea tells plugins nothing by itself, so it is asked now and then. */

export interface WatchOptions {
  readonly everyMs: number;
  /** Whether it may be asked now. */
  readonly idle: () => boolean;
  /** What is selected, as plain data; may reject. */
  readonly look: () => Promise<unknown>;
}

/** Silence makes it ask less often, up to this many times the usual pause. */
const SLOWEST = 16;

export class Watch {
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last: string | null = null;
  private slower = 1;

  constructor(private readonly options: WatchOptions) {}

  /** What somebody else has just seen: no news later. */
  saw(selection: unknown): void {
    this.last = JSON.stringify(selection);
  }

  /** Calls back after changes until the returned function is called; asks only while somebody listens. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.schedule();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.stop();
    };
  }

  stop(): void {
    clearTimeout(this.timer);
    this.listeners.clear();
  }

  private schedule(): void {
    this.timer = setTimeout(() => void this.ask(), this.options.everyMs * this.slower);
  }

  private async ask(): Promise<void> {
    if (this.options.idle()) {
      try {
        const seen = JSON.stringify(await this.options.look());
        this.slower = 1;
        if (this.last !== null && seen !== this.last) {
          for (const listener of [...this.listeners]) listener();
        }
        this.last = seen;
      } catch {
        // Whoever asks for the selection next is told; here it only means to ask less often.
        this.slower = Math.min(SLOWEST, this.slower * 2);
      }
    }
    if (this.listeners.size > 0) this.schedule();
  }
}
