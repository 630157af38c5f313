import { nodeAddress } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { AddressResolver, RpcAddress } from '@onebox/protocol';

/** A resolver for hosts that are IPv4 literals. */
export const ADDRESSES: AddressResolver = {
  toRpcAddress: (node: Node): RpcAddress => {
    const { host, port } = nodeAddress(node);
    return { ip: host, port };
  },
  learn: async () => undefined,
  resolveHost: async (host) => host,
};
