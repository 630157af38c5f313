export * from './negotiation';
export * from './remote-commands';
export * from './rpc-handler';
export * from './rpc-observer';
export * from './rpc-registry';
