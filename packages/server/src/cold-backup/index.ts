export * from './backup-layout';
export * from './restore-envs';
