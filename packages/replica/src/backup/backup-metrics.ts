import type { MetricEntity } from '@onebox/server';
import type { ColdBackup, ColdBackupEvents, ColdBackupStatus } from './cold-backup';

/** Counts the events of backups on the entity of their replica (reference/metrics.md 3). */
export function backupEvents(entity: MetricEntity): ColdBackupEvents {
  return {
    onStarted: () => entity.counter('backup_started_count').add(),
    onFailed: () => entity.counter('backup_failed_count').add(),
    onSucceeded: () => entity.counter('backup_successful_count').add(),
    onCancelled: () => entity.counter('backup_cancelled_count').add(),
    onFileUploaded: (bytes) => {
      entity.counter('backup_file_upload_successful_count').add();
      entity.counter('backup_file_upload_total_bytes').add(bytes);
    },
    onFileUploadFailed: () => entity.counter('backup_file_upload_failed_count').add(),
  };
}

/** What is over, for a primary; a secondary has done its part with the checkpoint. */
const OVER: readonly ColdBackupStatus[] = ['new', 'cancelled', 'completed', 'failed'];

/** The gauges of one replica, as they are now. */
export function measureBackups(
  entity: MetricEntity,
  backups: readonly ColdBackup[],
  isPrimary: boolean,
): void {
  const running = backups.filter(
    ({ status }) => !OVER.includes(status) && (isPrimary || status !== 'checkpointed'),
  );
  const uploading = running.filter(({ status }) => status === 'uploading');
  entity.gauge('backup_running_count').set(running.length);
  entity
    .gauge('backup_max_duration_ms')
    .set(Math.round(Math.max(0, ...uploading.map(({ runningMs }) => runningMs))));
  entity
    .gauge('backup_file_upload_max_bytes')
    .set(Math.max(0, ...uploading.map(({ uploadedBytes }) => uploadedBytes)));
}
