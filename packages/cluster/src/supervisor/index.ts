export * from './child-process-supervisor';
export * from './last-will';
export * from './pm2/pm2-supervisor';
export * from './process-records';
export * from './process-spec';
export * from './supervisor';
export * from './terminate';
