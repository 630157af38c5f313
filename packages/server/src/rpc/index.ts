export * from './negotiation';
export * from './rpc-handler';
export * from './rpc-registry';
