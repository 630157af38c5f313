// Wire structs and enums of upstream's command.thrift: field ids, names and types are the protocol's (reference/rpc-structs*.json).
import { field, list, string, struct } from '../schema';
import type { Value } from '../schema';

export const command = struct('command', () => ({
  cmd: field(1, string),
  arguments: field(2, list(string)),
}));
export type Command = Value<typeof command>;
