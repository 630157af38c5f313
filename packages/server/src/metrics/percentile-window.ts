import { PERCENTILES } from './metric-definition';
import type { PercentileName } from './metric-definition';

/** How many samples count: the newest ones (reference/metrics.md 2.8). */
export const WINDOW_SIZE = 4096;

/** Most percentiles see few samples, and 1,000 replicas have 20,000 of them: a window grows with what it holds. */
const SMALLEST = 16;

/** The newest samples of one percentile. They do not decay: without new ones the old ones stay. */
export class PercentileWindow {
  private samples = new Float64Array(SMALLEST);
  private taken = 0;

  /** How many samples it holds. */
  get size(): number {
    return Math.min(this.taken, WINDOW_SIZE);
  }

  add(sample: number): void {
    const at = this.taken % WINDOW_SIZE;
    if (at === this.samples.length) {
      const grown = new Float64Array(this.samples.length * 2);
      grown.set(this.samples);
      this.samples = grown;
    }
    this.samples[at] = sample;
    this.taken += 1;
  }

  /** The element at index floor(size × k) of the ascending samples, for each k; all 0 when there is no sample. */
  read(names: readonly PercentileName[]): readonly number[] {
    const sorted = this.samples.slice(0, this.size).sort();
    return names.map((name) => sorted[Math.floor(sorted.length * PERCENTILES[name])] ?? 0);
  }
}
