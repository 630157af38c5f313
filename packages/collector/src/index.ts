export * from './cluster-watch';
export * from './collector-server';
