export { CHECKPOINT_RECORD } from './local-checkpoint';
export { ReplicaBackups } from './replica-backups';
