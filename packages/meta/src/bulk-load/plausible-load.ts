import type { TableInfo } from '../state/table';
import { mayIngestBehind } from './ingest-behind';
import type { LoadStatus, PartitionLoadInfo, TableLoadInfo } from './load-info';

/** Statuses a partition may have besides its table's. */
const OTHERS: Partial<Record<LoadStatus, readonly LoadStatus[]>> = {
  BLS_DOWNLOADED: ['BLS_INGESTING'],
  BLS_INGESTING: ['BLS_SUCCEED'],
  BLS_SUCCEED: [],
  BLS_PAUSED: [],
};

/**
 * Why a load found in ZooKeeper cannot be one of this table; undefined when it is plausible (reference/cluster-behaviour.md
 * 9.2, step 6).
 *
 * @param partitions by index: those that have a znode
 */
export function whyImplausible(
  table: TableInfo | undefined,
  load: TableLoadInfo,
  partitions: ReadonlyMap<number, PartitionLoadInfo>,
): string | undefined {
  if (table?.status !== 'AS_AVAILABLE') return 'its table is not there';
  if (table.appId !== load.appId) return `it belongs to table ${load.appId}`;
  if (table.partitionCount !== load.partitionCount) {
    return `it has ${load.partitionCount} partitions, not ${table.partitionCount}`;
  }
  if ([...partitions.keys()].some((index) => index >= load.partitionCount))
    return 'it has too many partitions';
  const isDownloading = load.status === 'BLS_DOWNLOADING';
  const missing = load.partitionCount - partitions.size;
  if (missing > 0 && !isDownloading) return `${missing} partitions are missing in ${load.status}`;
  if (!mayIngestBehind(table.envs, load.ingestBehind)) return 'the table does not allow to ingest behind';
  const different = [...partitions.values()].filter(({ status }) => status !== load.status);
  if (isDownloading && missing > 0 && different.length > 0) {
    return 'partitions are missing, and others are past downloading';
  }
  const others = OTHERS[load.status];
  const stray = others && different.find(({ status }) => !others.includes(status));
  return stray && `a partition is ${stray.status} while the table is ${load.status}`;
}
