import type { CounterGeneration } from '@onebox/server';
import { totalReads, totalWrites } from './app-stats';
import type { CounterSums } from './counter-sums';

/** What a partition's load is looked at for; 2.0.0 knows no difference (reference/metrics.md 4.5). */
export type LoadKind = 'read' | 'write' | 'all';

export function loadKindsOf(generation: CounterGeneration): readonly LoadKind[] {
  return generation === '2.0' ? ['all'] : ['read', 'write'];
}

/** Operations a second of each partition. */
export function partitionLoads(
  partitions: readonly CounterSums[],
  kind: LoadKind,
  generation: CounterGeneration,
): readonly number[] {
  return partitions.map((sums) => {
    const reads = kind === 'write' ? 0 : totalReads(sums, generation, 'qps');
    const writes = kind === 'read' ? 0 : totalWrites(sums, 'qps');
    return reads + writes;
  });
}

/**
 * How far each partition's newest load is above the average of all loads on record, in standard deviations, rounded up; 0 for those
 * below, and where there is no more than one load to compare with or no difference between them.
 *
 * @param history loads by partition, the newest last
 */
export function hotspotScores(history: readonly (readonly number[])[]): readonly number[] {
  const newest = history.at(-1) ?? [];
  const samples = history.flat();
  if (samples.length <= 1) return newest.map(() => 0);
  const average = samples.reduce((sum, load) => sum + load, 0) / samples.length;
  const squares = samples.reduce((sum, load) => sum + (load - average) ** 2, 0);
  const deviation = Math.sqrt(squares / (samples.length - 1));
  if (deviation === 0) return newest.map(() => 0);
  return newest.map((load) => Math.max(0, Math.ceil((load - average) / deviation)) + 0);
}

/** The loads of a table's partitions in the last rounds, and how hot each is. */
export class HotspotHistory {
  private readonly rounds: (readonly number[])[] = [];

  /** @param longest rounds on record, `max_hotspot_store_size` */
  constructor(private readonly longest: number) {}

  /** Takes in the loads of another round; gives a score for each partition. */
  next(loads: readonly number[]): readonly number[] {
    while (this.rounds.length > 0 && this.rounds.length >= this.longest) this.rounds.shift();
    this.rounds.push(loads);
    return hotspotScores(this.rounds);
  }
}
