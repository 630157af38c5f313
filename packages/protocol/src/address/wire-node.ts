import { nodeAddress, tryParseHostPort, toNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { RpcAddress, WireHostPort } from '../schema';

/**
 * The identity of a node in a received struct: its `hp_*` field if the sender filled it, else the address as `ip:port`;
 * undefined when neither is a usable address. What comes from the wire is checked, since it goes into logs and ZooKeeper.
 */
export function wireNode(hp: WireHostPort | undefined, address: RpcAddress): Node | undefined {
  const named = hp == null ? undefined : tryParseHostPort(`${hp.host}:${hp.port}`);
  if (named !== undefined) return toNode(named);
  const numeric = address === null ? undefined : tryParseHostPort(`${address.ip}:${address.port}`);
  return numeric === undefined ? undefined : toNode(numeric);
}

/** The `hp_*` field of a node; null, upstream's invalid host_port, for none. */
export function toWireHostPort(node: Node | undefined): WireHostPort {
  return node === undefined ? null : nodeAddress(node);
}
