// Wire structs and enums of upstream's metadata.thrift: field ids, names and types are the protocol's (reference/rpc-structs*.json).
import { bool, enumOf, field, gpid, hostPort, i64, optional, rpcAddress, string, struct } from '../schema';
import type { Value } from '../schema';

export const DiskStatus = {
  NORMAL: 0,
  SPACE_INSUFFICIENT: 1,
  IO_ERROR: 2,
} as const;
export type DiskStatus = (typeof DiskStatus)[keyof typeof DiskStatus];
export const diskStatus = enumOf('disk_status', DiskStatus);

export const ManualCompactionStatus = {
  IDLE: 0,
  QUEUING: 1,
  RUNNING: 2,
  FINISHED: 3,
} as const;
export type ManualCompactionStatus = (typeof ManualCompactionStatus)[keyof typeof ManualCompactionStatus];
export const manualCompactionStatus = enumOf('manual_compaction_status', ManualCompactionStatus);

export const PartitionStatus = {
  PS_INVALID: 0,
  PS_INACTIVE: 1,
  PS_ERROR: 2,
  PS_PRIMARY: 3,
  PS_SECONDARY: 4,
  PS_POTENTIAL_SECONDARY: 5,
  PS_PARTITION_SPLIT: 6,
} as const;
export type PartitionStatus = (typeof PartitionStatus)[keyof typeof PartitionStatus];
export const partitionStatus = enumOf('partition_status', PartitionStatus);

export const SplitStatus = {
  NOT_SPLIT: 0,
  SPLITTING: 1,
  PAUSING: 2,
  PAUSED: 3,
  CANCELING: 4,
} as const;
export type SplitStatus = (typeof SplitStatus)[keyof typeof SplitStatus];
export const splitStatus = enumOf('split_status', SplitStatus);

export const fileMeta = struct('file_meta', () => ({
  name: field(1, string),
  size: field(2, i64),
  md5: field(3, string),
}));
export type FileMeta = Value<typeof fileMeta>;

export const replicaConfiguration = struct('replica_configuration', () => ({
  pid: field(1, gpid),
  ballot: field(2, i64),
  primary: field(3, rpcAddress),
  status: field(4, partitionStatus, PartitionStatus.PS_INVALID),
  learner_signature: field(5, i64),
  pop_all: optional(6, bool, false),
  split_sync_to_child: optional(7, bool, false),
  hp_primary: optional(8, hostPort),
}));
export type ReplicaConfiguration = Value<typeof replicaConfiguration>;

export const replicaInfo = struct('replica_info', () => ({
  pid: field(1, gpid),
  ballot: field(2, i64),
  status: field(3, partitionStatus),
  last_committed_decree: field(4, i64),
  last_prepared_decree: field(5, i64),
  last_durable_decree: field(6, i64),
  app_type: field(7, string),
  disk_tag: field(8, string),
  manual_compact_status: optional(9, manualCompactionStatus),
}));
export type ReplicaInfo = Value<typeof replicaInfo>;
