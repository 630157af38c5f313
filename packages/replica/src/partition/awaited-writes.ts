/** Writes whose clients wait for the answer, by decree. */
export class AwaitedWrites {
  private readonly waiting = new Map<number, (committed: boolean) => void>();

  /** True when the decree is committed, false when this replica is not the one to say. */
  wait(decree: number): Promise<boolean> {
    return new Promise((resolve) => this.waiting.set(decree, resolve));
  }

  /** Everything up to this decree is applied. */
  committedTo(decree: number): void {
    for (const [awaited, settle] of [...this.waiting]) {
      if (awaited > decree) continue;
      this.waiting.delete(awaited);
      settle(true);
    }
  }

  /** The role is lost: what was prepared may still be committed, by another primary. */
  abandon(): void {
    for (const settle of this.waiting.values()) settle(false);
    this.waiting.clear();
  }
}
