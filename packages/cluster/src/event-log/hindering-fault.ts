import type { LoggedFault } from '@onebox/server';

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

/** What of a fault decides; `kind` is the one of an event, or of a fault in a list. */
export interface HinderingFault {
  readonly kind: 'pause' | LoggedFault['kind'];
  readonly instance: string;
  /** Of a cut; empty: everybody. */
  readonly from: readonly string[] | null;
  readonly rpc: string | null;
}

/**
 * Whether a fault stands in the way of two: a cut of one of them that covers the other one, or a delay or loss of an RPC
 * that matters at one of them. Not a pause, which is of a whole process.
 */
export function hinders({ kind, instance, from, rpc }: HinderingFault, { between, ...way }: Way): boolean {
  const [a, b] = between;
  switch (kind) {
    case 'pause':
      return false;
    case 'cut': {
      const covers = (peer: string) => from === null || from.length === 0 || from.includes(peer);
      return (instance === a && covers(b)) || (instance === b && covers(a));
    }
    case 'delay':
    case 'drop':
      return (instance === a || instance === b) && rpc !== null && way.rpc?.test(rpc) === true;
  }
}
