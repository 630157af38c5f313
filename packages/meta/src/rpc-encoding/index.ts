export * from './app-info';
export * from './cluster-info';
export * from './list-apps';
export * from './list-nodes';
export * from './partition-configuration';
export * from './query-partition-config';
export * from './duplication-entry';
