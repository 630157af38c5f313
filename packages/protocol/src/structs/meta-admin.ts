// Wire structs and enums of upstream's meta_admin.thrift, those about nodes, partitions and the cluster: field ids, names and types are the protocol's (reference/rpc-structs*.json).
import {
  bool,
  enumOf,
  errorCode,
  field,
  gpid,
  hostPort,
  i64,
  list,
  map,
  optional,
  rpcAddress,
  string,
  struct,
} from '../schema';
import type { Value } from '../schema';
import { appInfo, partitionConfiguration } from './layer2';
import { replicaInfo, splitStatus } from './metadata';

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

export const replicaServerInfo = struct('replica_server_info', () => ({
  geo_tags: field(1, map(string, string)),
  total_capacity_mb: field(2, i64),
}));
export type ReplicaServerInfo = Value<typeof replicaServerInfo>;
