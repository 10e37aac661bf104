/** One timer that is set, set anew and stopped; the same in a sandbox, a page and Node. */

export class Timer {
  private handle: ReturnType<typeof setTimeout> | null = null;

  /** Calls back once after the time; a call that was due before is dropped. */
  set(callback: () => void, milliseconds: number): void {
    this.stop();
    this.handle = setTimeout(() => {
      this.handle = null;
      callback();
    }, milliseconds);
  }

  stop(): void {
    if (this.handle !== null) clearTimeout(this.handle);
    this.handle = null;
  }
}
