import { describeError, pause } from '@onebox/base';
import { BackupLayout, backupRoot, blockErrorCode } from '@onebox/server';
import type { MetricEntity } from '@onebox/server';
import { BACKUP_TIMES } from './backup-parts';
import type { BackupParts } from './backup-parts';
import type { Backup, Policy } from './policy';
import { runBackup } from './policy-run';
import type { PolicyStore, StoredPolicy } from './policy-store';
import { isBackupDue } from './schedule';

/**
 * One policy in the leader's memory: when it is due it runs, one backup at a time, and what is too old is removed. Both go on
 * until it is closed.
 */
export class PolicyRunner {
  private currentPolicy: Policy;
  private current: Backup | undefined;
  private failed = false;
  /** Finished backups by id, the oldest first. */
  private readonly history = new Map<number, Backup>();
  private readonly metrics: MetricEntity;
  private readonly ending = new AbortController();

  constructor(
    private readonly parts: BackupParts,
    private readonly store: PolicyStore,
    { policy, backups }: StoredPolicy,
  ) {
    this.metrics = parts.metrics.entity('backup_policy', `backup_policy@${policy.name}`, {
      policy_name: policy.name,
    });
    this.currentPolicy = policy;
    const last = backups.at(-1);
    for (const backup of backups) {
      // Only the last one can be unfinished; an older one that is will be removed with its turn.
      if (backup === last && backup.endTimeMs === 0 && backup.status === 'alive') this.current = backup;
      else this.history.set(backup.id, backup);
    }
  }

  get policy(): Policy {
    return this.currentPolicy;
  }

  /** Whether a backup is under way, and has not failed. */
  get running(): boolean {
    return this.current !== undefined && !this.failed;
  }

  /** The newest first: the one under way, then those that are finished. */
  backups(count: number): readonly Backup[] {
    const newestFirst = [...this.history.values()].reverse();
    const all = this.current === undefined ? newestFirst : [this.current, ...newestFirst];
    return all.slice(0, Math.max(0, count));
  }

  start(): void {
    for (const loop of [this.keepRunning(), this.keepCollecting()]) {
      loop.catch((error: unknown) => {
        if (!this.closed) this.parts.log.error(`backup ${this.policy.name}: ${describeError(error)}`);
      });
    }
  }

  /** The change is in ZooKeeper. */
  replace(policy: Policy): void {
    this.currentPolicy = policy;
  }

  close(): void {
    this.ending.abort();
    this.metrics.release();
  }

  private get closed(): boolean {
    return this.ending.signal.aborted;
  }

  private async keepRunning(): Promise<void> {
    while (!this.closed) {
      const finished = !this.policy.disabled && (await this.beginIfDue()) && (await this.run());
      // Right after a backup the next one may be due: its interval may have passed meanwhile.
      if (!finished) await pause(this.parts.clock, BACKUP_TIMES.nextLookMs, this.ending.signal);
    }
  }

  /** True when there is a backup to run: an unfinished one, or a new one. */
  private async beginIfDue(): Promise<boolean> {
    if (this.current !== undefined) return true;
    const { clock, state, log } = this.parts;
    const { policy } = this;
    const lastStartMs = [...this.history.values()].at(-1)?.startTimeMs;
    const nowMs = clock.unixMs();
    if (!isBackupDue(policy, { lastStartMs, nowMs, scale: clock.scale })) return false;
    if (!policy.appIds.some((appId) => state.table(appId)?.info.status === 'AS_AVAILABLE')) {
      log.warn(`backup ${policy.name}: none of its tables is available, nothing to do`);
      return false;
    }
    const backup: Backup = {
      id: nowMs,
      startTimeMs: nowMs,
      endTimeMs: 0,
      appIds: policy.appIds,
      appNames: policy.appNames,
      status: 'alive',
    };
    this.current = backup;
    this.failed = false;
    await this.store.createBackup(policy, backup);
    log.info(`backup ${policy.name}@${backup.id}: begins with tables ${backup.appIds.join(', ')}`);
    this.tell(backup, 'begins');
    return true;
  }

  /** True when the backup is finished; a failed one is begun again at the next look. */
  private async run(): Promise<boolean> {
    const { policy, current } = this;
    if (current === undefined) return false;
    this.failed = false;
    try {
      const finished = await runBackup(this.parts, policy, current, this.ending.signal);
      if (finished === undefined) return false;
      await this.store.updateBackup(policy, finished);
      this.history.set(finished.id, finished);
      this.current = undefined;
      this.tell(finished, 'finished');
      this.parts.log.info(
        `backup ${policy.name}@${finished.id}: finished in ${finished.endTimeMs - finished.startTimeMs} ms`,
      );
      return true;
    } catch (error) {
      this.failed = true;
      this.tell(current, `failed: ${describeError(error)}`);
      this.parts.log.error(`backup ${policy.name}@${current.id}: failed: ${describeError(error)}`);
      return false;
    }
  }

  private tell({ id, appNames }: Backup, what: string): void {
    for (const [appId, appName] of appNames) {
      this.parts.chronicle.tableChanged({ appId, appName }, `backup ${this.policy.name}@${id}: ${what}`);
    }
  }

  private async keepCollecting(): Promise<void> {
    const duration = this.metrics.gauge('backup_recent_duration_ms');
    while (!this.closed) {
      await this.collect();
      duration.set(this.lastDurationMs());
      await pause(this.parts.clock, BACKUP_TIMES.collectMs, this.ending.signal);
    }
  }

  /** Removes what a deletion left, and what is older than the policy keeps: the files first, then the znode. */
  private async collect(): Promise<void> {
    const surplus = this.history.size - Math.max(0, this.policy.historyCountToKeep);
    const old = [...this.history.values()].filter(
      (backup, index) => index < surplus || backup.status === 'deleting',
    );
    for (const backup of old) {
      if (this.closed || !(await this.remove(backup))) return;
    }
  }

  private async remove(backup: Backup): Promise<boolean> {
    const { policy, parts } = this;
    const deleting: Backup = { ...backup, status: 'deleting' };
    this.history.set(backup.id, deleting);
    await this.store.updateBackup(policy, deleting);
    const { directory } = new BackupLayout(backupRoot(parts.flags.get('cold_backup_root')), backup.id);
    try {
      await parts.blockService(policy.provider)?.remove(directory, { recursive: true });
    } catch (error) {
      if (blockErrorCode(error) !== 'ERR_OBJECT_NOT_FOUND') {
        parts.log.warn(
          `backup ${policy.name}@${backup.id}: not removed, again at the next look: ${describeError(error)}`,
        );
        return false;
      }
    }
    await this.store.removeBackup(policy, backup);
    this.history.delete(backup.id);
    parts.log.info(
      `backup ${policy.name}@${backup.id}: removed, the policy keeps ${policy.historyCountToKeep}`,
    );
    return true;
  }

  /** Of the backup under way so far, else of the newest one; 0 before the first. */
  private lastDurationMs(): number {
    if (this.current !== undefined) return this.parts.clock.unixMs() - this.current.startTimeMs;
    const newest = [...this.history.values()].at(-1);
    return newest === undefined ? 0 : Math.max(0, newest.endTimeMs - newest.startTimeMs);
  }
}
