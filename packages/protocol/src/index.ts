export * from './rpc-catalog';
export { make } from './schema';
export type { RpcAddress, StructValue, Typed, Value, WireHostPort } from './schema';
export * from './structs';
export * from './thrift-codec';
