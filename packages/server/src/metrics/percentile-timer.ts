import type { Clock, Timer } from '@onebox/base';

/** Upstream's period between two looks at the samples (reference/metrics.md 2.8). */
const PERIOD_MS = 10_000;

/** So many samples are sorted without a break: some 3 ms. Counted, not timed, so that a busy machine changes nothing. */
const SAMPLES_PER_SLICE = 40_000;

/** Computes the percentiles of one metric. @returns how many samples that took */
export type ComputePercentiles = () => number;

/**
 * Computes the percentiles of a whole process: upstream has a timer for each, all of the same period. Only those that got
 * samples since the last time have anything to compute. The first run is at a random point 1 to 11 s after the start.
 */
export class PercentileTimer {
  private due = new Set<ComputePercentiles>();
  private running: Iterator<ComputePercentiles> | undefined;
  private timer: Timer;
  private next: NodeJS.Immediate | undefined;

  constructor(clock: Clock, random: () => number) {
    this.timer = clock.after(1000 + random() * PERIOD_MS, () => {
      this.timer = clock.every(PERIOD_MS, () => this.run());
      this.run();
    });
  }

  /** Has `compute` called once by the next run, however often it is asked for. */
  wants(compute: ComputePercentiles): void {
    this.due.add(compute);
  }

  close(): void {
    this.timer.cancel();
    if (this.next !== undefined) clearImmediate(this.next);
    this.running = undefined;
    this.due.clear();
  }

  private run(): void {
    // One that takes longer than a period goes on first; what came meanwhile waits for its turn.
    if (this.running !== undefined) return;
    this.running = this.due.values();
    this.due = new Set();
    this.slice(this.running);
  }

  private slice(running: Iterator<ComputePercentiles>): void {
    this.next = undefined;
    for (let left = SAMPLES_PER_SLICE; left > 0;) {
      const item = running.next();
      if (item.done === true) {
        this.running = undefined;
        return;
      }
      left -= item.value();
    }
    this.next = setImmediate(() => this.slice(running));
  }
}
