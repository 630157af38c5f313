/** Lets at most so many replicas of a server learn at a time; the others wait in the order they came. */
export class LearnSlots {
  private taken = 0;
  private readonly waiting: (() => void)[] = [];

  /** @param limit `learn_app_max_concurrent_count`; 0 or less: no limit */
  constructor(private readonly limit: number) {}

  get inUse(): number {
    return this.taken;
  }

  /** Settles when a slot is there; what it gives releases the slot, once. */
  async acquire(): Promise<() => void> {
    if (this.limit > 0 && this.taken >= this.limit) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.taken += 1;
    }
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const next = this.waiting.shift();
      // The slot goes to the next in line without ever being free.
      if (next === undefined) this.taken -= 1;
      else next();
    };
  }
}
