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

/**
 * What ZooKeeper holds of these tables: not those that are only being created, nor children of a split, which are in memory only.
 *
 * @param created one that is stored, though it counts as being created
 */
export function loggedTables(tables: readonly TableView[], created?: number): LoggedTable[] {
  return tables
    .filter(({ info }) => info.status !== 'AS_CREATING' || info.appId === created)
    .map(({ info, partitions }) => ({
      appId: info.appId,
      name: info.appName,
      status: info.appId === created ? 'AS_AVAILABLE' : info.status,
      partitions: partitions.filter(({ ballot }) => ballot >= 0).map(loggedConfiguration),
    }));
}
