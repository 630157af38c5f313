// Wire structs and enums of upstream's partition_split.thrift: field ids, names and types are the protocol's (reference/rpc-structs*.json).
import {
  enumOf,
  errorCode,
  field,
  gpid,
  hostPort,
  i32,
  i64,
  map,
  optional,
  rpcAddress,
  string,
  struct,
} from '../schema';
import { appInfo, partitionConfiguration } from './layer2';
import { splitStatus } from './metadata';
import type { Value } from '../schema';

export const SplitControlType = {
  PAUSE: 0,
  RESTART: 1,
  CANCEL: 2,
} as const;
export type SplitControlType = (typeof SplitControlType)[keyof typeof SplitControlType];
export const splitControlType = enumOf('split_control_type', SplitControlType);

export const controlSplitRequest = struct('control_split_request', () => ({
  app_name: field(1, string),
  control_type: field(2, splitControlType),
  parent_pidx: field(3, i32),
  old_partition_count: optional(4, i32),
}));
export type ControlSplitRequest = Value<typeof controlSplitRequest>;

export const controlSplitResponse = struct('control_split_response', () => ({
  err: field(1, errorCode),
  hint_msg: optional(2, string),
}));
export type ControlSplitResponse = Value<typeof controlSplitResponse>;

export const notifyCacthUpResponse = struct('notify_cacth_up_response', () => ({
  err: field(1, errorCode),
}));
export type NotifyCacthUpResponse = Value<typeof notifyCacthUpResponse>;

export const notifyCatchUpRequest = struct('notify_catch_up_request', () => ({
  parent_gpid: field(1, gpid),
  child_gpid: field(2, gpid),
  child_ballot: field(3, i64),
  child: field(4, rpcAddress),
  hp_child: optional(5, hostPort),
}));
export type NotifyCatchUpRequest = Value<typeof notifyCatchUpRequest>;

export const notifyStopSplitRequest = struct('notify_stop_split_request', () => ({
  app_name: field(1, string),
  parent_gpid: field(2, gpid),
  meta_split_status: field(3, splitStatus),
  partition_count: field(4, i32),
}));
export type NotifyStopSplitRequest = Value<typeof notifyStopSplitRequest>;

export const notifyStopSplitResponse = struct('notify_stop_split_response', () => ({
  err: field(1, errorCode),
}));
export type NotifyStopSplitResponse = Value<typeof notifyStopSplitResponse>;

export const queryChildStateRequest = struct('query_child_state_request', () => ({
  app_name: field(1, string),
  pid: field(2, gpid),
  partition_count: field(3, i32),
}));
export type QueryChildStateRequest = Value<typeof queryChildStateRequest>;

export const queryChildStateResponse = struct('query_child_state_response', () => ({
  err: field(1, errorCode),
  partition_count: optional(2, i32),
  child_config: optional(3, partitionConfiguration),
}));
export type QueryChildStateResponse = Value<typeof queryChildStateResponse>;

export const querySplitRequest = struct('query_split_request', () => ({
  app_name: field(1, string),
}));
export type QuerySplitRequest = Value<typeof querySplitRequest>;

export const querySplitResponse = struct('query_split_response', () => ({
  err: field(1, errorCode),
  new_partition_count: field(2, i32),
  status: field(3, map(i32, splitStatus)),
  hint_msg: optional(4, string),
}));
export type QuerySplitResponse = Value<typeof querySplitResponse>;

export const registerChildRequest = struct('register_child_request', () => ({
  app: field(1, appInfo),
  parent_config: field(2, partitionConfiguration),
  child_config: field(3, partitionConfiguration),
  primary: field(4, rpcAddress),
  hp_primary: optional(5, hostPort),
}));
export type RegisterChildRequest = Value<typeof registerChildRequest>;

export const registerChildResponse = struct('register_child_response', () => ({
  err: field(1, errorCode),
  app: field(2, appInfo),
  parent_config: field(3, partitionConfiguration),
  child_config: field(4, partitionConfiguration),
}));
export type RegisterChildResponse = Value<typeof registerChildResponse>;

export const startPartitionSplitRequest = struct('start_partition_split_request', () => ({
  app_name: field(1, string),
  new_partition_count: field(2, i32),
}));
export type StartPartitionSplitRequest = Value<typeof startPartitionSplitRequest>;

export const startPartitionSplitResponse = struct('start_partition_split_response', () => ({
  err: field(1, errorCode),
  hint_msg: field(2, string),
}));
export type StartPartitionSplitResponse = Value<typeof startPartitionSplitResponse>;

export const updateChildGroupPartitionCountRequest = struct(
  'update_child_group_partition_count_request',
  () => ({
    target: field(1, rpcAddress),
    new_partition_count: field(2, i32),
    child_pid: field(3, gpid),
    ballot: field(4, i64),
    hp_target: optional(5, hostPort),
  }),
);
export type UpdateChildGroupPartitionCountRequest = Value<typeof updateChildGroupPartitionCountRequest>;

export const updateChildGroupPartitionCountResponse = struct(
  'update_child_group_partition_count_response',
  () => ({
    err: field(1, errorCode),
  }),
);
export type UpdateChildGroupPartitionCountResponse = Value<typeof updateChildGroupPartitionCountResponse>;
