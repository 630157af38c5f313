import type { PartitionConfig } from '../state/partition';

/** The words of the table metrics, worst first; unlike HTTP's they use the 2pc minimum (reference/metrics.md 3.5). */
export const METRIC_HEALTHS = ['dead', 'unreadable', 'unwritable', 'writable_ill', 'healthy'] as const;
export type MetricHealth = (typeof METRIC_HEALTHS)[number];

/** How many partitions of a table are in each state. */
export type MetricHealthCounts = Readonly<Record<MetricHealth, number>>;

/** @param minReplicaCount the fewest replicas a write needs, for the table's replica count */
export function metricHealth(config: PartitionConfig, minReplicaCount: number): MetricHealth {
  if (config.primary === undefined) return config.secondaries.length === 0 ? 'dead' : 'unreadable';
  const replicaCount = 1 + config.secondaries.length;
  if (replicaCount < minReplicaCount) return 'unwritable';
  return replicaCount < config.maxReplicaCount ? 'writable_ill' : 'healthy';
}

export function countMetricHealth(
  partitions: readonly PartitionConfig[],
  minReplicaCount: number,
): MetricHealthCounts {
  const counts = { dead: 0, unreadable: 0, unwritable: 0, writable_ill: 0, healthy: 0 };
  for (const config of partitions) counts[metricHealth(config, minReplicaCount)] += 1;
  return counts;
}

/** Whether a partition takes writes: the line that `writable_…` and `unwritable_partition_changes` count crossings of. */
export function isWritable(health: MetricHealth): boolean {
  return health === 'writable_ill' || health === 'healthy';
}
