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

/**
 * Whether a fault stands in the way of two: a cut of one of them that covers the other one, or a delay or loss of an RPC
 * that matters at one of them.
 */
export function hinders(
  { kind, instance, from, rpc }: LoggedFault,
  { between: [a, b], ...way }: Way,
): boolean {
  if (kind !== 'cut')
    return (instance === a || instance === b) && rpc !== null && way.rpc?.test(rpc) === true;
  const covers = (peer: string) => from.length === 0 || from.includes(peer);
  return (instance === a && covers(b)) || (instance === b && covers(a));
}
