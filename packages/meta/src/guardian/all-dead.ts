import type { Node } from '@onebox/base';
import { findDropped } from './dropped-list';
import type { ReplicaProgress } from './dropped-list';
import type { ClusterFacts, PartitionFacts } from './cluster-facts';

/** Who may lead a partition that lost all its members ("DDD"), or why nobody does. */
export type AllDeadChoice =
  { readonly node: Node; readonly reason: string } | { readonly node: undefined; readonly reason: string };

/** A node of `last_drops` that is back, with what it still has: nothing when it lost the replica. */
interface Returned {
  readonly node: Node;
  readonly progress: ReplicaProgress | undefined;
}

/**
 * Chooses a primary among the nodes that left last, never one that might miss committed writes
 * (reference/cluster-behaviour.md 4.4a, step 3). A refusal needs an operator; its reason is shown by DDD_DIAGNOSE.
 */
export function chooseAmongDropped(partition: PartitionFacts, cluster: ClusterFacts): AllDeadChoice {
  const lastDrops = partition.config.lastDrops;
  const [onlyOne] = lastDrops;
  if (lastDrops.length === 1 && onlyOne !== undefined) {
    return { node: onlyOne, reason: `${onlyOne} was the last member` };
  }
  const returned: Returned[] = [];
  for (const node of lastDrops.slice(-2)) {
    const here = whatIsBack(node, partition, cluster);
    if (typeof here === 'string') return { node: undefined, reason: here };
    returned.push(here);
  }
  const [previous, recent] = returned;
  if (previous === undefined || recent === undefined) {
    return { node: undefined, reason: 'no node is known to have been a member' };
  }
  return chooseBetween(previous, recent, partition.config.lastCommittedDecree);
}

function whatIsBack(node: Node, { dropped }: PartitionFacts, cluster: ClusterFacts): Returned | string {
  if (!cluster.isAlive(node)) return `${node}, one of the last two members, is not alive`;
  // What it reported before it died says nothing about what it has now.
  if (!cluster.hasReported(node)) {
    return `${node}, one of the last two members, has not reported its replicas`;
  }
  return { node, progress: findDropped(dropped, node)?.progress };
}

const NO_REPLICA: ReplicaProgress = { ballot: -1, lastCommittedDecree: -1, lastPreparedDecree: -1 };

function chooseBetween(previous: Returned, recent: Returned, committedInMeta: number): AllDeadChoice {
  if (previous.progress === undefined && recent.progress === undefined) {
    return {
      node: undefined,
      reason: `neither ${previous.node} nor ${recent.node} has the replica any more`,
    };
  }
  const a = previous.progress ?? NO_REPLICA;
  const b = recent.progress ?? NO_REPLICA;
  const ballotGap = a.ballot - b.ballot;
  const committedGap = a.lastCommittedDecree - b.lastCommittedDecree;
  if (Math.sign(ballotGap) * Math.sign(committedGap) < 0) {
    return {
      node: undefined,
      reason: `of ${previous.node} and ${recent.node} the one with the larger ballot has committed less`,
    };
  }
  const prepared = Math.max(a.lastPreparedDecree, b.lastPreparedDecree);
  const committed = Math.max(a.lastCommittedDecree, b.lastCommittedDecree);
  if (prepared < committedInMeta || prepared < committed) {
    return {
      node: undefined,
      reason:
        `the best prepared decree, ${prepared}, is below a committed one: ` +
        `${committedInMeta} in the meta server, ${committed} on ${previous.node} and ${recent.node}`,
    };
  }
  const gap =
    [ballotGap, committedGap, a.lastPreparedDecree - b.lastPreparedDecree].find((g) => g !== 0) ?? 0;
  return gap > 0
    ? { node: previous.node, reason: `${previous.node} is ahead of ${recent.node}` }
    : { node: recent.node, reason: `${recent.node} is not behind ${previous.node} and was removed later` };
}
