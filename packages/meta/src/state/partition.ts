import type { Gpid, Node } from '@onebox/base';

/** `partition_flags` of a partition that belongs to a dropped table. */
export const PARTITION_FLAG_DROPPED = 1;

/** How many nodes `last_drops` remembers, newest last (reference/cluster-behaviour.md 4.1). */
export const MAX_LAST_DROPS = 3;

/** The persistent configuration of a partition: what its znode holds. A change makes a new value with ballot + 1. */
export interface PartitionConfig {
  readonly gpid: Gpid;
  readonly ballot: number;
  readonly maxReplicaCount: number;
  readonly primary: Node | undefined;
  /** In the order in which they were added. */
  readonly secondaries: readonly Node[];
  /** At most {@link MAX_LAST_DROPS}, newest last. */
  readonly lastDrops: readonly Node[];
  readonly lastCommittedDecree: number;
  readonly flags: number;
}

/** The members of a partition, primary first. */
export function members(config: PartitionConfig): readonly Node[] {
  return config.primary === undefined ? config.secondaries : [config.primary, ...config.secondaries];
}
