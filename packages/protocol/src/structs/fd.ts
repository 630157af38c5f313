// Wire structs and enums of upstream's fd.thrift: field ids, names and types are the protocol's (reference/rpc-structs*.json).
import { bool, field, hostPort, i64, optional, rpcAddress, struct } from '../schema';
import type { Value } from '../schema';

export const beaconMsg = struct('beacon_msg', () => ({
  time: field(1, i64),
  from_node: field(2, rpcAddress),
  to_node: field(3, rpcAddress),
  start_time: optional(4, i64),
  hp_from_node: optional(5, hostPort),
  hp_to_node: optional(6, hostPort),
}));
export type BeaconMsg = Value<typeof beaconMsg>;

export const beaconAck = struct('beacon_ack', () => ({
  time: field(1, i64),
  this_node: field(2, rpcAddress),
  primary_node: field(3, rpcAddress),
  is_master: field(4, bool),
  allowed: field(5, bool),
  hp_this_node: optional(6, hostPort),
  hp_primary_node: optional(7, hostPort),
}));
export type BeaconAck = Value<typeof beaconAck>;

export const configMasterMessage = struct('config_master_message', () => ({
  master: field(1, rpcAddress),
  is_register: field(2, bool),
  hp_master: optional(3, hostPort),
}));
export type ConfigMasterMessage = Value<typeof configMasterMessage>;
