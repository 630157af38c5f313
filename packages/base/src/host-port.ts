import { OneboxError } from './onebox-error';

/** Where a server is reached: a host name or IPv4 address, and a TCP port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

declare const nodeBrand: unique symbol;

/** The identity of a server everywhere in the product: the text `host:port`, as configured. */
export type Node = string & { readonly [nodeBrand]: true };

/** Reads `host:port`; undefined when the text is not one. */
export function tryParseHostPort(text: string): HostPort | undefined {
  const match = /^([A-Za-z0-9._-]+):(\d{1,5})$/.exec(text.trim());
  if (match === null) return undefined;
  const port = Number(match[2]);
  return port >= 1 && port <= 65535 ? { host: match[1] ?? '', port } : undefined;
}

/** Reads `host:port`. @throws OneboxError ONEBOX_BAD_ADDRESS */
export function parseHostPort(text: string): HostPort {
  const parsed = tryParseHostPort(text);
  if (parsed === undefined) {
    throw new OneboxError('ONEBOX_BAD_ADDRESS', `'${text}' is not a host:port address`, {
      nextStep: 'Write it as HOST:PORT with a port from 1 to 65535, for example 127.0.0.1:34601.',
      data: { text },
    });
  }
  return parsed;
}

export function toNode(address: HostPort): Node {
  return `${address.host}:${address.port}` as Node;
}

/** Reads the identity of a server. @throws OneboxError ONEBOX_BAD_ADDRESS */
export function parseNode(text: string): Node {
  return toNode(parseHostPort(text));
}

/** A cluster has few servers, and asks for their addresses many thousand times. */
const addresses = new Map<Node, HostPort>();
const MOST_REMEMBERED = 1024;

/** The address behind an identity that was made by {@link toNode}. */
export function nodeAddress(node: Node): HostPort {
  const known = addresses.get(node);
  if (known !== undefined) return known;
  const colon = node.lastIndexOf(':');
  const address = { host: node.slice(0, colon), port: Number(node.slice(colon + 1)) };
  if (addresses.size >= MOST_REMEMBERED) addresses.clear();
  addresses.set(node, address);
  return address;
}

/** Upstream's row order: host as text, then port as a number (reference/http-api.md 3). */
export function compareNodes(a: Node, b: Node): number {
  const left = nodeAddress(a);
  const right = nodeAddress(b);
  if (left.host !== right.host) return left.host < right.host ? -1 : 1;
  return left.port - right.port;
}
