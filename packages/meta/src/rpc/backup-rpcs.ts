import {
  RPC,
  backupEntry,
  backupItem,
  configurationAddBackupPolicyResponse,
  configurationModifyBackupPolicyResponse,
  configurationQueryBackupPolicyResponse,
  make,
  policyEntry,
  queryBackupStatusResponse,
  startBackupAppResponse,
} from '@onebox/protocol';
import type {
  ConfigurationQueryBackupPolicyRequest,
  ConfigurationQueryBackupPolicyResponse,
  Rpc,
} from '@onebox/protocol';
import type { BackupService, PolicyView } from '../backup';
import { startTimeText } from '../backup';
import { refusal } from './leader-only';
import type { LeaderOnly } from './leader-only';

/** Backup policies and one-time backups (reference/rpc-protocol.md 2.2). Switched off they are all refused alike. */
export function serveBackupRpcs(rpcs: LeaderOnly): void {
  const serve = <Q, A>(
    rpc: Rpc<Q, A>,
    handler: (backups: BackupService, request: Q) => A | Promise<A>,
  ): void => {
    rpcs.on(rpc, ({ backups }, request) =>
      backups === undefined
        ? refusal<A>(rpc as Rpc<unknown, A>, 'ERR_SERVICE_NOT_ACTIVE')
        : handler(backups, request),
    );
  };
  serve(RPC.RPC_CM_ADD_BACKUP_POLICY, async (backups, request) => {
    const { error, hint } = await backups.addPolicy(request);
    return make(configurationAddBackupPolicyResponse, { err: error, hint_message: hint });
  });
  serve(RPC.RPC_CM_MODIFY_BACKUP_POLICY, async (backups, request) => {
    const { error, hint } = await backups.modifyPolicy(request);
    return make(configurationModifyBackupPolicyResponse, { err: error, hint_message: hint });
  });
  serve(RPC.RPC_CM_QUERY_BACKUP_POLICY, queryPolicies);
  serve(RPC.RPC_CM_START_BACKUP_APP, async ({ oneTime }, request) => {
    const answer = await oneTime.start(request.app_id, request.backup_provider_type, request.backup_path);
    return make(startBackupAppResponse, {
      err: answer.error,
      hint_message: answer.hint,
      backup_id: answer.backupId,
    });
  });
  serve(RPC.RPC_CM_QUERY_BACKUP_STATUS, ({ oneTime }, request) => {
    const items = oneTime.of(request.app_id, request.backup_id).map((backup) =>
      make(backupItem, {
        backup_id: backup.id,
        app_name: backup.table.appName,
        backup_provider_type: backup.provider,
        backup_path: backup.path,
        start_time_ms: backup.startTimeMs,
        end_time_ms: backup.endTimeMs,
        is_backup_failed: backup.failed,
      }),
    );
    return items.length === 0
      ? make(queryBackupStatusResponse, {
          err: 'ERR_INVALID_PARAMETERS',
          hint_message: 'Backup not found, please check app_id or backup_id.',
        })
      : make(queryBackupStatusResponse, {
          err: 'ERR_OK',
          hint_message: `There are ${items.length} available backups for app ${request.app_id}.`,
          backup_items: items,
        });
  });
}

/** Without names all policies; a name that is none is told in the hint, and is an error only when nothing else is left. */
function queryPolicies(
  backups: BackupService,
  { policy_names: names, backup_info_count: count }: ConfigurationQueryBackupPolicyRequest,
): ConfigurationQueryBackupPolicyResponse {
  const wanted: readonly (PolicyView | string)[] =
    names.length === 0 ? backups.policies() : names.map((name) => backups.policy(name) ?? name);
  const found = wanted.filter((each) => typeof each !== 'string');
  const hints = wanted
    .filter((each) => typeof each === 'string')
    .map((name) => `invalid policy_name ${name}`);
  return make(configurationQueryBackupPolicyResponse, {
    err: found.length === 0 && names.length > 0 ? 'ERR_INVALID_PARAMETERS' : 'ERR_OK',
    policys: found.map(({ policy }) =>
      make(policyEntry, {
        policy_name: policy.name,
        backup_provider_type: policy.provider,
        backup_interval_seconds: String(policy.intervalSeconds),
        app_ids: [...policy.appIds],
        backup_history_count_to_keep: policy.historyCountToKeep,
        start_time: startTimeText(policy.startTime),
        is_disable: policy.disabled,
      }),
    ),
    backup_infos: found.map((view) =>
      view.backups(count).map((backup) =>
        make(backupEntry, {
          backup_id: backup.id,
          start_time_ms: backup.startTimeMs,
          end_time_ms: backup.endTimeMs,
          app_ids: [...backup.appIds],
        }),
      ),
    ),
    hint_msg: hints.length === 0 ? undefined : hints.join('\n\t'),
  });
}
