import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { nodeAddress } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { RpcAddress } from '../schema';

/** Finds the IPv4 address behind a server's `host:port` identity, for the `rpc_address` fields and for connecting. */
export interface AddressResolver {
  /** The address of a node, or null while it is not known; asking begins to learn it. */
  toRpcAddress(node: Node): RpcAddress;
  /** Settles when the node's address is known. Rejects when its name cannot be resolved. */
  learn(node: Node): Promise<void>;
  /** The IPv4 address of a host. Rejects when the name cannot be resolved. */
  resolveHost(host: string): Promise<string>;
}

/** Knows IPv4 literals and `localhost` at once, asks the system for other names, and remembers what it was told. */
export class DnsAddressResolver implements AddressResolver {
  private readonly known = new Map<string, string>([['localhost', '127.0.0.1']]);
  private readonly asking = new Map<string, Promise<string>>();

  /** @param ask resolves a name to an IPv4 address; the system's resolver unless a test says otherwise */
  constructor(
    private readonly ask: (host: string) => Promise<string> = async (host) =>
      (await lookup(host, { family: 4 })).address,
  ) {}

  toRpcAddress(node: Node): RpcAddress {
    const { host, port } = nodeAddress(node);
    const ip = this.ipOf(host);
    if (ip !== undefined) return { ip, port };
    // Whoever needs the answer asks again; a name that cannot be resolved stays unknown.
    this.resolveHost(host).catch(() => undefined);
    return null;
  }

  async learn(node: Node): Promise<void> {
    await this.resolveHost(nodeAddress(node).host);
  }

  async resolveHost(host: string): Promise<string> {
    const ip = this.ipOf(host);
    if (ip !== undefined) return ip;
    const asked = this.asking.get(host);
    if (asked !== undefined) return asked;
    const asking = this.ask(host).then((answer) => {
      this.known.set(host, answer);
      return answer;
    });
    this.asking.set(host, asking);
    try {
      return await asking;
    } finally {
      this.asking.delete(host);
    }
  }

  private ipOf(host: string): string | undefined {
    return isIPv4(host) ? host : this.known.get(host);
  }
}
