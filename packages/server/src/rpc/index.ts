export * from './negotiation';
export { serveRemoteCommands } from './remote-commands';
export * from './rpc-handler';
export * from './rpc-registry';
