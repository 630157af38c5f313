import { OneboxError } from '@onebox/base';
import type { ErrorCode } from '@onebox/base';
import {
  RPC,
  configurationAddBackupPolicyRequest,
  configurationModifyBackupPolicyRequest,
  configurationQueryBackupPolicyRequest,
  configurationQueryRestoreRequest,
  configurationRestoreRequest,
  make,
  queryBackupStatusRequest,
  startBackupAppRequest,
} from '@onebox/protocol';
import type { ConfigurationModifyBackupPolicyRequest } from '@onebox/protocol';
import { MetaRefusal } from './meta-admin';
import type { MetaAdmin } from './meta-admin';
import type { RefusalMeanings } from './refusal-meaning';
import { checkTableName } from './table-name';

/** A run of a policy. Times are unix milliseconds; the end is 0 while it is under way. */
export interface ListedBackup {
  readonly id: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly tableIds: readonly number[];
}

export interface ListedPolicy {
  readonly name: string;
  readonly provider: string;
  readonly intervalSeconds: number;
  readonly tableIds: readonly number[];
  readonly historyCount: number;
  /** `HH:MM`; 24:00 is any time. */
  readonly startTime: string;
  readonly enabled: boolean;
  /** The newest first. */
  readonly backups: readonly ListedBackup[];
}

/** A one-time backup, as the leader remembers it. */
export interface BackupStatus {
  readonly id: number;
  readonly table: string;
  readonly provider: string;
  readonly path: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly failed: boolean;
}

export interface NewPolicy {
  readonly provider: string;
  readonly tableIds: readonly number[];
  readonly intervalSeconds: number;
  readonly historyCount: number;
  /** Empty: any time. */
  readonly startTime: string;
}

export interface PolicyChanges {
  readonly addTableIds: readonly number[];
  readonly removeTableIds: readonly number[];
  readonly intervalSeconds?: number | undefined;
  readonly historyCount?: number | undefined;
  readonly startTime?: string | undefined;
}

/** What is restored, and as what. */
export interface RestoreWish {
  /** Of the cluster that made the backup. */
  readonly cluster: string;
  /** Empty, but for backups of older releases. */
  readonly policy: string;
  readonly backupId: number;
  readonly table: string;
  readonly tableId: number;
  readonly newName: string;
  readonly provider: string;
  /** In the block service; empty: its root. */
  readonly path: string;
  readonly skipBadPartitions: boolean;
}

/** Backups, over the RPCs of the real shell and admin-cli. All refusals are {@link MetaRefusal}s. */
export class BackupAdmin {
  constructor(private readonly meta: MetaAdmin) {}

  async addPolicy(name: string, policy: NewPolicy): Promise<void> {
    await this.meta.demand(
      `adding backup policy '${name}'`,
      RPC.RPC_CM_ADD_BACKUP_POLICY,
      make(configurationAddBackupPolicyRequest, {
        policy_name: name,
        backup_provider_type: policy.provider,
        app_ids: [...policy.tableIds],
        backup_interval_seconds: policy.intervalSeconds,
        backup_history_count_to_keep: policy.historyCount,
        start_time: policy.startTime,
      }),
    );
  }

  async modifyPolicy(name: string, changes: PolicyChanges): Promise<void> {
    const { addTableIds, removeTableIds } = changes;
    await this.modify(`changing backup policy '${name}'`, {
      policy_name: name,
      add_appids: addTableIds.length === 0 ? undefined : [...addTableIds],
      removal_appids: removeTableIds.length === 0 ? undefined : [...removeTableIds],
      new_backup_interval_sec: changes.intervalSeconds,
      backup_history_count_to_keep: changes.historyCount,
      start_time: changes.startTime,
    });
  }

  /** Gives the server's hint: it is enabled already. */
  enablePolicy(name: string): Promise<string> {
    return this.modify(`enabling backup policy '${name}'`, { policy_name: name, is_disable: false });
  }

  /** @throws MetaRefusal ERR_BUSY while a backup of it runs, unless forced */
  async disablePolicy(name: string, force: boolean): Promise<void> {
    await this.modify(
      `disabling backup policy '${name}'`,
      { policy_name: name, is_disable: true, force_disable: force },
      {
        ERR_BUSY: {
          says: 'a backup of it is under way',
          nextStep: 'Wait until it is finished, or write --force: then it is the last one.',
        },
      },
    );
  }

  /**
   * @param names none: all
   * @param backupCount how many of the newest runs to tell
   */
  async policies(names: readonly string[], backupCount: number): Promise<readonly ListedPolicy[]> {
    const what = 'asking for backup policies';
    const answer = await this.meta.ask(
      RPC.RPC_CM_QUERY_BACKUP_POLICY,
      make(configurationQueryBackupPolicyRequest, {
        policy_names: [...names],
        backup_info_count: backupCount,
      }),
    );
    const hint = answer.hint_msg ?? '';
    if (answer.err !== 'ERR_OK' || hint !== '') {
      const nextStep = '`onebox backup list` without a name lists all.';
      throw new MetaRefusal(answer.err, hint, what, { ERR_INVALID_PARAMETERS: { nextStep } });
    }
    return answer.policys.map((policy, index) => ({
      name: policy.policy_name,
      provider: policy.backup_provider_type,
      intervalSeconds: Number(policy.backup_interval_seconds),
      tableIds: policy.app_ids,
      historyCount: policy.backup_history_count_to_keep,
      startTime: policy.start_time,
      enabled: !policy.is_disable,
      backups: (answer.backup_infos[index] ?? []).map((backup) => ({
        id: backup.backup_id,
        startMs: backup.start_time_ms,
        endMs: backup.end_time_ms,
        tableIds: backup.app_ids,
      })),
    }));
  }

