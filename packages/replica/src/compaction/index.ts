export * from './compaction-pool';
export * from './compaction-rules';
export * from './manual-compaction';
export * from './usage-scenario';
