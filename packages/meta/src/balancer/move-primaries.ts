import type { Node } from '@onebox/base';
import type { PartitionConfig } from '../state/partition';
import type { Proposals } from './proposals';
import type { ReplicaPlacement } from './replica-placement';
import { addToLoad } from './replica-placement';

/**
 * Moves `flow` primaries of a table along every hop of a path, from its end to its start. On each hop the partition
 * goes first whose disk on the giving node leads most compared with its disk on the taking one
 * (reference/cluster-behaviour.md 6.3, step 1, point 5).
 */
export function movePrimaries(
  appId: number,
  path: readonly Node[],
  flow: number,
  placement: ReplicaPlacement,
  proposals: Proposals,
): void {
  const loads = new Map(
    path.map((node) => [node, placement.diskLoad(node, placement.primaries(node, appId))]),
  );
  for (let hop = path.length - 1; hop > 0; hop -= 1) {
    const from = path[hop - 1];
    const to = path[hop];
    if (from === undefined || to === undefined) continue;
    const fromLoad = loads.get(from) ?? new Map<string, number>();
    const toLoad = loads.get(to) ?? new Map<string, number>();
    const candidates = placement.primaries(from, appId).filter((config) => config.secondaries.includes(to));
    for (let moved = 0; moved < flow && candidates.length > 0; moved += 1) {
      const lead = ({ gpid }: PartitionConfig): number =>
        (fromLoad.get(placement.diskTag(from, gpid)) ?? 0) - (toLoad.get(placement.diskTag(to, gpid)) ?? 0);
      const leads = candidates.map(lead);
      const [chosen] = candidates.splice(leads.indexOf(Math.max(...leads)), 1);
      if (chosen === undefined) break;
      proposals.add('move_primary', chosen, from, to);
      addToLoad(fromLoad, placement.diskTag(from, chosen.gpid), -1);
      addToLoad(toLoad, placement.diskTag(to, chosen.gpid), 1);
    }
  }
}
