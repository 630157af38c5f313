export * from './failure-detector/meta-link';
export * from './replica-server';
export * from './settings';
export * from './storage/storage-engine';
