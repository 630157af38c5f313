import { describeError } from '@onebox/base';
import type { ErrorCode } from '@onebox/base';
import { BackupLayout, backupRoot } from '@onebox/server';
import type { BackedUpTable, BlockFileSystem } from '@onebox/server';
import type { HintedAnswer } from '../tables/hinted-answer';
import type { TableInfo } from '../state/table';
import { writeTableJson } from '../state/table-json';
import { askPrimary } from './ask-primary';
import { BackupFailure } from './backup-failure';
import type { BackupParts } from './backup-parts';
import { writeBackupFile } from './write-backup-file';

/** As a tool is told about it; in memory only, a new leader knows none. */
export interface OneTimeBackup {
  /** When it began, in unix milliseconds; the same as {@link startTimeMs}. */
  readonly id: number;
  readonly table: BackedUpTable;
  readonly provider: string;
  /** Of the user's; empty for none. */
  readonly path: string;
  readonly startTimeMs: number;
  /** 0 while it is not finished. */
  readonly endTimeMs: number;
  readonly failed: boolean;
}

export interface StartAnswer extends HintedAnswer {
  readonly backupId?: number;
}

/** Upstream's constants (its src/meta/backup_engine.cpp), Pegasus ms. */
const TIMES = { stepMs: 1000, noPrimaryMs: 10_000 };

/** Backups that somebody asks for, one at a time for each table (reference/rpc-protocol.md 4.6). */
export class OneTimeBackups {
  private readonly backups = new Map<number, OneTimeBackup>();
  private readonly ending = new AbortController();

  constructor(private readonly parts: BackupParts) {}

  /** Answers when the table's metadata is in the block service; the partitions follow. */
  async start(appId: number, provider: string, path: string | undefined): Promise<StartAnswer> {
    const refuse = (error: ErrorCode, why: string): StartAnswer => ({ error, hint: `Backup failed: ${why}` });
    const info = this.parts.state.table(appId)?.info;
    if (info?.status !== 'AS_AVAILABLE') return refuse('ERR_INVALID_STATE', `invalid app id ${appId}.`);
    const block = this.parts.blockService(provider);
    if (block === undefined) {
      return refuse('ERR_INVALID_PARAMETERS', `invalid backup_provider_type ${provider}.`);
    }
    if (this.of(appId).some(isUnderWay)) {
      return refuse('ERR_INVALID_STATE', `app ${appId} is actively being backed up.`);
    }
    const startTimeMs = this.freeId();
    const backup: OneTimeBackup = {
      id: startTimeMs,
      table: { appId, appName: info.appName },
      provider,
      path: path ?? '',
      startTimeMs,
      endTimeMs: 0,
      failed: false,
    };
    this.backups.set(backup.id, backup);
    try {
      await this.writeMetadata(block, backup, info);
    } catch (error) {
      this.backups.delete(backup.id);
      this.parts.log.error(`one-time backup ${backup.id} of ${info.appName}: ${describeError(error)}`);
      const code = error instanceof BackupFailure ? error.errorCode : 'ERR_FS_INTERNAL';
      return refuse(code, `could not backup metadata for app ${appId}.`);
    }
    this.tell(backup, 'begins');
    this.run(block, backup, info.partitionCount).catch((error: unknown) =>
      this.fail(backup, describeError(error)),
    );
    return {
      error: 'ERR_OK',
      hint:
        `Backup succeed: metadata of app ${appId} has been successfully backed up ` +
        'and backup request has been sent to replica servers.',
      backupId: backup.id,
    };
  }

  /** Those of a table, the oldest first. */
  of(appId: number, backupId?: number): readonly OneTimeBackup[] {
    return [...this.backups.values()].filter(
      ({ id, table }) => table.appId === appId && (backupId === undefined || backupId === id),
    );
  }

  close(): void {
    this.ending.abort();
  }

  /** Ids are times; two backups within a millisecond must not write the same files. */
  private freeId(): number {
    let id = this.parts.clock.unixMs();
    while (this.backups.has(id)) id += 1;
    return id;
  }

  private layout({ id, path }: OneTimeBackup): BackupLayout {
    return new BackupLayout(backupRoot(this.parts.flags.get('cold_backup_root'), path), id);
  }

  private writeMetadata(block: BlockFileSystem, backup: OneTimeBackup, info: TableInfo): Promise<void> {
    const bytes = writeTableJson({ ...info, envs: new Map() }, 'AS_AVAILABLE');
    const path = this.layout(backup).appMetadata(backup.table);
    return writeBackupFile(this.parts, block, { path, bytes }, this.ending.signal);
  }

  private async run(block: BlockFileSystem, backup: OneTimeBackup, partitionCount: number): Promise<void> {
    const { parts } = this;
    const { id, table, provider, path, startTimeMs } = backup;
    const stop = new AbortController();
    const signal = AbortSignal.any([this.ending.signal, stop.signal]);
    const order = {
      policyName: `fake_policy_${id}`,
      provider,
      appName: table.appName,
      backupId: id,
      backupPath: path === '' ? undefined : path,
    };
    const askOne = async (partitionIndex: number): Promise<void> => {
      const outcome = await askPrimary(
        parts,
        { ...order, gpid: { appId: table.appId, partitionIndex } },
        TIMES,
        signal,
      );
      if (!outcome.finished && outcome.why === 'gone') {
        throw new BackupFailure('ERR_INVALID_STATE', `table ${table.appId} is not available any more`);
      }
    };
    try {
      await Promise.all(Array.from({ length: partitionCount }, (_unused, index) => askOne(index)));
    } finally {
      // One partition that fails is the end of the whole backup.
      stop.abort();
    }
    if (this.ending.signal.aborted) return;
    // The file is written before the end is known, as upstream's.
    const backupInfo = {
      backup_id: id,
      start_time_ms: startTimeMs,
      end_time_ms: 0,
      app_id: table.appId,
      app_name: table.appName,
    };
    const file = { path: this.layout(backup).backupInfo, bytes: Buffer.from(JSON.stringify(backupInfo)) };
    await writeBackupFile(parts, block, file, this.ending.signal);
    if (this.ending.signal.aborted) return;
    this.backups.set(id, { ...backup, endTimeMs: parts.clock.unixMs() });
    this.tell(backup, 'finished');
    parts.log.info(`one-time backup ${id} of ${table.appName}: finished`);
  }

  private tell({ id, table }: OneTimeBackup, what: string): void {
    this.parts.chronicle.tableChanged(table, `one-time backup ${id}: ${what}`);
  }

  private fail(backup: OneTimeBackup, reason: string): void {
    if (this.ending.signal.aborted) return;
    this.backups.set(backup.id, { ...backup, failed: true });
    this.tell(backup, `failed: ${reason}`);
    this.parts.log.error(`one-time backup ${backup.id} of ${backup.table.appName}: failed: ${reason}`);
  }
}

function isUnderWay({ endTimeMs, failed }: OneTimeBackup): boolean {
  return endTimeMs === 0 && !failed;
}
