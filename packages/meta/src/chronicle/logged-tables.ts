import { gpidText } from '@onebox/base';
import type { LoggedConfiguration, LoggedTable } from '@onebox/server';
import type { PartitionConfig } from '../state/partition';
import type { TableView } from '../state/table';

/** A configuration as events have it. */
export function loggedConfiguration(config: PartitionConfig): LoggedConfiguration {
  return {
    partition: gpidText(config.gpid),
    ballot: config.ballot,
    maxReplicaCount: config.maxReplicaCount,
    primary: config.primary ?? null,
    secondaries: config.secondaries,
    lastDrops: config.lastDrops,
    lastCommittedDecree: config.lastCommittedDecree,
    flags: config.flags,
  };
}

/** What ZooKeeper holds of these tables: not those that are only being created, nor children of a split, which are in memory only. */
export function loggedTables(tables: readonly TableView[]): LoggedTable[] {
  return tables
    .filter(({ info }) => info.status !== 'AS_CREATING')
    .map(({ info, partitions }) => ({
      appId: info.appId,
      name: info.appName,
      status: info.status,
      partitions: partitions.filter(({ ballot }) => ballot >= 0).map(loggedConfiguration),
    }));
}
