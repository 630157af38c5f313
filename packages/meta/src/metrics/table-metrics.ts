import type { Gpid } from '@onebox/base';
import type { Gauge, MetricEntity, MetricRegistry } from '@onebox/server';
import type { BalanceKind, BalanceProposal } from '../balancer';
import type { PartitionConfig } from '../state/partition';
import type { TableView } from '../state/table';
import { METRIC_HEALTHS, countMetricHealth, isWritable, metricHealth } from './partition-health';
import type { BalanceMode, TableEvents } from './table-events';

const OPERATION_COUNTER = {
  move_primary: 'greedy_move_primary_operations',
  copy_primary: 'greedy_copy_primary_operations',
  copy_secondary: 'greedy_copy_secondary_operations',
} as const satisfies Record<BalanceKind, string>;

interface TableEntities {
  readonly table: MetricEntity;
  /** In the order of {@link METRIC_HEALTHS}. */
  readonly health: readonly Gauge[];
  readonly partitions: readonly MetricEntity[];
}

/**
 * The `table@` and `partition@` entities of a leader: there for every table that owns a name, whatever its status, and
 * stale as soon as the table's znode says dropped (reference/metrics.md 3.1). A standby has none.
 */
export class TableMetrics implements TableEvents {
  private readonly tables = new Map<number, TableEntities>();

  /** @param minReplicaCount the fewest replicas a write needs, by the table's replica count */
  constructor(
    private readonly registry: Pick<MetricRegistry, 'entity'>,
    private readonly minReplicaCount: (maxReplicaCount: number) => number,
  ) {}

  onTableEntered({ info, partitions }: TableView): void {
    if (this.tables.has(info.appId)) return;
    const tableId = String(info.appId);
    const table = this.registry.entity('table', `table@${tableId}`, { table_id: tableId });
    this.tables.set(info.appId, {
      table,
      health: METRIC_HEALTHS.map((health) => table.gauge(`${health}_partitions`)),
      partitions: partitions.map((_config, index) =>
        this.registry.entity('partition', `partition@${tableId}.${index}`, {
          table_id: tableId,
          partition_id: String(index),
        }),
      ),
    });
  }

  onTableLeft({ info }: TableView): void {
    const entities = this.tables.get(info.appId);
    if (entities === undefined) return;
    this.tables.delete(info.appId);
    release(entities);
  }

  /** A dropped table has no entities any more, so that the removal of its members is not counted; nor does upstream. */
  onConfigurationChanged(before: PartitionConfig, after: PartitionConfig): void {
    const partition = this.partition(after.gpid);
    if (partition === undefined) return;
    const minimum = this.minReplicaCount(after.maxReplicaCount);
    const [was, is] = [isWritable(metricHealth(before, minimum)), isWritable(metricHealth(after, minimum))];
    partition.counter('partition_configuration_changes').add();
    if (was && !is) partition.counter('unwritable_partition_changes').add();
    if (!was && is) partition.counter('writable_partition_changes').add();
  }

  onPrimaryRefused(gpid: Gpid): void {
    this.partition(gpid)?.counter('choose_primary_failed_operations').add();
  }

  /**
   * The gauge of every partition the plan names is what this round wants for it, one that is not named keeps its old value;
   * only a round that moves something adds to the counters.
   */
  onBalanced(proposals: readonly BalanceProposal[], mode: BalanceMode): void {
    for (const { gpid, kind } of proposals) {
      const partition = this.partition(gpid);
      // A plan has at most one proposal for a partition.
      partition?.gauge('greedy_recent_balance_operations').set(1);
      if (mode === 'balance') partition?.counter(OPERATION_COUNTER[kind]).add();
    }
  }

  /** Every `lb_interval_ms`, at every level: the health of the available tables. */
  measureHealth(tables: readonly TableView[]): void {
    for (const { info, partitions } of tables) {
      if (info.status !== 'AS_AVAILABLE') continue;
      const entities = this.tables.get(info.appId);
      if (entities === undefined) continue;
      const counts = countMetricHealth(partitions, this.minReplicaCount(info.maxReplicaCount));
      METRIC_HEALTHS.forEach((health, index) => entities.health[index]?.set(counts[health]));
    }
  }

  close(): void {
    for (const entities of this.tables.values()) release(entities);
    this.tables.clear();
  }

  private partition({ appId, partitionIndex }: Gpid): MetricEntity | undefined {
    return this.tables.get(appId)?.partitions[partitionIndex];
  }
}

function release({ table, partitions }: TableEntities): void {
  table.release();
  for (const partition of partitions) partition.release();
}
