export { ReplicaBackups } from './replica-backups';
export { ReplicaRestores } from './replica-restores';
export type { RestoredContent } from './replica-restores';
