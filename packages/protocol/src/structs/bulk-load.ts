// Wire structs and enums of upstream's bulk_load.thrift: field ids, names and types are the protocol's (reference/rpc-structs*.json).
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
import { fileMeta, replicaConfiguration } from './metadata';
import type { Value } from '../schema';

export const BulkLoadControlType = {
  BLC_PAUSE: 0,
  BLC_RESTART: 1,
  BLC_CANCEL: 2,
  BLC_FORCE_CANCEL: 3,
} as const;
export type BulkLoadControlType = (typeof BulkLoadControlType)[keyof typeof BulkLoadControlType];
export const bulkLoadControlType = enumOf('bulk_load_control_type', BulkLoadControlType);

export const BulkLoadStatus = {
  BLS_INVALID: 0,
  BLS_DOWNLOADING: 1,
  BLS_DOWNLOADED: 2,
  BLS_INGESTING: 3,
  BLS_SUCCEED: 4,
  BLS_FAILED: 5,
  BLS_PAUSING: 6,
  BLS_PAUSED: 7,
  BLS_CANCELED: 8,
} as const;
export type BulkLoadStatus = (typeof BulkLoadStatus)[keyof typeof BulkLoadStatus];
export const bulkLoadStatus = enumOf('bulk_load_status', BulkLoadStatus);

export const IngestionStatus = {
  IS_INVALID: 0,
  IS_RUNNING: 1,
  IS_SUCCEED: 2,
  IS_FAILED: 3,
} as const;
export type IngestionStatus = (typeof IngestionStatus)[keyof typeof IngestionStatus];
export const ingestionStatus = enumOf('ingestion_status', IngestionStatus);

export const bulkLoadMetadata = struct('bulk_load_metadata', () => ({
  files: field(1, list(fileMeta)),
  file_total_size: field(2, i64),
}));
export type BulkLoadMetadata = Value<typeof bulkLoadMetadata>;

export const bulkLoadRequest = struct('bulk_load_request', () => ({
  pid: field(1, gpid),
  app_name: field(2, string),
  primary: field(3, rpcAddress),
  remote_provider_name: field(4, string),
  cluster_name: field(5, string),
  ballot: field(6, i64),
  meta_bulk_load_status: field(7, bulkLoadStatus),
  query_bulk_load_metadata: field(8, bool),
  remote_root_path: field(9, string),
  hp_primary: optional(10, hostPort),
}));
export type BulkLoadRequest = Value<typeof bulkLoadRequest>;

export const bulkLoadResponse = struct('bulk_load_response', () => ({
  err: field(1, errorCode),
  pid: field(2, gpid),
  app_name: field(3, string),
  primary_bulk_load_status: field(4, bulkLoadStatus),
  group_bulk_load_state: field(5, map(rpcAddress, partitionBulkLoadState)),
  metadata: optional(6, bulkLoadMetadata),
  total_download_progress: optional(7, i32),
  is_group_ingestion_finished: optional(8, bool),
  is_group_bulk_load_context_cleaned_up: optional(9, bool),
  is_group_bulk_load_paused: optional(10, bool),
  hp_group_bulk_load_state: optional(11, map(hostPort, partitionBulkLoadState)),
}));
export type BulkLoadResponse = Value<typeof bulkLoadResponse>;

export const clearBulkLoadStateRequest = struct('clear_bulk_load_state_request', () => ({
  app_name: field(1, string),
}));
export type ClearBulkLoadStateRequest = Value<typeof clearBulkLoadStateRequest>;

export const clearBulkLoadStateResponse = struct('clear_bulk_load_state_response', () => ({
  err: field(1, errorCode),
  hint_msg: field(2, string),
}));
export type ClearBulkLoadStateResponse = Value<typeof clearBulkLoadStateResponse>;

export const controlBulkLoadRequest = struct('control_bulk_load_request', () => ({
  app_name: field(1, string),
  type: field(2, bulkLoadControlType),
}));
export type ControlBulkLoadRequest = Value<typeof controlBulkLoadRequest>;

export const controlBulkLoadResponse = struct('control_bulk_load_response', () => ({
  err: field(1, errorCode),
  hint_msg: optional(2, string),
}));
export type ControlBulkLoadResponse = Value<typeof controlBulkLoadResponse>;

export const groupBulkLoadRequest = struct('group_bulk_load_request', () => ({
  app_name: field(1, string),
  target: field(2, rpcAddress),
  config: field(3, replicaConfiguration),
  provider_name: field(4, string),
  cluster_name: field(5, string),
  meta_bulk_load_status: field(6, bulkLoadStatus),
  remote_root_path: field(7, string),
  hp_target: optional(8, hostPort),
}));
export type GroupBulkLoadRequest = Value<typeof groupBulkLoadRequest>;

export const groupBulkLoadResponse = struct('group_bulk_load_response', () => ({
  err: field(1, errorCode),
  status: field(2, bulkLoadStatus),
  bulk_load_state: field(3, partitionBulkLoadState),
}));
export type GroupBulkLoadResponse = Value<typeof groupBulkLoadResponse>;

export const ingestionRequest = struct('ingestion_request', () => ({
  app_name: field(1, string),
  metadata: field(2, bulkLoadMetadata),
  ingest_behind: field(3, bool),
  ballot: field(4, i64),
  verify_before_ingest: field(5, bool),
}));
export type IngestionRequest = Value<typeof ingestionRequest>;

export const ingestionResponse = struct('ingestion_response', () => ({
  err: field(1, errorCode),
  rocksdb_error: field(2, i32),
}));
export type IngestionResponse = Value<typeof ingestionResponse>;

export const partitionBulkLoadState = struct('partition_bulk_load_state', () => ({
  download_progress: optional(1, i32, 0),
  download_status: optional(2, errorCode),
  ingest_status: optional(3, ingestionStatus, IngestionStatus.IS_INVALID),
  is_cleaned_up: optional(4, bool, false),
  is_paused: optional(5, bool, false),
}));
export type PartitionBulkLoadState = Value<typeof partitionBulkLoadState>;

export const queryBulkLoadRequest = struct('query_bulk_load_request', () => ({
  app_name: field(1, string),
}));
export type QueryBulkLoadRequest = Value<typeof queryBulkLoadRequest>;

export const queryBulkLoadResponse = struct('query_bulk_load_response', () => ({
  err: field(1, errorCode),
  app_name: field(2, string),
  app_status: field(3, bulkLoadStatus),
  partitions_status: field(4, list(bulkLoadStatus)),
  max_replica_count: field(5, i32),
  bulk_load_states: field(6, list(map(rpcAddress, partitionBulkLoadState))),
  hint_msg: optional(7, string),
  is_bulk_loading: optional(8, bool),
  hp_bulk_load_states: optional(9, list(map(hostPort, partitionBulkLoadState))),
}));
export type QueryBulkLoadResponse = Value<typeof queryBulkLoadResponse>;

export const startBulkLoadRequest = struct('start_bulk_load_request', () => ({
  app_name: field(1, string),
  cluster_name: field(2, string),
  file_provider_type: field(3, string),
  remote_root_path: field(4, string),
  ingest_behind: field(5, bool, false),
}));
export type StartBulkLoadRequest = Value<typeof startBulkLoadRequest>;

export const startBulkLoadResponse = struct('start_bulk_load_response', () => ({
  err: field(1, errorCode),
  hint_msg: field(2, string),
}));
export type StartBulkLoadResponse = Value<typeof startBulkLoadResponse>;
