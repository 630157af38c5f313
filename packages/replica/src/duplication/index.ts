export * from './duplication-sync';
export * from './duplicator';
export * from './mutation-log';
export * from './mutation-log-file';
export * from './partition-duplications';
export * from './remote-clusters';
