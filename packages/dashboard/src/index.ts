export * from './feed/state-feed';
export * from './model';
export * from './server/dashboard-server';
