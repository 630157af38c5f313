// Wire structs and enums of upstream's duplication.thrift: field ids, names and types are the protocol's (reference/rpc-structs*.json).
import {
  bool,
  enumOf,
  errorCode,
  field,
  gpid,
  hostPort,
  i32,
  i64,
  list,
  map,
  optional,
  rpcAddress,
  string,
  struct,
} from '../schema';
import { patternMatchType } from './checksum-and-pattern';
import type { Value } from '../schema';

export const DuplicationFailMode = {
  FAIL_SLOW: 0,
  FAIL_SKIP: 1,
  FAIL_FAST: 2,
} as const;
export type DuplicationFailMode = (typeof DuplicationFailMode)[keyof typeof DuplicationFailMode];
export const duplicationFailMode = enumOf('duplication_fail_mode', DuplicationFailMode);

export const DuplicationMode = {
  FULL: 0,
  INCREMENTAL: 1,
} as const;
export type DuplicationMode = (typeof DuplicationMode)[keyof typeof DuplicationMode];
export const duplicationMode = enumOf('duplication_mode', DuplicationMode);

export const DuplicationStatus = {
  DS_INIT: 0,
  DS_PREPARE: 1,
  DS_APP: 2,
  DS_LOG: 3,
  DS_PAUSE: 4,
  DS_REMOVED: 5,
} as const;
export type DuplicationStatus = (typeof DuplicationStatus)[keyof typeof DuplicationStatus];
export const duplicationStatus = enumOf('duplication_status', DuplicationStatus);

export const duplicationAddRequest = struct('duplication_add_request', () => ({
  app_name: field(1, string),
  remote_cluster_name: field(2, string),
  is_duplicating_checkpoint: optional(3, bool, true),
  remote_app_name: optional(4, string),
  remote_replica_count: optional(5, i32),
}));
export type DuplicationAddRequest = Value<typeof duplicationAddRequest>;

export const duplicationAddResponse = struct('duplication_add_response', () => ({
  err: field(1, errorCode),
  appid: field(2, i32),
  dupid: field(3, i32),
  hint: optional(4, string),
  remote_app_name: optional(5, string),
  remote_replica_count: optional(6, i32),
}));
export type DuplicationAddResponse = Value<typeof duplicationAddResponse>;

export const duplicationAppState = struct('duplication_app_state', () => ({
  appid: field(1, i32),
  duplications: field(2, map(i32, duplicationEntry)),
  app_name: field(3, string),
  partition_count: field(4, i32),
}));
export type DuplicationAppState = Value<typeof duplicationAppState>;

export const duplicationConfirmEntry = struct('duplication_confirm_entry', () => ({
  dupid: field(1, i32),
  confirmed_decree: field(2, i64),
  checkpoint_prepared: optional(3, bool, false),
  last_committed_decree: optional(4, i64),
}));
export type DuplicationConfirmEntry = Value<typeof duplicationConfirmEntry>;

export const duplicationEntry = struct('duplication_entry', () => ({
  dupid: field(1, i32),
  status: field(2, duplicationStatus),
  remote: field(3, string),
  create_ts: field(4, i64),
  progress: optional(5, map(i32, i64)),
  fail_mode: optional(7, duplicationFailMode),
  remote_app_name: optional(8, string),
  remote_replica_count: optional(9, i32),
  mode: optional(10, duplicationMode),
  partition_states: optional(11, map(i32, duplicationPartitionState)),
}));
export type DuplicationEntry = Value<typeof duplicationEntry>;

export const duplicationListRequest = struct('duplication_list_request', () => ({
  app_name_pattern: field(1, string),
  match_type: field(2, patternMatchType),
}));
export type DuplicationListRequest = Value<typeof duplicationListRequest>;

export const duplicationListResponse = struct('duplication_list_response', () => ({
  err: field(1, errorCode),
  hint_message: field(2, string),
  app_states: field(3, map(string, duplicationAppState)),
}));
export type DuplicationListResponse = Value<typeof duplicationListResponse>;

export const duplicationModifyRequest = struct('duplication_modify_request', () => ({
  app_name: field(1, string),
  dupid: field(2, i32),
  status: optional(3, duplicationStatus),
  fail_mode: optional(4, duplicationFailMode),
}));
export type DuplicationModifyRequest = Value<typeof duplicationModifyRequest>;

export const duplicationModifyResponse = struct('duplication_modify_response', () => ({
  err: field(1, errorCode),
  appid: field(2, i32),
}));
export type DuplicationModifyResponse = Value<typeof duplicationModifyResponse>;

export const duplicationPartitionState = struct('duplication_partition_state', () => ({
  confirmed_decree: field(1, i64),
  last_committed_decree: field(2, i64),
}));
export type DuplicationPartitionState = Value<typeof duplicationPartitionState>;

export const duplicationQueryRequest = struct('duplication_query_request', () => ({
  app_name: field(1, string),
}));
export type DuplicationQueryRequest = Value<typeof duplicationQueryRequest>;

export const duplicationQueryResponse = struct('duplication_query_response', () => ({
  err: field(1, errorCode),
  appid: field(3, i32),
  entry_list: field(4, list(duplicationEntry)),
}));
export type DuplicationQueryResponse = Value<typeof duplicationQueryResponse>;

export const duplicationSyncRequest = struct('duplication_sync_request', () => ({
  node: field(1, rpcAddress),
  confirm_list: field(2, map(gpid, list(duplicationConfirmEntry))),
  hp_node: field(3, hostPort),
}));
export type DuplicationSyncRequest = Value<typeof duplicationSyncRequest>;

export const duplicationSyncResponse = struct('duplication_sync_response', () => ({
  err: field(1, errorCode),
  dup_map: field(2, map(i32, map(i32, duplicationEntry))),
}));
export type DuplicationSyncResponse = Value<typeof duplicationSyncResponse>;
