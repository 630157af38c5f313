import {
  RPC,
  configurationAddBackupPolicyRequest,
  configurationModifyBackupPolicyRequest,
  configurationQueryBackupPolicyRequest,
  make,
  queryBackupStatusRequest,
  startBackupAppRequest,
} from '@onebox/protocol';
import type {
  BackupEntry,
  ConfigurationAddBackupPolicyRequest,
  ConfigurationModifyBackupPolicyRequest,
  Rpc,
} from '@onebox/protocol';

/** Calls the leader as a tool does. */
export type Ask = <Q, A>(rpc: Rpc<Q, A>, request: Q) => Promise<A>;

/** A policy that the checks let pass, with what a test wants otherwise. */
export function addRequest(
  given: Partial<ConfigurationAddBackupPolicyRequest> = {},
): ConfigurationAddBackupPolicyRequest {
  return make(configurationAddBackupPolicyRequest, {
    backup_provider_type: 'local_service',
    policy_name: 'every_day',
    app_ids: [1],
    backup_interval_seconds: 86_400,
    backup_history_count_to_keep: 7,
    start_time: '',
    ...given,
  });
}

export function modifyRequest(
  given: Partial<ConfigurationModifyBackupPolicyRequest>,
): ConfigurationModifyBackupPolicyRequest {
  return make(configurationModifyBackupPolicyRequest, { policy_name: 'every_day', ...given });
}

/** What tools ask about backups: each gives what a test looks at of the answer. */
export function backupRequests(ask: Ask) {
  return {
    add: async (given: Partial<ConfigurationAddBackupPolicyRequest> = {}) => {
      const { err, hint_message: hint } = await ask(RPC.RPC_CM_ADD_BACKUP_POLICY, addRequest(given));
      return [err, hint];
    },
    modify: async (given: Partial<ConfigurationModifyBackupPolicyRequest>) => {
      const { err, hint_message: hint } = await ask(RPC.RPC_CM_MODIFY_BACKUP_POLICY, modifyRequest(given));
      return [err, hint];
    },
    query: (names: readonly string[] = [], count = 100) =>
      ask(
        RPC.RPC_CM_QUERY_BACKUP_POLICY,
        make(configurationQueryBackupPolicyRequest, { policy_names: [...names], backup_info_count: count }),
      ),
    /** The runs of `every_day`, the newest first. */
    runs: async (): Promise<readonly BackupEntry[]> => {
      const answer = await ask(
        RPC.RPC_CM_QUERY_BACKUP_POLICY,
        make(configurationQueryBackupPolicyRequest, { policy_names: ['every_day'], backup_info_count: 100 }),
      );
      return answer.backup_infos[0] ?? [];
    },
    now: (appId: number, path?: string, provider = 'local_service') =>
      ask(
        RPC.RPC_CM_START_BACKUP_APP,
        make(startBackupAppRequest, { app_id: appId, backup_provider_type: provider, backup_path: path }),
      ),
    status: (appId: number, backupId?: number) =>
      ask(
        RPC.RPC_CM_QUERY_BACKUP_STATUS,
        make(queryBackupStatusRequest, { app_id: appId, backup_id: backupId }),
      ),
  };
}
