export * from './duplication';
export * from './duplication-status';
export * from './duplications';
export * from './duplications-of';
export * from './follower-status';
export * from './follower-table';
export * from './partition-progress';
