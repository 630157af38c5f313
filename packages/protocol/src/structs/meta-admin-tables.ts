// Wire structs and enums of upstream's meta_admin.thrift, those about one table: field ids, names and types are the protocol's (reference/rpc-structs*.json).
import { bool, enumOf, errorCode, field, i32, i64, list, map, optional, string, struct } from '../schema';
import type { Value } from '../schema';
import { AppStatus, appInfo, appStatus } from './layer2';
import { patternMatchType } from './checksum-and-pattern';

export const AppEnvOperation = {
  APP_ENV_OP_INVALID: 0,
  APP_ENV_OP_SET: 1,
  APP_ENV_OP_DEL: 2,
  APP_ENV_OP_CLEAR: 3,
} as const;
export type AppEnvOperation = (typeof AppEnvOperation)[keyof typeof AppEnvOperation];
export const appEnvOperation = enumOf('app_env_operation', AppEnvOperation);

export const configurationCreateAppRequest = struct('configuration_create_app_request', () => ({
  app_name: field(1, string),
  options: field(2, createAppOptions),
}));
export type ConfigurationCreateAppRequest = Value<typeof configurationCreateAppRequest>;

export const configurationCreateAppResponse = struct('configuration_create_app_response', () => ({
  err: field(1, errorCode),
  appid: field(2, i32),
}));
export type ConfigurationCreateAppResponse = Value<typeof configurationCreateAppResponse>;

export const configurationDropAppRequest = struct('configuration_drop_app_request', () => ({
  app_name: field(1, string),
  options: field(2, dropAppOptions),
}));
export type ConfigurationDropAppRequest = Value<typeof configurationDropAppRequest>;

export const configurationDropAppResponse = struct('configuration_drop_app_response', () => ({
  err: field(1, errorCode),
}));
export type ConfigurationDropAppResponse = Value<typeof configurationDropAppResponse>;

export const configurationGetAtomicIdempotentRequest = struct(
  'configuration_get_atomic_idempotent_request',
  () => ({
    app_name: field(1, string),
  }),
);
export type ConfigurationGetAtomicIdempotentRequest = Value<typeof configurationGetAtomicIdempotentRequest>;

export const configurationGetAtomicIdempotentResponse = struct(
  'configuration_get_atomic_idempotent_response',
  () => ({
    err: field(1, errorCode),
    atomic_idempotent: field(2, bool),
    hint_message: field(3, string),
  }),
);
export type ConfigurationGetAtomicIdempotentResponse = Value<typeof configurationGetAtomicIdempotentResponse>;

export const configurationGetMaxReplicaCountRequest = struct(
  'configuration_get_max_replica_count_request',
  () => ({
    app_name: field(1, string),
  }),
);
export type ConfigurationGetMaxReplicaCountRequest = Value<typeof configurationGetMaxReplicaCountRequest>;

export const configurationGetMaxReplicaCountResponse = struct(
  'configuration_get_max_replica_count_response',
  () => ({
    err: field(1, errorCode),
    max_replica_count: field(2, i32),
    hint_message: field(3, string),
  }),
);
export type ConfigurationGetMaxReplicaCountResponse = Value<typeof configurationGetMaxReplicaCountResponse>;

export const configurationListAppsRequest = struct('configuration_list_apps_request', () => ({
  status: field(1, appStatus, AppStatus.AS_INVALID),
  app_name_pattern: optional(2, string),
  match_type: optional(3, patternMatchType),
}));
export type ConfigurationListAppsRequest = Value<typeof configurationListAppsRequest>;

export const configurationListAppsResponse = struct('configuration_list_apps_response', () => ({
  err: field(1, errorCode),
  infos: field(2, list(appInfo)),
  hint_message: optional(3, string),
}));
export type ConfigurationListAppsResponse = Value<typeof configurationListAppsResponse>;

export const configurationRecallAppRequest = struct('configuration_recall_app_request', () => ({
  app_id: field(1, i32),
  new_app_name: field(2, string),
}));
export type ConfigurationRecallAppRequest = Value<typeof configurationRecallAppRequest>;

export const configurationRecallAppResponse = struct('configuration_recall_app_response', () => ({
  err: field(1, errorCode),
  info: field(2, appInfo),
}));
export type ConfigurationRecallAppResponse = Value<typeof configurationRecallAppResponse>;

