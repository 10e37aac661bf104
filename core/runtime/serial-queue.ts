/** Runs asynchronous tasks one after the other. Owns the order, nothing else. */
export class SerialQueue {
  private tail: Promise<unknown> = Promise.resolve();

  /** Runs `task` when all earlier ones have ended, well or badly: a failed task never affects a later one. */
  add<T>(task: () => Promise<T>): Promise<T> {
    const result = this.tail.then(task);
    this.tail = result.catch(() => undefined);
    return result;
  }
}
