import type { PartitionConfig } from '../state/partition';
import type { TableInfo } from '../state/table';

/** The partitions of a new table: ballot 0, nobody holds them. */
export function newPartitions(info: TableInfo): PartitionConfig[] {
  return Array.from({ length: info.partitionCount }, (_, index) => newPartition(info, index));
}

export function newPartition(info: TableInfo, partitionIndex: number): PartitionConfig {
  return {
    gpid: { appId: info.appId, partitionIndex },
    ballot: 0,
    maxReplicaCount: info.maxReplicaCount,
    primary: undefined,
    secondaries: [],
    lastDrops: [],
    lastCommittedDecree: 0,
    flags: 0,
  };
}
