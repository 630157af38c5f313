export * from './meta-group';
export * from './rpc-client';
export * from './rpc-error';
