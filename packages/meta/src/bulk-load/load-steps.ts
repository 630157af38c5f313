import type { ErrorCode, Node } from '@onebox/base';
import type { PartitionConfig } from '../state/partition';
import { members } from '../state/partition';
import type { GroupStates, LoadStatus, PartitionLoadInfo, TableLoadInfo } from './load-info';

/** Where a table goes when all of its partitions are there (reference/cluster-behaviour.md 9.2, step 3). */
const NEXT: Partial<Record<LoadStatus, LoadStatus>> = {
  BLS_DOWNLOADING: 'BLS_DOWNLOADED',
  BLS_DOWNLOADED: 'BLS_INGESTING',
  BLS_INGESTING: 'BLS_SUCCEED',
  BLS_PAUSING: 'BLS_PAUSED',
};

/** The table's next status; undefined while a partition is not there yet. */
export function nextTableStatus(
  status: LoadStatus,
  partitions: readonly (PartitionLoadInfo | undefined)[],
): LoadStatus | undefined {
  const next = NEXT[status];
  return next !== undefined && partitions.every((partition) => partition?.status === next) ? next : undefined;
}

/** Whether a table's status is its partitions' at once: they do not get there on their own. */
export function imposesOnPartitions(status: LoadStatus): boolean {
  return ['BLS_DOWNLOADING', 'BLS_PAUSING', 'BLS_CANCELED', 'BLS_FAILED'].includes(status);
}

/** A load that ended, and only has to be cleaned up after. */
export function isOver(status: LoadStatus): boolean {
  return status === 'BLS_SUCCEED' || status === 'BLS_FAILED' || status === 'BLS_CANCELED';
}

export function withTableStatus(info: TableLoadInfo, status: LoadStatus, error: ErrorCode): TableLoadInfo {
  return { ...info, status, error, isEverIngesting: info.isEverIngesting || status === 'BLS_INGESTING' };
}

/** A partition remembers who has ingested, so that the same group need not do it twice. */
export function withPartitionStatus(
  info: PartitionLoadInfo,
  status: LoadStatus,
  states: GroupStates,
): PartitionLoadInfo {
  if (info.status !== 'BLS_INGESTING' || status !== 'BLS_SUCCEED' || states.length === 0) {
    return { ...info, status };
  }
  return { ...info, status, everIngestSucceed: true, hostPorts: states.map(([node]) => node) };
}

/** What becomes of a load that has to go back to downloading; undefined: nothing, it is past that. */
export function afterRollback(
  { status, isEverIngesting }: TableLoadInfo,
  rollbacks: number,
  /** `bulk_load_max_rollback_times` */
  mostRollbacks: number,
): { readonly status: 'BLS_DOWNLOADING' | 'BLS_FAILED'; readonly error: ErrorCode } | undefined {
  if (status !== 'BLS_DOWNLOADING' && status !== 'BLS_DOWNLOADED' && status !== 'BLS_INGESTING') {
    return undefined;
  }
  if (rollbacks < mostRollbacks) return { status: 'BLS_DOWNLOADING', error: 'ERR_OK' };
  return { status: 'BLS_FAILED', error: isEverIngesting ? 'ERR_INGESTION_FAILED' : 'ERR_RETRY_EXHAUSTED' };
}

/** Whether a partition can be asked: it needs a primary and, past downloading and unless it ends, its full group (9.2, step 2). */
export function canBeAsked(config: PartitionConfig, status: LoadStatus): boolean {
  if (config.primary === undefined) return false;
  const isFull = config.secondaries.length >= config.maxReplicaCount - 1;
  return isFull || ['BLS_DOWNLOADING', 'BLS_PAUSING', 'BLS_CANCELED', 'BLS_FAILED'].includes(status);
}

/** Whether the very same nodes have ingested these files before: after a rollback they need not do it again. */
export function hasIngested(info: PartitionLoadInfo, config: PartitionConfig): boolean {
  const sorted = (nodes: readonly Node[]) => [...nodes].sort().join();
  return info.everIngestSucceed && sorted(info.hostPorts) === sorted(members(config));
}
