/**
 * One piece of work at a time, in the order of asking. Every ZooKeeper write lets other work run in between, so whoever
 * reads, writes and then changes memory holds the turn of the partition or table for as long as that takes.
 */
export class Turn {
  private last: Promise<void> = Promise.resolve();
  private asking = 0;

  /** Whether somebody has the turn or waits for it. True from the moment of asking. */
  get taken(): boolean {
    return this.asking > 0;
  }

  /** Does `work` when everybody who asked before is done. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.asking += 1;
    const before = this.last;
    let done = (): void => undefined;
    this.last = new Promise<void>((resolve) => (done = resolve));
    await before;
    try {
      return await work();
    } finally {
      this.asking -= 1;
      done();
    }
  }
}
