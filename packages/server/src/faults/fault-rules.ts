import type { Node } from '@onebox/base';
import type { CutFault, Fault } from './fault';

/** Whether two identities are the same server: a peer on the wire is `ip:port`, a fault names servers as they are advertised. */
export type IsSame = (a: Node, b: Node) => boolean;

/**
 * Whether a server has to do something about a fault. A cut is enforced on both sides, as far as servers are named; who is cut off from
 * everybody does that alone.
 */
export function concerns(fault: Fault, self: Node, isSame: IsSame): boolean {
  if (isSame(fault.node, self)) return true;
  return fault.kind === 'cut' && fault.from.some(({ node }) => node !== null && isSame(node, self));
}

/**
 * Whether a cut lies between this server and a peer. A server is never cut off from itself.
 *
 * @param peer undefined for clients and tools: only who is cut off from everybody is cut off from them
 */
export function cutsOff(cut: CutFault, self: Node, peer: Node | undefined, isSame: IsSame): boolean {
  if (peer !== undefined && isSame(peer, self)) return false;
  if (isSame(cut.node, self)) {
    if (cut.from.length === 0) return true;
    return peer !== undefined && cut.from.some(({ node }) => node !== null && isSame(node, peer));
  }
  const isNamed = cut.from.some(({ node }) => node !== null && isSame(node, self));
  return isNamed && peer !== undefined && isSame(cut.node, peer);
}

/** Whether a fault keeps this server's ZooKeeper traffic. */
export function cutsZooKeeper(fault: Fault, self: Node, isSame: IsSame): boolean {
  if (fault.kind !== 'cut' || !isSame(fault.node, self)) return false;
  return fault.from.length === 0 || fault.from.some(({ node }) => node === null);
}

/** Whether a fault keeps this server's HTTP: all of it, because HTTP does not tell who asks. */
export function cutsHttp(fault: Fault, self: Node, isSame: IsSame): boolean {
  return fault.kind === 'cut' && fault.http && isSame(fault.node, self);
}

/** A fault with what is needed to decide by lot. */
export interface DrawnFault {
  readonly fault: Fault;
  /** From 0 up to, not including, 1. */
  readonly draw: () => number;
}

/** What becomes of a request, and which faults did it. */
export type Decision<F extends DrawnFault> =
  | { readonly kind: 'pass' }
  | { readonly kind: 'lose'; readonly by: F }
  | { readonly kind: 'delay'; readonly ms: number; readonly by: readonly F[] };

const PASS = { kind: 'pass' } as const;

/**
 * Decides about one request. A cut comes first. Otherwise every fault of this server with its task code draws one lot, whatever the others have
 * drawn, so that each has its own sequence; one drop loses the request, delays add up.
 */
export function decide<F extends DrawnFault>(
  faults: Iterable<F>,
  { self, peer, code }: { readonly self: Node; readonly peer: Node | undefined; readonly code: string },
  isSame: IsSame,
): Decision<F> {
  const drawing: F[] = [];
  for (const one of faults) {
    const { fault } = one;
    if (fault.kind === 'cut') {
      if (cutsOff(fault, self, peer, isSame)) return { kind: 'lose', by: one };
    } else if (fault.rpc === code && isSame(fault.node, self)) drawing.push(one);
  }
  const hits = drawing.filter(({ fault, draw }) => fault.kind !== 'cut' && draw() < fault.probability);
  const drop = hits.find(({ fault }) => fault.kind === 'drop');
  if (drop !== undefined) return { kind: 'lose', by: drop };
  if (hits.length === 0) return PASS;
  const ms = hits.reduce((sum, { fault }) => sum + (fault.kind === 'delay' ? fault.ms : 0), 0);
  return { kind: 'delay', ms, by: hits };
}
