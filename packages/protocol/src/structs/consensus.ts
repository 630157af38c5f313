// Wire structs and enums of upstream's consensus.thrift: field ids, names and types are the protocol's (reference/rpc-structs*.json).
import {
  blob,
  bool,
  enumOf,
  errorCode,
  field,
  gpid,
  hostPort,
  i32,
  i64,
  list,
  optional,
  rpcAddress,
  string,
  struct,
  taskCode,
} from '../schema';
import { appInfo } from './layer2';
import { DiskStatus, diskStatus, replicaConfiguration, splitStatus } from './metadata';
import { ChecksumType, checksumType } from './checksum-and-pattern';
import type { Value } from '../schema';

export const ReadSemantic = {
  ReadInvalid: 0,
  ReadLastUpdate: 1,
  ReadOutdated: 2,
  ReadSnapshot: 3,
} as const;
export type ReadSemantic = (typeof ReadSemantic)[keyof typeof ReadSemantic];
export const readSemantic = enumOf('read_semantic', ReadSemantic);

export const LearnType = {
  LT_INVALID: 0,
  LT_CACHE: 1,
  LT_APP: 2,
  LT_LOG: 3,
} as const;
export type LearnType = (typeof LearnType)[keyof typeof LearnType];
export const learnType = enumOf('learn_type', LearnType);

export const LearnerStatus = {
  LearningInvalid: 0,
  LearningWithoutPrepare: 1,
  LearningWithPrepareTransient: 2,
  LearningWithPrepare: 3,
  LearningSucceeded: 4,
  LearningFailed: 5,
} as const;
export type LearnerStatus = (typeof LearnerStatus)[keyof typeof LearnerStatus];
export const learnerStatus = enumOf('learner_status', LearnerStatus);

export const mutationHeader = struct('mutation_header', () => ({
  pid: field(1, gpid),
  ballot: field(2, i64),
  decree: field(3, i64),
  log_offset: field(4, i64),
  last_committed_decree: field(5, i64),
  timestamp: field(6, i64),
}));
export type MutationHeader = Value<typeof mutationHeader>;

export const mutationUpdate = struct('mutation_update', () => ({
  code: field(1, taskCode),
  serialization_type: field(2, i32),
  data: field(3, blob),
  start_time_ns: optional(4, i64),
}));
export type MutationUpdate = Value<typeof mutationUpdate>;

export const mutationData = struct('mutation_data', () => ({
  header: field(1, mutationHeader),
  updates: field(2, list(mutationUpdate)),
}));
export type MutationData = Value<typeof mutationData>;

export const prepareMsg = struct('prepare_msg', () => ({
  config: field(1, replicaConfiguration),
  mu: field(2, mutationData),
}));
export type PrepareMsg = Value<typeof prepareMsg>;

export const readRequestHeader = struct('read_request_header', () => ({
  pid: field(1, gpid),
  code: field(2, taskCode),
  semantic: field(3, readSemantic, ReadSemantic.ReadLastUpdate),
  version_decree: field(4, i64, -1),
}));
export type ReadRequestHeader = Value<typeof readRequestHeader>;

export const writeRequestHeader = struct('write_request_header', () => ({
  pid: field(1, gpid),
  code: field(2, taskCode),
}));
export type WriteRequestHeader = Value<typeof writeRequestHeader>;

export const rwResponseHeader = struct('rw_response_header', () => ({
  err: field(1, errorCode),
}));
export type RwResponseHeader = Value<typeof rwResponseHeader>;

export const prepareAck = struct('prepare_ack', () => ({
  pid: field(1, gpid),
  err: field(2, errorCode),
  ballot: field(3, i64),
  decree: field(4, i64),
  last_committed_decree_in_app: field(5, i64),
  last_committed_decree_in_prepare_list: field(6, i64),
  receive_timestamp: optional(7, i64),
  response_timestamp: optional(8, i64),
}));
export type PrepareAck = Value<typeof prepareAck>;

export const learnState = struct('learn_state', () => ({
  from_decree_excluded: field(1, i64),
  to_decree_included: field(2, i64),
  meta: field(3, blob),
  files: field(4, list(string)),
  learn_start_decree: optional(5, i64),
  file_sizes: optional(6, list(i64)),
  file_checksums: optional(7, list(string)),
}));
export type LearnState = Value<typeof learnState>;

export const learnRequest = struct('learn_request', () => ({
  pid: field(1, gpid),
  learner: field(2, rpcAddress),
  signature: field(3, i64),
  last_committed_decree_in_app: field(4, i64),
  last_committed_decree_in_prepare_list: field(5, i64),
  app_specific_learn_request: field(6, blob),
  max_gced_decree: optional(7, i64),
  hp_learner: optional(8, hostPort),
  checksum_type: optional(9, checksumType, ChecksumType.CST_NONE),
}));
export type LearnRequest = Value<typeof learnRequest>;

export const learnResponse = struct('learn_response', () => ({
  err: field(1, errorCode),
  config: field(2, replicaConfiguration),
  last_committed_decree: field(3, i64),
  prepare_start_decree: field(4, i64),
  type: field(5, learnType, LearnType.LT_INVALID),
  state: field(6, learnState),
  learnee: field(7, rpcAddress),
  base_local_dir: field(8, string),
  replica_disk_tag: optional(9, string),
  hp_learnee: optional(10, hostPort),
}));
export type LearnResponse = Value<typeof learnResponse>;

export const learnNotifyResponse = struct('learn_notify_response', () => ({
  pid: field(1, gpid),
  err: field(2, errorCode),
  signature: field(3, i64),
}));
export type LearnNotifyResponse = Value<typeof learnNotifyResponse>;

export const groupCheckRequest = struct('group_check_request', () => ({
  app: field(1, appInfo),
  node: field(2, rpcAddress),
  config: field(3, replicaConfiguration),
  last_committed_decree: field(4, i64),
  confirmed_decree: optional(5, i64),
  child_gpid: optional(6, gpid),
  meta_split_status: optional(7, splitStatus),
  hp_node: optional(8, hostPort),
}));
export type GroupCheckRequest = Value<typeof groupCheckRequest>;

export const groupCheckResponse = struct('group_check_response', () => ({
  pid: field(1, gpid),
  err: field(2, errorCode),
  last_committed_decree_in_app: field(3, i64),
  last_committed_decree_in_prepare_list: field(4, i64),
  learner_status_: field(5, learnerStatus, LearnerStatus.LearningInvalid),
  learner_signature: field(6, i64),
  node: field(7, rpcAddress),
  is_split_stopped: optional(8, bool),
  disk_status: optional(9, diskStatus, DiskStatus.NORMAL),
  hp_node: optional(10, hostPort),
}));
export type GroupCheckResponse = Value<typeof groupCheckResponse>;
