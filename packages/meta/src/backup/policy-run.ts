import { BackupLayout, backupRoot } from '@onebox/server';
import type { BackedUpTable, BlockFileSystem } from '@onebox/server';
import { writeTableJson } from '../state/table-json';
import { askPrimary } from './ask-primary';
import { BackupFailure } from './backup-failure';
import { BACKUP_TIMES } from './backup-parts';
import type { BackupParts } from './backup-parts';
import type { Backup, Policy } from './policy';
import { writeBackupJson } from './policy-json';
import { writeBackupFile } from './write-backup-file';

/**
 * One run of a policy, from the tables' metadata to `backup_info`. Begun again by the next leader, or after a failure, it
 * writes the same files again; partitions that are finished say so at once.
 *
 * @returns the backup with its end, or undefined when the signal ended it
 * @throws BackupFailure
 */
export async function runBackup(
  parts: BackupParts,
  policy: Policy,
  backup: Backup,
  signal: AbortSignal,
): Promise<Backup | undefined> {
  const block = parts.blockService(policy.provider);
  if (block === undefined) {
    throw new BackupFailure(
      'ERR_INVALID_PARAMETERS',
      `the configuration has no [block_service.${policy.provider}]`,
    );
  }
  const layout = new BackupLayout(backupRoot(parts.flags.get('cold_backup_root')), backup.id);
  const stop = new AbortController();
  const run: Run = { parts, policy, backup, block, layout, signal: AbortSignal.any([signal, stop.signal]) };
  // The first failure ends the others; nothing of this run goes on when it has failed.
  const results = await Promise.allSettled(
    backup.appIds.map(async (appId) => {
      try {
        await backUpTable(run, { appId, appName: backup.appNames.get(appId) ?? '' });
      } catch (error) {
        stop.abort();
        throw error;
      }
    }),
  );
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  if (signal.aborted) return undefined;
  const finished: Backup = { ...backup, endTimeMs: parts.clock.unixMs() };
  await writeBackupFile(parts, block, { path: layout.backupInfo, bytes: writeBackupJson(finished) }, signal);
  return signal.aborted ? undefined : finished;
}

interface Run {
  readonly parts: BackupParts;
  readonly policy: Policy;
  readonly backup: Backup;
  readonly block: BlockFileSystem;
  readonly layout: BackupLayout;
  readonly signal: AbortSignal;
}

/** A table that is dropped, before or meanwhile, is skipped: the backup goes on without it, and without its flag. */
async function backUpTable(
  { parts, policy, backup, block, layout, signal }: Run,
  table: BackedUpTable,
): Promise<void> {
  const info = parts.state.table(table.appId)?.info;
  if (info?.status !== 'AS_AVAILABLE') {
    parts.log.warn(`backup ${policy.name}@${backup.id}: table ${table.appId} is not available, skipped`);
    return;
  }
  // As upstream: what the envs were is not part of a backup.
  const metadata = writeTableJson({ ...info, envs: new Map() }, 'AS_AVAILABLE');
  await writeBackupFile(parts, block, { path: layout.appMetadata(table), bytes: metadata }, signal);
  const outcomes = await Promise.all(
    Array.from({ length: info.partitionCount }, (_unused, partitionIndex) =>
      askPrimary(
        parts,
        {
          gpid: { appId: table.appId, partitionIndex },
          policyName: policy.name,
          provider: policy.provider,
          appName: table.appName,
          backupId: backup.id,
          backupPath: undefined,
        },
        BACKUP_TIMES,
        signal,
      ),
    ),
  );
  let bytes = 0;
  for (const outcome of outcomes) {
    if (!outcome.finished) return;
    bytes += outcome.bytes;
  }
  const flag = Buffer.from(JSON.stringify({ total_checkpoint_size: bytes }));
  await writeBackupFile(parts, block, { path: layout.appBackupStatus(table), bytes: flag }, signal);
}
