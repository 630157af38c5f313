/** How many replicas of a server download at once: `max_concurrent_bulk_load_downloading_count`. */
export class DownloadSlots {
  private taken = 0;

  constructor(private readonly most: number) {}

  get inUse(): number {
    return this.taken;
  }

  /** Gives the slot back, once, however often it is called; undefined when none is free. */
  tryTake(): (() => void) | undefined {
    if (this.taken >= this.most) return undefined;
    this.taken += 1;
    let mine = true;
    return () => {
      if (mine) this.taken -= 1;
      mine = false;
    };
  }
}
