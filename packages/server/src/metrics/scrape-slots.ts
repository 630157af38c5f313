/** How many big answers may be under way at once; a scrape of 1,000 replicas keeps 2 MB until its client has read it. */
export const MOST_SCRAPES = 16;

/** Keeps the memory of scrapes bounded: the next one begins when one has ended, in the order they came. */
export class ScrapeSlots {
  private readonly waiting: (() => void)[] = [];
  private taken = 0;

  constructor(private readonly most: number = MOST_SCRAPES) {}

  /** Settles with what gives the slot back, which is harmless when called again. */
  async take(): Promise<() => void> {
    if (this.taken >= this.most) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.taken += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const next = this.waiting.shift();
      // The slot goes over to who waited longest.
      if (next === undefined) this.taken -= 1;
      else next();
    };
  }
}