export const configurationRenameAppRequest = struct('configuration_rename_app_request', () => ({
  old_app_name: field(1, string),
  new_app_name: field(2, string),
}));
export type ConfigurationRenameAppRequest = Value<typeof configurationRenameAppRequest>;

export const configurationRenameAppResponse = struct('configuration_rename_app_response', () => ({
  err: field(1, errorCode),
  hint_message: field(2, string),
}));
export type ConfigurationRenameAppResponse = Value<typeof configurationRenameAppResponse>;

export const configurationSetAtomicIdempotentRequest = struct(
  'configuration_set_atomic_idempotent_request',
  () => ({
    app_name: field(1, string),
    atomic_idempotent: field(2, bool),
  }),
);
export type ConfigurationSetAtomicIdempotentRequest = Value<typeof configurationSetAtomicIdempotentRequest>;

export const configurationSetAtomicIdempotentResponse = struct(
  'configuration_set_atomic_idempotent_response',
  () => ({
    err: field(1, errorCode),
    old_atomic_idempotent: field(2, bool),
    hint_message: field(3, string),
  }),
);
export type ConfigurationSetAtomicIdempotentResponse = Value<typeof configurationSetAtomicIdempotentResponse>;

export const configurationSetMaxReplicaCountRequest = struct(
  'configuration_set_max_replica_count_request',
  () => ({
    app_name: field(1, string),
    max_replica_count: field(2, i32),
  }),
);
export type ConfigurationSetMaxReplicaCountRequest = Value<typeof configurationSetMaxReplicaCountRequest>;

export const configurationSetMaxReplicaCountResponse = struct(
  'configuration_set_max_replica_count_response',
  () => ({
    err: field(1, errorCode),
    old_max_replica_count: field(2, i32),
    hint_message: field(3, string),
  }),
);
export type ConfigurationSetMaxReplicaCountResponse = Value<typeof configurationSetMaxReplicaCountResponse>;

export const configurationUpdateAppEnvRequest = struct('configuration_update_app_env_request', () => ({
  app_name: field(1, string),
  op: field(2, appEnvOperation, AppEnvOperation.APP_ENV_OP_INVALID),
  keys: optional(3, list(string)),
  values: optional(4, list(string)),
  clear_prefix: optional(5, string),
}));
export type ConfigurationUpdateAppEnvRequest = Value<typeof configurationUpdateAppEnvRequest>;

export const configurationUpdateAppEnvResponse = struct('configuration_update_app_env_response', () => ({
  err: field(1, errorCode),
  hint_message: field(2, string),
}));
export type ConfigurationUpdateAppEnvResponse = Value<typeof configurationUpdateAppEnvResponse>;

export const createAppOptions = struct('create_app_options', () => ({
  partition_count: field(1, i32),
  replica_count: field(2, i32),
  success_if_exist: field(3, bool),
  app_type: field(4, string),
  is_stateful: field(5, bool),
  envs: field(6, map(string, string)),
  atomic_idempotent: optional(7, bool, false),
}));
export type CreateAppOptions = Value<typeof createAppOptions>;

export const dropAppOptions = struct('drop_app_options', () => ({
  success_if_not_exist: field(1, bool),
  reserve_seconds: optional(2, i64),
}));
export type DropAppOptions = Value<typeof dropAppOptions>;

export const queryAppManualCompactRequest = struct('query_app_manual_compact_request', () => ({
  app_name: field(1, string),
}));
export type QueryAppManualCompactRequest = Value<typeof queryAppManualCompactRequest>;

export const queryAppManualCompactResponse = struct('query_app_manual_compact_response', () => ({
  err: field(1, errorCode),
  hint_msg: field(2, string),
  progress: optional(3, i32),
}));
export type QueryAppManualCompactResponse = Value<typeof queryAppManualCompactResponse>;

export const startAppManualCompactRequest = struct('start_app_manual_compact_request', () => ({
  app_name: field(1, string),
  trigger_time: optional(2, i64),
  target_level: optional(3, i32),
  bottommost: optional(4, bool),
  max_running_count: optional(5, i32),
}));
export type StartAppManualCompactRequest = Value<typeof startAppManualCompactRequest>;

export const startAppManualCompactResponse = struct('start_app_manual_compact_response', () => ({
  err: field(1, errorCode),
  hint_msg: field(2, string),
}));
export type StartAppManualCompactResponse = Value<typeof startAppManualCompactResponse>;
