import type { Node } from '@onebox/base';
import { members } from '../state/partition';
import { isMember } from '../state/partition-change';
import type { ClusterFacts, CureSettings, PartitionFacts } from './cluster-facts';
import { leastLoaded } from './cluster-facts';

/** The node that shall get the missing replica, if any, and where the cursor of the dropped list is afterwards. */
export interface SecondaryChoice {
  readonly node: Node | undefined;
  readonly cursor: number;
  readonly reason: string;
}

/**
 * Chooses a node for a missing secondary: in an emergency any, first from the dropped list; else only the node that
 * left last, within its time to come back (reference/cluster-behaviour.md 4.4b).
 */
export function chooseSecondary(
  partition: PartitionFacts,
  cluster: ClusterFacts,
  settings: CureSettings,
): SecondaryChoice {
  const { replicas, cursor } = partition.dropped;
  const emergency = emergencyReason(partition, cluster, settings);
  if (emergency === undefined) {
    const newest = replicas.at(-1)?.node;
    return newest !== undefined && cluster.isAlive(newest)
      ? { node: newest, cursor, reason: `${newest} was removed last and is alive` }
      : { node: undefined, cursor, reason: `waiting for ${newest ?? 'a node'}, which was removed last` };
  }
  const fromList = nextAliveDropped(partition, cluster);
  if (fromList.node !== undefined && !cluster.isBlackListed(fromList.node)) {
    return { ...fromList, reason: `${emergency}; ${fromList.node} is the next node of the dropped list` };
  }
  const { config } = partition;
  const candidates = cluster.aliveNodes.filter(
    (node) => !isMember(config, node) && !cluster.isBlackListed(node),
  );
  const node = leastLoaded(candidates, (a, b) => cluster.compareForSecondary(a, b, config.gpid.appId));
  return {
    node,
    cursor: fromList.cursor,
    reason:
      node === undefined ? `${emergency}, but no other node is alive` : `${emergency}; ${node} has least`,
  };
}

function emergencyReason(
  { config, dropped }: PartitionFacts,
  cluster: ClusterFacts,
  settings: CureSettings,
): string | undefined {
  const minimum = settings.minReplicaCountFor2pc(config.maxReplicaCount);
  if (config.maxReplicaCount > minimum && members(config).length < minimum)
    return 'too few replicas to write';
  const newest = dropped.replicas.at(-1);
  if (newest === undefined) return 'no removed node to wait for';
  // One never seen leaving counts as gone for ever.
  const awayMs = newest.droppedAtMs === undefined ? Infinity : settings.nowMs - newest.droppedAtMs;
  if (awayMs >= settings.replicaAssignDelayMs) {
    return newest.droppedAtMs === undefined
      ? `it is not known when ${newest.node} was removed`
      : `${newest.node} was removed too long ago`;
  }
  return cluster.isBlackListed(newest.node) ? `${newest.node} is black-listed` : undefined;
}

/** From the cursor downward the first alive node; a cursor that ran out of the list starts at its end again. */
function nextAliveDropped(
  { dropped: { replicas, cursor } }: PartitionFacts,
  cluster: ClusterFacts,
): { readonly node: Node | undefined; readonly cursor: number } {
  const from = cursor < 0 || cursor >= replicas.length ? replicas.length - 1 : cursor;
  for (let index = from; index >= 0; index -= 1) {
    const node = replicas[index]?.node;
    if (node !== undefined && cluster.isAlive(node)) return { node, cursor: index - 1 };
  }
  return { node: undefined, cursor: -1 };
}
