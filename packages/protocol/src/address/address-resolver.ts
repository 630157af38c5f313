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

/** Told how long each answer of a resolver took, in milliseconds. */
export interface ResolverObserver {
  /** A node or host was resolved, from memory or not. */
  resolved(durationMs: number): void;
  /** The system was asked for a name, with or without success. */
  asked(durationMs: number): void;
}

/** More nodes than any cluster has: somebody sends made-up ones, and remembering them would cost memory without end. */
const MOST_REMEMBERED = 10_000;

/** Knows IPv4 literals and `localhost` at once, asks the system for other names, and remembers what it was told. */
export class DnsAddressResolver implements AddressResolver {
  private readonly known = new Map<string, string>([['localhost', '127.0.0.1']]);
  private readonly addresses = new Map<Node, NonNullable<RpcAddress>>();
  private readonly asking = new Map<string, Promise<string>>();

  /** @param ask resolves a name to an IPv4 address; the system's resolver unless a test says otherwise */
  constructor(
    private readonly ask: (host: string) => Promise<string> = async (host) =>
      (await lookup(host, { family: 4 })).address,
    private readonly observer?: ResolverObserver,
  ) {}

  /** How many nodes' addresses it remembers. */
  get remembered(): number {
    return this.addresses.size;
  }

  toRpcAddress(node: Node): RpcAddress {
    const began = performance.now();
    const known = this.addresses.get(node) ?? this.addressOf(node);
    if (known !== undefined) {
      this.observer?.resolved(performance.now() - began);
      return known;
    }
    // Whoever needs the answer asks again; a name that cannot be resolved stays unknown.
    this.resolveHost(nodeAddress(node).host).catch(() => undefined);
    return null;
  }

  async learn(node: Node): Promise<void> {
    await this.resolveHost(nodeAddress(node).host);
    this.addressOf(node);
  }

  async resolveHost(host: string): Promise<string> {
    const began = performance.now();
    const ip = this.ipOf(host) ?? (await this.askFor(host));
    this.observer?.resolved(performance.now() - began);
    return ip;
  }

  private async askFor(host: string): Promise<string> {
    const asked = this.asking.get(host);
    if (asked !== undefined) return asked;
    const began = performance.now();
    const asking = this.ask(host).then((answer) => {
      this.known.set(host, answer);
      return answer;
    });
    this.asking.set(host, asking);
    try {
      return await asking;
    } finally {
      this.asking.delete(host);
      this.observer?.asked(performance.now() - began);
    }
  }

  /** The address of a node whose host is known, which is remembered. */
  private addressOf(node: Node): NonNullable<RpcAddress> | undefined {
    const { host, port } = nodeAddress(node);
    const ip = this.ipOf(host);
    if (ip === undefined) return undefined;
    if (this.addresses.size >= MOST_REMEMBERED) this.addresses.clear();
    const address = { ip, port };
    this.addresses.set(node, address);
    return address;
  }

  private ipOf(host: string): string | undefined {
    return isIPv4(host) ? host : this.known.get(host);
  }
}
