import type { PartitionConfig } from './partition';
import { PartitionContext } from './partition-context';
import type { TableInfo, TableView } from './table';
import { Turn } from './turn';

/** A table in the leader's memory. Only {@link ServerState} changes it, after the change is in ZooKeeper. */
export class TableState implements TableView {
  /** Held while the table's znode is being written. */
  readonly turn = new Turn();
  readonly contexts: readonly PartitionContext[];
  private configs: PartitionConfig[];

  constructor(
    public info: TableInfo,
    partitions: readonly PartitionConfig[],
  ) {
    this.configs = [...partitions];
    this.contexts = partitions.map((config) => new PartitionContext(config.gpid));
  }

  get partitions(): readonly PartitionConfig[] {
    return this.configs;
  }

  /** @throws RangeError for an index the table does not have */
  partition(index: number): PartitionConfig {
    const config = this.configs[index];
    if (config === undefined) throw new RangeError(`table ${this.info.appId} has no partition ${index}`);
    return config;
  }

  /** @throws RangeError for an index the table does not have */
  context(index: number): PartitionContext {
    const context = this.contexts[index];
    if (context === undefined) throw new RangeError(`table ${this.info.appId} has no partition ${index}`);
    return context;
  }

  replacePartition(index: number, config: PartitionConfig): void {
    this.partition(index);
    this.configs[index] = config;
  }
}

/** Whether the guardian looks at a table: not while it is being created or dropped, nor afterwards (4.3). */
export function isGuarded(info: TableInfo): boolean {
  return info.status === 'AS_AVAILABLE' || info.status === 'AS_RECALLING';
}

/** Whether a table is on its way from one stored status to another; the balancer waits for it (6.1). */
export function isInTransition(info: TableInfo): boolean {
  return info.status === 'AS_CREATING' || info.status === 'AS_DROPPING' || info.status === 'AS_RECALLING';
}
