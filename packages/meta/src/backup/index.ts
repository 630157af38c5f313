export type { BackupParts } from './backup-parts';
export { BackupService } from './backup-service';
export type { PolicyView } from './backup-service';
export type { Policy } from './policy';
export { startTimeText } from './start-time';
export { RestoreProgress } from './restore-progress';
export { restoreTable } from './restore-table';
