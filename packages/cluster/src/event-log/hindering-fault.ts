/** Two that speak to each other, an instance with another one or with ZooKeeper, and the RPCs between them that matter. */
export interface Way {
  readonly between: readonly [string, string];
  /** Task codes; left out: none, as with ZooKeeper. */
  readonly rpc?: RegExp;
}

/** What tells a meta server that a node is alive, and the node that it has a leader. */
export const BEACONS = /^RPC_FD_FAILURE_DETECTOR_PING$/;
/** What replica servers say to each other. */
export const AMONG_REPLICAS = /^RPC_(PREPARE|GROUP_CHECK|GROUP_BULK_LOAD|LEARN|REMOVE_REPLICA|QUERY_REPLICA)/;

const CUT = /^cut (\S+) from (.+?)(?:, HTTP included)?$/;
const HIT = /^(?:delay|drop) (\S+) at (\S+)/;

/**
 * Whether a fault stands in the way of two: a cut of one of them that covers the other one, or a delay or loss of an RPC
 * that matters at one of them.
 *
 * @param text of the fault, as `faultText` (`@onebox/server`) writes it
 */
export function hinders(text: string, { between: [a, b], rpc }: Way): boolean {
  const [, target, peers = ''] = CUT.exec(text) ?? [];
  if (target !== undefined) {
    const covers = (peer: string) => peers === 'everybody' || peers.split(', ').includes(peer);
    return (target === a && covers(b)) || (target === b && covers(a));
  }
  const [, code = '', place] = HIT.exec(text) ?? [];
  return (place === a || place === b) && rpc?.test(code) === true;
}
