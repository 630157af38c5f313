// Wire structs and enums of upstream's meta_admin.thrift: field ids, names and types are the protocol's (reference/rpc-structs*.json).
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
import { AppStatus, appInfo, appStatus, partitionConfiguration } from './layer2';
import { replicaInfo, splitStatus } from './metadata';
import { patternMatchType } from './utils';
import type { Value } from '../schema';

export const AppEnvOperation = {
  APP_ENV_OP_INVALID: 0,
  APP_ENV_OP_SET: 1,
  APP_ENV_OP_DEL: 2,
  APP_ENV_OP_CLEAR: 3,
} as const;
export type AppEnvOperation = (typeof AppEnvOperation)[keyof typeof AppEnvOperation];
export const appEnvOperation = enumOf('app_env_operation', AppEnvOperation);

export const BalancerRequestType = {
  move_primary: 0,
  copy_primary: 1,
  copy_secondary: 2,
} as const;
export type BalancerRequestType = (typeof BalancerRequestType)[keyof typeof BalancerRequestType];
export const balancerRequestType = enumOf('balancer_request_type', BalancerRequestType);

export const ConfigType = {
  CT_INVALID: 0,
  CT_ASSIGN_PRIMARY: 1,
  CT_UPGRADE_TO_PRIMARY: 2,
  CT_ADD_SECONDARY: 3,
  CT_UPGRADE_TO_SECONDARY: 4,
  CT_DOWNGRADE_TO_SECONDARY: 5,
  CT_DOWNGRADE_TO_INACTIVE: 6,
  CT_REMOVE: 7,
  CT_ADD_SECONDARY_FOR_LB: 8,
  CT_PRIMARY_FORCE_UPDATE_BALLOT: 9,
  CT_DROP_PARTITION: 10,
  CT_REGISTER_CHILD: 11,
} as const;
export type ConfigType = (typeof ConfigType)[keyof typeof ConfigType];
export const configType = enumOf('config_type', ConfigType);

export const MetaFunctionLevel = {
  fl_stopped: 100,
  fl_blind: 200,
  fl_freezed: 300,
  fl_steady: 400,
  fl_lively: 500,
  fl_invalid: 10000,
} as const;
export type MetaFunctionLevel = (typeof MetaFunctionLevel)[keyof typeof MetaFunctionLevel];
export const metaFunctionLevel = enumOf('meta_function_level', MetaFunctionLevel);

export const NodeStatus = {
  NS_INVALID: 0,
  NS_ALIVE: 1,
  NS_UNALIVE: 2,
} as const;
export type NodeStatus = (typeof NodeStatus)[keyof typeof NodeStatus];
export const nodeStatus = enumOf('node_status', NodeStatus);

export const configurationBalancerRequest = struct('configuration_balancer_request', () => ({
  gpid: field(1, gpid),
  action_list: field(2, list(configurationProposalAction)),
  force: optional(3, bool, false),
  balance_type: optional(4, balancerRequestType),
}));
export type ConfigurationBalancerRequest = Value<typeof configurationBalancerRequest>;

export const configurationBalancerResponse = struct('configuration_balancer_response', () => ({
  err: field(1, errorCode),
}));
export type ConfigurationBalancerResponse = Value<typeof configurationBalancerResponse>;

export const configurationClusterInfoRequest = struct('configuration_cluster_info_request', () => ({}));
export type ConfigurationClusterInfoRequest = Value<typeof configurationClusterInfoRequest>;

export const configurationClusterInfoResponse = struct('configuration_cluster_info_response', () => ({
  err: field(1, errorCode),
  keys: field(2, list(string)),
  values: field(3, list(string)),
}));
export type ConfigurationClusterInfoResponse = Value<typeof configurationClusterInfoResponse>;

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

export const configurationListNodesRequest = struct('configuration_list_nodes_request', () => ({
  status: field(1, nodeStatus, NodeStatus.NS_INVALID),
}));
export type ConfigurationListNodesRequest = Value<typeof configurationListNodesRequest>;

export const configurationListNodesResponse = struct('configuration_list_nodes_response', () => ({
  err: field(1, errorCode),
  infos: field(2, list(nodeInfo)),
}));
export type ConfigurationListNodesResponse = Value<typeof configurationListNodesResponse>;

export const configurationMetaControlRequest = struct('configuration_meta_control_request', () => ({
  level: field(1, metaFunctionLevel),
}));
export type ConfigurationMetaControlRequest = Value<typeof configurationMetaControlRequest>;

export const configurationMetaControlResponse = struct('configuration_meta_control_response', () => ({
  err: field(1, errorCode),
  old_level: field(2, metaFunctionLevel),
}));
export type ConfigurationMetaControlResponse = Value<typeof configurationMetaControlResponse>;

