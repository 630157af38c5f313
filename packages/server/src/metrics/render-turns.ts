/**
 * Turns for work that is done in slices: one slice per round of the event loop, whoever works. Ten scrapes at a time hold up
 * beacons no longer than one does; they only take longer.
 */
export class RenderTurns {
  private readonly waiting: (() => void)[] = [];

  /** Settles when it is the caller's turn. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      if (this.waiting.length === 1) this.arm();
    });
  }

  private arm(): void {
    setImmediate(() => {
      this.waiting.shift()?.();
      if (this.waiting.length > 0) this.arm();
    });
  }
}
