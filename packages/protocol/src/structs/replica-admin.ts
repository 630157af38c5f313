// Wire structs and enums of upstream's replica_admin.thrift: field ids, names and types are the protocol's (reference/rpc-structs*.json).
import {
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
  set,
  string,
  struct,
} from '../schema';
import { replicaInfo } from './metadata';
import type { Value } from '../schema';

export const DetectAction = {
  START: 0,
  STOP: 1,
  QUERY: 2,
} as const;
export type DetectAction = (typeof DetectAction)[keyof typeof DetectAction];
export const detectAction = enumOf('detect_action', DetectAction);

export const DiskMigrationStatus = {
  IDLE: 0,
  MOVING: 1,
  MOVED: 2,
  CLOSED: 3,
} as const;
export type DiskMigrationStatus = (typeof DiskMigrationStatus)[keyof typeof DiskMigrationStatus];
export const diskMigrationStatus = enumOf('disk_migration_status', DiskMigrationStatus);

export const HotkeyType = {
  READ: 0,
  WRITE: 1,
} as const;
export type HotkeyType = (typeof HotkeyType)[keyof typeof HotkeyType];
export const hotkeyType = enumOf('hotkey_type', HotkeyType);

export const addNewDiskRequest = struct('add_new_disk_request', () => ({
  disk_str: field(1, string),
}));
export type AddNewDiskRequest = Value<typeof addNewDiskRequest>;

export const addNewDiskResponse = struct('add_new_disk_response', () => ({
  err: field(1, errorCode),
  err_hint: optional(2, string),
}));
export type AddNewDiskResponse = Value<typeof addNewDiskResponse>;

export const detectHotkeyRequest = struct('detect_hotkey_request', () => ({
  type: field(1, hotkeyType),
  action: field(2, detectAction),
  pid: field(3, gpid),
}));
export type DetectHotkeyRequest = Value<typeof detectHotkeyRequest>;

export const detectHotkeyResponse = struct('detect_hotkey_response', () => ({
  err: field(1, errorCode),
  err_hint: optional(2, string),
  hotkey_result: optional(3, string),
}));
export type DetectHotkeyResponse = Value<typeof detectHotkeyResponse>;

export const diskInfo = struct('disk_info', () => ({
  tag: field(1, string),
  full_dir: field(2, string),
  disk_capacity_mb: field(3, i64),
  disk_available_mb: field(4, i64),
  holding_primary_replicas: field(5, map(i32, set(gpid))),
  holding_secondary_replicas: field(6, map(i32, set(gpid))),
}));
export type DiskInfo = Value<typeof diskInfo>;

export const queryDiskInfoRequest = struct('query_disk_info_request', () => ({
  node1: field(1, rpcAddress),
  app_name: field(2, string),
  hp_node1: optional(3, hostPort),
}));
export type QueryDiskInfoRequest = Value<typeof queryDiskInfoRequest>;

export const queryDiskInfoResponse = struct('query_disk_info_response', () => ({
  err: field(1, errorCode),
  total_capacity_mb: field(2, i64),
  total_available_mb: field(3, i64),
  disk_infos: field(4, list(diskInfo)),
}));
export type QueryDiskInfoResponse = Value<typeof queryDiskInfoResponse>;

export const queryReplicaDecreeRequest = struct('query_replica_decree_request', () => ({
  pid: field(1, gpid),
  node1: field(2, rpcAddress),
  hp_node1: optional(3, hostPort),
}));
export type QueryReplicaDecreeRequest = Value<typeof queryReplicaDecreeRequest>;

export const queryReplicaDecreeResponse = struct('query_replica_decree_response', () => ({
  err: field(1, errorCode),
  last_decree: field(2, i64),
}));
export type QueryReplicaDecreeResponse = Value<typeof queryReplicaDecreeResponse>;

export const queryReplicaInfoRequest = struct('query_replica_info_request', () => ({
  node1: field(1, rpcAddress),
  hp_node1: optional(2, hostPort),
}));
export type QueryReplicaInfoRequest = Value<typeof queryReplicaInfoRequest>;

export const queryReplicaInfoResponse = struct('query_replica_info_response', () => ({
  err: field(1, errorCode),
  replicas: field(2, list(replicaInfo)),
}));
export type QueryReplicaInfoResponse = Value<typeof queryReplicaInfoResponse>;

export const replicaDiskMigrateRequest = struct('replica_disk_migrate_request', () => ({
  pid: field(1, gpid),
  origin_disk: field(2, string),
  target_disk: field(3, string),
}));
export type ReplicaDiskMigrateRequest = Value<typeof replicaDiskMigrateRequest>;

export const replicaDiskMigrateResponse = struct('replica_disk_migrate_response', () => ({
  err: field(1, errorCode),
  hint: optional(2, string),
}));
export type ReplicaDiskMigrateResponse = Value<typeof replicaDiskMigrateResponse>;
