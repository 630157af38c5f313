export * from './action';
export * from './action-command';
export * from './apply-patch';
export * from './dashboard-state';
