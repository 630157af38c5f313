// Wire structs and enums of upstream's backup.thrift: field ids, names and types are the protocol's (reference/rpc-structs*.json).
import { bool, errorCode, field, gpid, i32, i64, list, optional, set, string, struct } from '../schema';
import type { Value } from '../schema';

export const backupClearRequest = struct('backup_clear_request', () => ({
  pid: field(1, gpid),
  policy_name: field(2, string),
}));
export type BackupClearRequest = Value<typeof backupClearRequest>;

export const backupEntry = struct('backup_entry', () => ({
  backup_id: field(1, i64),
  start_time_ms: field(2, i64),
  end_time_ms: field(3, i64),
  app_ids: field(4, set(i32)),
}));
export type BackupEntry = Value<typeof backupEntry>;

export const backupItem = struct('backup_item', () => ({
  backup_id: field(1, i64),
  app_name: field(2, string),
  backup_provider_type: field(3, string),
  backup_path: field(4, string),
  start_time_ms: field(5, i64),
  end_time_ms: field(6, i64),
  is_backup_failed: field(7, bool),
}));
export type BackupItem = Value<typeof backupItem>;

export const backupRequest = struct('backup_request', () => ({
  pid: field(1, gpid),
  policy: field(2, policyInfo),
  app_name: field(3, string),
  backup_id: field(4, i64),
  backup_path: optional(5, string),
}));
export type BackupRequest = Value<typeof backupRequest>;

export const backupResponse = struct('backup_response', () => ({
  err: field(1, errorCode),
  pid: field(2, gpid),
  progress: field(3, i32),
  policy_name: field(4, string),
  backup_id: field(5, i64),
  checkpoint_total_size: field(6, i64),
}));
export type BackupResponse = Value<typeof backupResponse>;

export const configurationAddBackupPolicyRequest = struct('configuration_add_backup_policy_request', () => ({
  backup_provider_type: field(1, string),
  policy_name: field(2, string),
  app_ids: field(3, list(i32)),
  backup_interval_seconds: field(4, i64),
  backup_history_count_to_keep: field(5, i32),
  start_time: field(6, string),
}));
export type ConfigurationAddBackupPolicyRequest = Value<typeof configurationAddBackupPolicyRequest>;

export const configurationAddBackupPolicyResponse = struct(
  'configuration_add_backup_policy_response',
  () => ({
    err: field(1, errorCode),
    hint_message: field(2, string),
  }),
);
export type ConfigurationAddBackupPolicyResponse = Value<typeof configurationAddBackupPolicyResponse>;

export const configurationModifyBackupPolicyRequest = struct(
  'configuration_modify_backup_policy_request',
  () => ({
    policy_name: field(1, string),
    add_appids: optional(2, list(i32)),
    removal_appids: optional(3, list(i32)),
    new_backup_interval_sec: optional(4, i64),
    backup_history_count_to_keep: optional(5, i32),
    is_disable: optional(6, bool),
    start_time: optional(7, string),
    force_disable: optional(8, bool),
  }),
);
export type ConfigurationModifyBackupPolicyRequest = Value<typeof configurationModifyBackupPolicyRequest>;

export const configurationModifyBackupPolicyResponse = struct(
  'configuration_modify_backup_policy_response',
  () => ({
    err: field(1, errorCode),
    hint_message: field(2, string),
  }),
);
export type ConfigurationModifyBackupPolicyResponse = Value<typeof configurationModifyBackupPolicyResponse>;

export const configurationQueryBackupPolicyRequest = struct(
  'configuration_query_backup_policy_request',
  () => ({
    policy_names: field(1, list(string)),
    backup_info_count: field(2, i32),
  }),
);
export type ConfigurationQueryBackupPolicyRequest = Value<typeof configurationQueryBackupPolicyRequest>;

export const configurationQueryBackupPolicyResponse = struct(
  'configuration_query_backup_policy_response',
  () => ({
    err: field(1, errorCode),
    policys: field(2, list(policyEntry)),
    backup_infos: field(3, list(list(backupEntry))),
    hint_msg: optional(4, string),
  }),
);
export type ConfigurationQueryBackupPolicyResponse = Value<typeof configurationQueryBackupPolicyResponse>;

export const configurationQueryRestoreRequest = struct('configuration_query_restore_request', () => ({
  restore_app_id: field(1, i32),
}));
export type ConfigurationQueryRestoreRequest = Value<typeof configurationQueryRestoreRequest>;

export const configurationQueryRestoreResponse = struct('configuration_query_restore_response', () => ({
  err: field(1, errorCode),
  restore_status: field(2, list(errorCode)),
  restore_progress: field(3, list(i32)),
}));
export type ConfigurationQueryRestoreResponse = Value<typeof configurationQueryRestoreResponse>;

export const configurationReportRestoreStatusRequest = struct(
  'configuration_report_restore_status_request',
  () => ({
    pid: field(1, gpid),
    restore_status: field(2, errorCode),
    progress: field(3, i32),
    reason: optional(4, string),
  }),
);
export type ConfigurationReportRestoreStatusRequest = Value<typeof configurationReportRestoreStatusRequest>;

export const configurationReportRestoreStatusResponse = struct(
  'configuration_report_restore_status_response',
  () => ({
    err: field(1, errorCode),
  }),
);
export type ConfigurationReportRestoreStatusResponse = Value<typeof configurationReportRestoreStatusResponse>;

export const configurationRestoreRequest = struct('configuration_restore_request', () => ({
  cluster_name: field(1, string),
  policy_name: field(2, string),
  time_stamp: field(3, i64),
  app_name: field(4, string),
  app_id: field(5, i32),
  new_app_name: field(6, string),
  backup_provider_name: field(7, string),
  skip_bad_partition: field(8, bool),
  restore_path: optional(9, string),
}));
export type ConfigurationRestoreRequest = Value<typeof configurationRestoreRequest>;

export const policyEntry = struct('policy_entry', () => ({
  policy_name: field(1, string),
  backup_provider_type: field(2, string),
  backup_interval_seconds: field(3, string),
  app_ids: field(4, set(i32)),
  backup_history_count_to_keep: field(5, i32),
  start_time: field(6, string),
  is_disable: field(7, bool),
}));
export type PolicyEntry = Value<typeof policyEntry>;

export const policyInfo = struct('policy_info', () => ({
  policy_name: field(1, string),
  backup_provider_type: field(2, string),
}));
export type PolicyInfo = Value<typeof policyInfo>;

export const queryBackupStatusRequest = struct('query_backup_status_request', () => ({
  app_id: field(1, i32),
  backup_id: optional(2, i64),
}));
export type QueryBackupStatusRequest = Value<typeof queryBackupStatusRequest>;

export const queryBackupStatusResponse = struct('query_backup_status_response', () => ({
  err: field(1, errorCode),
  hint_message: field(2, string),
  backup_items: optional(3, list(backupItem)),
}));
export type QueryBackupStatusResponse = Value<typeof queryBackupStatusResponse>;

export const startBackupAppRequest = struct('start_backup_app_request', () => ({
  backup_provider_type: field(1, string),
  app_id: field(2, i32),
  backup_path: optional(3, string),
}));
export type StartBackupAppRequest = Value<typeof startBackupAppRequest>;

export const startBackupAppResponse = struct('start_backup_app_response', () => ({
  err: field(1, errorCode),
  hint_message: field(2, string),
  backup_id: optional(3, i64),
}));
export type StartBackupAppResponse = Value<typeof startBackupAppResponse>;
