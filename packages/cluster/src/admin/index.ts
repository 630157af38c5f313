export * from './backup-admin';
export * from './bulk-load-admin';
export * from './compaction-admin';
export * from './duplication-admin';
export * from './duplication-obstacle';
export * from './explained-duplications';
export * from './meta-admin';
export * from './table-admin';