export const configurationProposalAction = struct('configuration_proposal_action', () => ({
  target: field(1, rpcAddress),
  node: field(2, rpcAddress),
  type: field(3, configType),
  hp_target: optional(5, hostPort),
  hp_node: optional(6, hostPort),
}));
export type ConfigurationProposalAction = Value<typeof configurationProposalAction>;

export const configurationQueryByNodeRequest = struct('configuration_query_by_node_request', () => ({
  node: field(1, rpcAddress),
  stored_replicas: optional(2, list(replicaInfo)),
  info: optional(3, replicaServerInfo),
  hp_node: optional(4, hostPort),
}));
export type ConfigurationQueryByNodeRequest = Value<typeof configurationQueryByNodeRequest>;

export const configurationQueryByNodeResponse = struct('configuration_query_by_node_response', () => ({
  err: field(1, errorCode),
  partitions: field(2, list(configurationUpdateRequest)),
  gc_replicas: optional(3, list(replicaInfo)),
}));
export type ConfigurationQueryByNodeResponse = Value<typeof configurationQueryByNodeResponse>;

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

export const configurationRecoveryRequest = struct('configuration_recovery_request', () => ({
  recovery_nodes: field(1, list(rpcAddress)),
  skip_bad_nodes: field(2, bool),
  skip_lost_partitions: field(3, bool),
  hp_recovery_nodes: optional(4, list(hostPort)),
}));
export type ConfigurationRecoveryRequest = Value<typeof configurationRecoveryRequest>;

export const configurationRecoveryResponse = struct('configuration_recovery_response', () => ({
  err: field(1, errorCode),
  hint_message: field(2, string),
}));
export type ConfigurationRecoveryResponse = Value<typeof configurationRecoveryResponse>;

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

export const configurationUpdateRequest = struct('configuration_update_request', () => ({
  info: field(1, appInfo),
  config: field(2, partitionConfiguration),
  type: field(3, configType, ConfigType.CT_INVALID),
  node: field(4, rpcAddress),
  host_node: field(5, rpcAddress),
  meta_split_status: optional(6, splitStatus),
  hp_node: optional(7, hostPort),
}));
export type ConfigurationUpdateRequest = Value<typeof configurationUpdateRequest>;

export const configurationUpdateResponse = struct('configuration_update_response', () => ({
  err: field(1, errorCode),
  config: field(2, partitionConfiguration),
}));
export type ConfigurationUpdateResponse = Value<typeof configurationUpdateResponse>;

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

export const dddDiagnoseRequest = struct('ddd_diagnose_request', () => ({
  pid: field(1, gpid),
}));
export type DddDiagnoseRequest = Value<typeof dddDiagnoseRequest>;

export const dddDiagnoseResponse = struct('ddd_diagnose_response', () => ({
  err: field(1, errorCode),
  partitions: field(2, list(dddPartitionInfo)),
}));
export type DddDiagnoseResponse = Value<typeof dddDiagnoseResponse>;

export const dddNodeInfo = struct('ddd_node_info', () => ({
  node: field(1, rpcAddress),
  drop_time_ms: field(2, i64),
  is_alive: field(3, bool),
  is_collected: field(4, bool),
  ballot: field(5, i64),
  last_committed_decree: field(6, i64),
  last_prepared_decree: field(7, i64),
  hp_node: optional(8, hostPort),
}));
export type DddNodeInfo = Value<typeof dddNodeInfo>;

export const dddPartitionInfo = struct('ddd_partition_info', () => ({
  config: field(1, partitionConfiguration),
  dropped: field(2, list(dddNodeInfo)),
  reason: field(3, string),
}));
export type DddPartitionInfo = Value<typeof dddPartitionInfo>;

export const dropAppOptions = struct('drop_app_options', () => ({
  success_if_not_exist: field(1, bool),
  reserve_seconds: optional(2, i64),
}));
export type DropAppOptions = Value<typeof dropAppOptions>;

export const nodeInfo = struct('node_info', () => ({
  status: field(1, nodeStatus, NodeStatus.NS_INVALID),
  node: field(2, rpcAddress),
  hp_node: optional(3, hostPort),
}));
export type NodeInfo = Value<typeof nodeInfo>;

export const queryAppInfoRequest = struct('query_app_info_request', () => ({
  meta_server: field(1, rpcAddress),
  hp_meta_server: optional(2, hostPort),
}));
export type QueryAppInfoRequest = Value<typeof queryAppInfoRequest>;

export const queryAppInfoResponse = struct('query_app_info_response', () => ({
  err: field(1, errorCode),
  apps: field(2, list(appInfo)),
}));
export type QueryAppInfoResponse = Value<typeof queryAppInfoResponse>;

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

export const replicaServerInfo = struct('replica_server_info', () => ({
  geo_tags: field(1, map(string, string)),
  total_capacity_mb: field(2, i64),
}));
export type ReplicaServerInfo = Value<typeof replicaServerInfo>;

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
