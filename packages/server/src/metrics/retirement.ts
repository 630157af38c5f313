import type { Clock, Timer } from '@onebox/base';

/** Timers may fire a little early; a round that comes this much too soon still counts, in Pegasus milliseconds. */
const EARLY_MS = 50;

/** What can be retired. */
export interface Retirable {
  readonly id: string;
  /** True when its owner is gone. */
  readonly stale: boolean;
}

/**
 * Retires what nobody owns any more, in two rounds: one marks it, a later one, a delay after that, removes it. So it stays
 * visible for one to two delays (reference/metrics.md 2.9). The first round is at a random point between 1 s and one delay.
 */
export class Retirement<T extends Retirable> {
  private readonly retireAt = new Map<T, number>();
  private timer: Timer;

  constructor(
    private readonly entities: Map<string, T>,
    private readonly clock: Clock,
    private readonly delayMs: number,
    random: () => number,
  ) {
    const first = Math.min(1000, delayMs) + random() * Math.max(0, delayMs - 1000);
    this.timer = clock.after(first, () => {
      this.timer = clock.every(Math.max(1, delayMs), () => this.round());
      this.round();
    });
  }

  close(): void {
    this.timer.cancel();
  }

  private round(): void {
    const now = this.clock.monotonicMs();
    for (const entity of this.entities.values()) {
      if (!entity.stale) {
        this.retireAt.delete(entity);
        continue;
      }
      const due = this.retireAt.get(entity);
      if (due === undefined) this.retireAt.set(entity, now + this.delayMs);
      else if (now + EARLY_MS >= due) {
        this.retireAt.delete(entity);
        this.entities.delete(entity.id);
      }
    }
  }
}
