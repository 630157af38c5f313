import type { PartitionConfig } from './partition';

/** Status of a table. Only AVAILABLE and DROPPED are ever stored (reference/cluster-behaviour.md 7.1). */
export type TableStatus = 'AS_AVAILABLE' | 'AS_CREATING' | 'AS_DROPPING' | 'AS_DROPPED' | 'AS_RECALLING';

/** What the znode of a table holds, and its status in the leader's memory. */
export interface TableInfo {
  readonly status: TableStatus;
  readonly appType: string;
  readonly appName: string;
  readonly appId: number;
  readonly partitionCount: number;
  readonly envs: ReadonlyMap<string, string>;
  readonly isStateful: boolean;
  readonly maxReplicaCount: number;
  /** Unix seconds; 0 while it was never dropped. */
  readonly expireSecond: number;
  readonly createSecond: number;
  readonly dropSecond: number;
  readonly duplicating: boolean;
  /** -1 for the default tables, the partition count for tables made by create_app (2.3). */
  readonly initPartitionCount: number;
  readonly isBulkLoading: boolean;
  readonly atomicIdempotent: boolean;
}

/** A table as everybody but its owner sees it. */
export interface TableView {
  readonly info: TableInfo;
  /** In partition order. */
  readonly partitions: readonly PartitionConfig[];
}