  /** Begins a backup of one table and gives its id. @param path in the block service; empty: its root */
  async start(tableId: number, provider: string, path: string): Promise<number> {
    const answer = await this.meta.demand(
      `backing up table ${tableId}`,
      RPC.RPC_CM_START_BACKUP_APP,
      make(startBackupAppRequest, {
        app_id: tableId,
        backup_provider_type: provider,
        backup_path: path === '' ? undefined : path,
      }),
    );
    return answer.backup_id ?? 0;
  }

  /** The one-time backups of a table that this leader began, the oldest first. @param backupId only this one */
  async status(tableId: number, backupId?: number): Promise<readonly BackupStatus[]> {
    const answer = await this.meta.demand(
      `asking for the backups of table ${tableId}`,
      RPC.RPC_CM_QUERY_BACKUP_STATUS,
      make(queryBackupStatusRequest, { app_id: tableId, backup_id: backupId }),
      {
        ERR_INVALID_PARAMETERS: {
          nextStep: `\`onebox backup now ${tableId}\` begins one; a new leader knows none.`,
        },
      },
    );
    return (answer.backup_items ?? []).map((item) => ({
      id: item.backup_id,
      table: item.app_name,
      provider: item.backup_provider_type,
      path: item.backup_path,
      startMs: item.start_time_ms,
      endMs: item.end_time_ms,
      failed: item.is_backup_failed,
    }));
  }

  /** Makes a table of a backup and gives its id. @throws OneboxError ONEBOX_BAD_TABLE_NAME when it is to have a new name that is none */
  async restore(wish: RestoreWish): Promise<number> {
    if (wish.newName !== wish.table) checkTableName(wish.newName);
    const answer = await this.meta.demand(
      `restoring table '${wish.table}' from backup ${wish.backupId}`,
      RPC.RPC_CM_START_RESTORE,
      make(configurationRestoreRequest, {
        cluster_name: wish.cluster,
        policy_name: wish.policy,
        time_stamp: wish.backupId,
        app_name: wish.table,
        app_id: wish.tableId,
        new_app_name: wish.newName,
        backup_provider_name: wish.provider,
        skip_bad_partition: wish.skipBadPartitions,
        restore_path: wish.path === '' ? undefined : wish.path,
      }),
      restoreMeanings(wish),
    );
    return answer.appid;
  }

  /** How far each partition of a restored table is, in order; progress is of 1000. */
  async restoreStatus(tableId: number): Promise<readonly { status: ErrorCode; progress: number }[]> {
    const answer = await this.meta.demand(
      `asking how far table ${tableId} is restored`,
      RPC.RPC_CM_QUERY_RESTORE_STATUS,
      make(configurationQueryRestoreRequest, { restore_app_id: tableId }),
    );
    return answer.restore_status.map((status, index) => ({
      status,
      progress: answer.restore_progress[index] ?? 0,
    }));
  }

  private async modify(
    what: string,
    request: ConfigurationModifyBackupPolicyRequest,
    meanings?: RefusalMeanings,
  ): Promise<string> {
    const answer = await this.meta.ask(
      RPC.RPC_CM_MODIFY_BACKUP_POLICY,
      make(configurationModifyBackupPolicyRequest, request),
    );
    const { err, hint_message: hint } = answer;
    if (err === 'ERR_INVALID_PARAMETERS' && hint === '') {
      // The only reason for which the server says nothing more.
      throw new OneboxError(err, `there is no backup policy '${request.policy_name}'`, {
        nextStep: 'See `onebox backup list`.',
        data: { policy: request.policy_name },
      });
    }
    if (err !== 'ERR_OK') throw new MetaRefusal(err, hint, what, meanings);
    return hint;
  }
}

/** Restores are refused by a code alone. */
function restoreMeanings({ table, tableId, backupId, newName, provider }: RestoreWish): RefusalMeanings {
  const place =
    'It is found by its id, the names of table and cluster, --table-id, --provider, --path and --policy.';
  return {
    ERR_OBJECT_NOT_FOUND: {
      says: `'${provider}' has no backup ${backupId} of table '${table}' with id ${tableId}`,
      nextStep: `${place} See \`onebox backup status ${table}\`.`,
    },
    ERR_CORRUPTION: {
      says: 'what the backup says of the table is damaged, or of another one',
      nextStep: place,
    },
    ERR_INVALID_PARAMETERS: {
      says: `there is a table '${newName}', or no block service '${provider}'`,
      nextStep: 'See `onebox app list`; --as gives the new table another name.',
    },
  };
}
