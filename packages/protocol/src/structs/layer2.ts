// Wire structs and enums of upstream's layer2.thrift: field ids, names and types are the protocol's (reference/rpc-structs*.json).
import {
  bool,
  enumOf,
  errorCode,
  field,
  gpid,
  hostPort,
  i32,
  i64,
  i64big,
  list,
  map,
  optional,
  rpcAddress,
  string,
  struct,
} from '../schema';
import type { Value } from '../schema';

export const AppStatus = {
  AS_INVALID: 0,
  AS_AVAILABLE: 1,
  AS_CREATING: 2,
  AS_CREATE_FAILED: 3,
  AS_DROPPING: 4,
  AS_DROP_FAILED: 5,
  AS_DROPPED: 6,
  AS_RECALLING: 7,
} as const;
export type AppStatus = (typeof AppStatus)[keyof typeof AppStatus];
export const appStatus = enumOf('app_status', AppStatus);

export const appInfo = struct('app_info', () => ({
  status: field(1, appStatus, AppStatus.AS_INVALID),
  app_type: field(2, string),
  app_name: field(3, string),
  app_id: field(4, i32),
  partition_count: field(5, i32),
  envs: field(6, map(string, string)),
  is_stateful: field(7, bool),
  max_replica_count: field(8, i32),
  expire_second: field(9, i64),
  create_second: field(10, i64),
  drop_second: field(11, i64),
  duplicating: optional(12, bool, false),
  init_partition_count: field(13, i32, -1),
  is_bulk_loading: optional(14, bool, false),
  atomic_idempotent: optional(15, bool, false),
}));
export type AppInfo = Value<typeof appInfo>;

export const partitionConfiguration = struct('partition_configuration', () => ({
  pid: field(1, gpid),
  ballot: field(2, i64),
  max_replica_count: field(3, i32),
  primary: field(4, rpcAddress),
  secondaries: field(5, list(rpcAddress)),
  last_drops: field(6, list(rpcAddress)),
  last_committed_decree: field(7, i64),
  partition_flags: field(8, i32),
  hp_primary: optional(9, hostPort),
  hp_secondaries: optional(10, list(hostPort)),
  hp_last_drops: optional(11, list(hostPort)),
}));
export type PartitionConfiguration = Value<typeof partitionConfiguration>;

export const queryCfgRequest = struct('query_cfg_request', () => ({
  app_name: field(1, string),
  partition_indices: field(2, list(i32)),
}));
export type QueryCfgRequest = Value<typeof queryCfgRequest>;

export const queryCfgResponse = struct('query_cfg_response', () => ({
  err: field(1, errorCode),
  app_id: field(2, i32),
  partition_count: field(3, i32),
  is_stateful: field(4, bool),
  partitions: field(5, list(partitionConfiguration)),
}));
export type QueryCfgResponse = Value<typeof queryCfgResponse>;

export const requestMeta = struct('request_meta', () => ({
  app_id: field(1, i32),
  partition_index: field(2, i32),
  client_timeout: field(3, i32),
  partition_hash: field(4, i64big),
  is_backup_request: field(5, bool),
}));
export type RequestMeta = Value<typeof requestMeta>;
