// Wire structs and enums of upstream's request_meta.thrift: field ids, names and types are the protocol's (reference/rpc-structs*.json).
import { bool, i32, i64big, optional, struct } from '../schema';
import type { Value } from '../schema';

export const thriftRequestMetaV1 = struct('thrift_request_meta_v1', () => ({
  app_id: optional(1, i32),
  partition_index: optional(2, i32),
  client_timeout: optional(3, i32),
  client_partition_hash: optional(4, i64big),
  is_backup_request: optional(5, bool),
}));
export type ThriftRequestMetaV1 = Value<typeof thriftRequestMetaV1>;
