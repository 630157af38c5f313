// Wire structs and enums of upstream's duplication_internal.thrift: field ids, names and types are the protocol's (reference/rpc-structs*.json).
import { blob, bool, field, i32, i64, i8, list, optional, string, struct, taskCode } from '../schema';
import type { Value } from '../schema';

export const duplicateRequest = struct('duplicate_request', () => ({
  entries: field(1, list(duplicateEntry)),
}));
export type DuplicateRequest = Value<typeof duplicateRequest>;

export const duplicateEntry = struct('duplicate_entry', () => ({
  timestamp: optional(1, i64),
  task_code: optional(2, taskCode),
  raw_message: optional(3, blob),
  cluster_id: optional(4, i8),
  verify_timetag: optional(5, bool),
}));
export type DuplicateEntry = Value<typeof duplicateEntry>;

export const duplicateResponse = struct('duplicate_response', () => ({
  error: optional(1, i32),
  error_hint: optional(2, string),
}));
export type DuplicateResponse = Value<typeof duplicateResponse>;
