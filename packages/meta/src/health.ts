import type { PartitionConfig } from './state/partition';

/** Below this many replicas HTTP calls a partition write-unhealthy, whatever the 2pc minimum is configured to. */
const HTTP_WRITABLE_REPLICA_COUNT = 2;

/** The words of `/meta/app` and `/meta/apps` for one partition (reference/cluster-behaviour.md 4.7). */
export interface PartitionHealth {
  readonly fullyHealthy: boolean;
  readonly writeUnhealthy: boolean;
  readonly readUnhealthy: boolean;
}

/** Health of one partition by HTTP's fixed rules. */
export function partitionHealth(config: PartitionConfig): PartitionHealth {
  if (config.primary === undefined) return { fullyHealthy: false, writeUnhealthy: true, readUnhealthy: true };
  const replicaCount = 1 + config.secondaries.length;
  const fullyHealthy = replicaCount >= config.maxReplicaCount;
  return {
    fullyHealthy,
    writeUnhealthy: !fullyHealthy && replicaCount < HTTP_WRITABLE_REPLICA_COUNT,
    readUnhealthy: false,
  };
}

/** How many partitions of a table are in each state; `unhealthy` is everything that is not fully healthy. */
export interface TableHealth {
  readonly fullyHealthy: number;
  readonly unhealthy: number;
  readonly writeUnhealthy: number;
  readonly readUnhealthy: number;
}

/** Sums {@link partitionHealth} over a table. */
export function tableHealth(partitionCount: number, partitions: readonly PartitionConfig[]): TableHealth {
  let [fullyHealthy, writeUnhealthy, readUnhealthy] = [0, 0, 0];
  for (const config of partitions) {
    const health = partitionHealth(config);
    if (health.fullyHealthy) fullyHealthy += 1;
    if (health.writeUnhealthy) writeUnhealthy += 1;
    if (health.readUnhealthy) readUnhealthy += 1;
  }
  return { fullyHealthy, unhealthy: partitionCount - fullyHealthy, writeUnhealthy, readUnhealthy };
}

/**
 * The fewest replicas a write needs: `mutation_2pc_min_replica_count` when positive, even above the table's replica
 * count; otherwise 1 for at most two replicas and a majority for more (4.4).
 */
export function minReplicaCountFor2pc(configured: number, maxReplicaCount: number): number {
  if (configured > 0) return configured;
  return maxReplicaCount <= 2 ? 1 : Math.floor(maxReplicaCount / 2) + 1;
}
