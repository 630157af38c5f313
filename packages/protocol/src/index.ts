export * from './address';
export * from './codec';
export * from './error-result';
export * from './framing';
export * from './rpc-catalog';
export * from './rpc-client';
export { make } from './schema';
export type { RpcAddress, StructValue, Typed, Value, WireHostPort } from './schema';
export * from './structs';
