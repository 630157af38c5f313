export * from './backup-admin';
export * from './bulk-load-admin';
export * from './compaction-admin';
export * from './duplication-admin';
export * from './meta-admin';
export * from './table-admin';
