import type { Node } from '@onebox/base';
import type { PartitionConfig } from '../state/partition';
import { members } from '../state/partition';
import type { TableView } from '../state/table';
import type { Proposals } from './proposals';
import type { ReplicaPlacement } from './replica-placement';

/** What differs between copying primaries and copying secondaries. */
interface CopyRule {
  readonly kind: 'copy_primary' | 'copy_secondary';
  /** What is counted, and given away, on a node. */
  readonly held: (node: Node) => readonly PartitionConfig[];
  /** Whether the fullest and the emptiest node are too far apart. */
  readonly goesOn: (max: number, min: number) => boolean;
  readonly mayGo: (config: PartitionConfig, from: Node, to: Node) => boolean;
}

/** The loop both share: from the fullest node to the emptiest, always from the fullest disk (6.3). */
function copyReplicas(rule: CopyRule, placement: ReplicaPlacement, proposals: Proposals): void {
  const counts = new Map(placement.nodes.map((node) => [node, rule.held(node).length]));
  // Of a thousand tables hardly one is uneven: the rest is not worked out for them.
  if (!rule.goesOn(Math.max(...counts.values()), Math.min(...counts.values()))) return;
  const diskLoads = new Map(placement.nodes.map((node) => [node, placement.diskLoad(node, rule.held(node))]));
  const count = (node: Node): number => counts.get(node) ?? 0;
  let considered = [...placement.nodes];
  for (;;) {
    // Stable: among equal counts the node with the lower number comes first.
    const byCount = considered.toSorted((a, b) => count(a) - count(b));
    const to = byCount[0];
    const from = byCount[byCount.length - 1];
    if (to === undefined || from === undefined || to === from || !rule.goesOn(count(from), count(to))) return;
    const load = ({ gpid }: PartitionConfig): number =>
      diskLoads.get(from)?.get(placement.diskTag(from, gpid)) ?? 0;
    const candidates = rule
      .held(from)
      .filter((config) => !proposals.has(config.gpid) && rule.mayGo(config, from, to));
    const fullest = Math.max(...candidates.map(load));
    const chosen = candidates.find((config) => load(config) === fullest);
    if (chosen === undefined) {
      considered = considered.filter((node) => node !== from);
      continue;
    }
    proposals.add(rule.kind, chosen, from, to);
    counts.set(from, count(from) - 1);
    counts.set(to, count(to) + 1);
  }
}

/**
 * Copies primaries to nodes that have too few, where no chain of secondaries leads there (6.3, step 1, point 6).
 *
 * @param someBelowLow whether some node was below floor(P/N) when the run started; then that is all that gets repaired
 */
export function copyPrimaries(
  table: TableView,
  someBelowLow: boolean,
  placement: ReplicaPlacement,
  proposals: Proposals,
): void {
  const low = Math.floor(table.info.partitionCount / placement.nodes.length);
  copyReplicas(
    {
      kind: 'copy_primary',
      held: (node) => placement.primaries(node, table.info.appId),
      goesOn: (max, min) => (someBelowLow ? min < low : max - min > 1),
      mayGo: () => true,
    },
    placement,
    proposals,
  );
}

/** Evens out how many partitions of a table each node holds by exchanging secondaries (6.3, step 2). */
export function copySecondaries(table: TableView, placement: ReplicaPlacement, proposals: Proposals): void {
  const low = Math.floor(table.info.partitionCount / placement.nodes.length);
  copyReplicas(
    {
      kind: 'copy_secondary',
      held: (node) => placement.partitions(node, table.info.appId),
      goesOn: (max, min) => max > low && max - min > 1,
      mayGo: (config, from, to) => config.primary !== from && !members(config).includes(to),
    },
    placement,
    proposals,
  );
}
