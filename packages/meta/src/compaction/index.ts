export * from './compaction-envs';
export * from './compaction-progress';
export * from './manual-compaction';
