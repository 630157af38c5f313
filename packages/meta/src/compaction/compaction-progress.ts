import type { TableInfo } from '../state/table';
import type { PartitionContext, ReportedCompaction } from '../state/partition-context';

/**
 * How much of a table's manual compaction is done, in whole percent, from what its members reported by config-sync.
 *
 * @returns undefined when no compaction is under way: every replica the table should have is idle
 * (reference/cluster-behaviour.md 10.1)
 */
export function compactionProgress(
  table: Pick<TableInfo, 'partitionCount' | 'maxReplicaCount'>,
  contexts: Iterable<Pick<PartitionContext, 'serving'>>,
): number | undefined {
  const counts: Record<ReportedCompaction, number> = { idle: 0, queuing: 0, running: 0, finished: 0 };
  for (const { serving } of contexts) for (const { compaction } of serving.values()) counts[compaction] += 1;
  const wanted = table.partitionCount * table.maxReplicaCount;
  // A replica that has not reported is not idle: upstream compares with what there should be, not with what there is.
  return counts.idle === wanted ? undefined : Math.floor((counts.finished * 100) / wanted);
}

/** A new compaction begins: what was reported of an older one counts no more. */
export function forgetCompaction(contexts: Iterable<Pick<PartitionContext, 'serving'>>): void {
  for (const { serving } of contexts)
    for (const [node, replica] of serving) serving.set(node, { ...replica, compaction: 'idle' });
}
