import { FakeClock } from '@onebox/base';
import { MetricRegistry } from '@onebox/server';
import { measureBackups } from '../../src/backup/backup-metrics';
import type { ColdBackup, ColdBackupStatus } from '../../src/backup/cold-backup';

function backup(status: ColdBackupStatus, runningMs: number, uploadedBytes: number): ColdBackup {
  return { status, runningMs, uploadedBytes } as ColdBackup;
}

test.each([
  ['nothing', [], true, [0, 0, 0]],
  ['what is under way', [backup('checking', 9, 0), backup('checkpointed', 9, 0)], true, [2, 0, 0]],
  [
    'what is over',
    [backup('completed', 9, 5), backup('failed', 9, 5), backup('cancelled', 9, 5)],
    true,
    [0, 0, 0],
  ],
  [
    'the slowest and the largest upload',
    [backup('uploading', 70, 10), backup('uploading', 50.4, 20)],
    true,
    [2, 70, 20],
  ],
  [
    'a secondary has done its part with the checkpoint',
    [backup('checkpointed', 9, 0), backup('checkpointing', 9, 0)],
    false,
    [1, 0, 0],
  ],
] satisfies [string, ColdBackup[], boolean, number[]][])('%s', (_what, backups, isPrimary, shown) => {
  const metrics = new MetricRegistry({ clock: new FakeClock(), role: 'replica', retirementDelayMs: 1000 });
  const entity = metrics.entity('replica', 'replica@1.0');
  measureBackups(entity, [backup('uploading', 1, 1)], true);
  measureBackups(entity, backups, isPrimary);
  expect([
    entity.gauge('backup_running_count').value,
    entity.gauge('backup_max_duration_ms').value,
    entity.gauge('backup_file_upload_max_bytes').value,
  ]).toEqual(shown);
  metrics.close();
});
