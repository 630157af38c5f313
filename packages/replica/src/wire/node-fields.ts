import type { Node } from '@onebox/base';
import { toWireHostPort } from '@onebox/protocol';
import type { RpcAddress, WireHostPort } from '@onebox/protocol';
import type { AddressBook } from '../network';

/** The value of an `rpc_address` field; null, upstream's invalid address, for no node. */
export function addressOf(node: Node | undefined, addresses: AddressBook): RpcAddress {
  return node === undefined ? null : addresses.toRpcAddress(node);
}

/** The pair of fields by which a struct names a node in `node` and `hp_node`. */
export function nodeFields(
  node: Node,
  addresses: AddressBook,
): { readonly node: RpcAddress; readonly hp_node: WireHostPort } {
  return { node: addressOf(node, addresses), hp_node: toWireHostPort(node) };
}
