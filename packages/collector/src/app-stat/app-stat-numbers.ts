import type { CounterGeneration } from '@onebox/server';
import { appStatsOf } from './app-stats';
import { CounterSums } from './counter-sums';
import { HotspotHistory, loadKindsOf, partitionLoads } from './hotspots';
import type { LoadKind } from './hotspots';
import type { TableShape } from './partition-sums';
import type { PublishedGroups, PublishedNumber } from './published-numbers';

const SECTION = 'collector*app.pegasus*';

/** Stands for the whole cluster where a table's name does. */
const ALL = '_all_';

export interface AppStatSettings {
  readonly generation: CounterGeneration;
  /** Rounds that hotspots are found in, `max_hotspot_store_size`. */
  readonly hotspotRounds: number;
  /** From which score on a partition is hot, `hot_partition_threshold`. */
  readonly hotThreshold: () => number;
}

/** Makes the statistics of tables out of one round of counters after the other (reference/metrics.md 4.5). */
export class AppStatNumbers {
  /** By table, partition count and kind: another partition count begins anew. */
  private histories = new Map<string, HotspotHistory>();

  constructor(private readonly settings: AppStatSettings) {}

  /** Everything the collector shows after a round, by table. */
  next(tables: ReadonlyMap<TableShape, readonly CounterSums[]>): PublishedGroups {
    const known = this.histories;
    this.histories = new Map();
    const groups = new Map<string, readonly PublishedNumber[]>();
    const totals: CounterSums[] = [];
    for (const [table, partitions] of tables) {
      const sums = CounterSums.total(partitions);
      totals.push(sums);
      const kinds = loadKindsOf(this.settings.generation);
      const hotspots = kinds.flatMap((kind) => this.hotspots(table, partitions, kind, known));
      const key = `${table.appId}.${partitions.length} ${table.name}`;
      groups.set(key, [...this.stats(table.name, sums), ...hotspots]);
    }
    return groups.set(ALL, this.stats(ALL, CounterSums.total(totals)));
  }

  private stats(owner: string, sums: CounterSums): readonly PublishedNumber[] {
    const { generation } = this.settings;
    return appStatsOf(generation).map((stat) => ({
      name: `${SECTION}app.stat.${stat.name}#${owner}`,
      description: `statistic the ${stat.name} of app ${owner}`,
      value: stat.of(sums, generation),
    }));
  }

  private hotspots(
    table: TableShape,
    partitions: readonly CounterSums[],
    kind: LoadKind,
    known: ReadonlyMap<string, HotspotHistory>,
  ): readonly PublishedNumber[] {
    const { generation, hotspotRounds, hotThreshold } = this.settings;
    const key = `${table.appId} ${partitions.length} ${kind}`;
    const history = known.get(key) ?? new HotspotHistory(hotspotRounds);
    this.histories.set(key, history);
    const scores = history.next(partitionLoads(partitions, kind, generation));
    const subject = kind === 'all' ? table.name : `${table.name}.${kind}`;
    const each = scores.map((value, partition) => ({
      name: `${SECTION}app.stat.hotspots@${subject}.${partition}`,
      description: `how far the load of ${subject}.${partition} is above the average, in standard deviations`,
      value,
    }));
    if (kind === 'all') return each;
    const threshold = hotThreshold();
    const total = {
      name: `${SECTION}app.stat.hotspots.${subject}.total`,
      description: `hot partitions of ${subject}`,
      value: scores.filter((score) => score >= threshold).length,
    };
    return [...each, total];
  }
}
