import type { Node } from '@onebox/base';
import type { NodeView } from '../cluster-view';
import type { TableView } from '../state/table';

/** How unevenly replicas are spread over the nodes, as `/meta/cluster` shows it. */
export interface ReplicaSpread {
  readonly primaryStddev: number;
  readonly totalStddev: number;
}

/**
 * Standard deviations of primary and of partition counts over the alive nodes that hold something, all tables that
 * are not dropped together; 0 with fewer than two such nodes (reference/cluster-behaviour.md 6.2).
 */
export function replicaSpread(nodes: readonly NodeView[], tables: readonly TableView[]): ReplicaSpread {
  const { primaries, partitions } = countReplicas(tables);
  const primaryCount = ({ node }: NodeView): number => primaries.get(node) ?? 0;
  const partitionCount = ({ node }: NodeView): number => partitions.get(node) ?? 0;
  const sample = nodes.filter((view) => view.alive && partitionCount(view) > 0);
  const dead = nodes.filter((view) => !view.alive);
  return {
    primaryStddev: stddev(
      sample.map(primaryCount),
      dead.some((view) => primaryCount(view) > 0),
    ),
    totalStddev: stddev(
      sample.map(partitionCount),
      dead.some((view) => partitionCount(view) > 0),
    ),
  };
}

/** How many primaries and how many partitions each node holds, in all tables that are not dropped. */
export function countReplicas(tables: readonly TableView[]): {
  readonly primaries: ReadonlyMap<Node, number>;
  readonly partitions: ReadonlyMap<Node, number>;
} {
  const primaries = new Map<Node, number>();
  const partitions = new Map<Node, number>();
  const countOne = (counts: Map<Node, number>, node: Node): void => {
    counts.set(node, (counts.get(node) ?? 0) + 1);
  };
  for (const table of tables) {
    if (table.info.status === 'AS_DROPPED') continue;
    for (const { primary, secondaries } of table.partitions) {
      if (primary !== undefined) countOne(primaries, primary);
      for (const node of primary === undefined ? secondaries : [primary, ...secondaries])
        countOne(partitions, node);
    }
  }
  return { primaries, partitions };
}

/** Upstream's rounding to two decimals; `partial` when a dead node's share is missing from the sample. */
function stddev(sample: readonly number[], partial: boolean): number {
  if (sample.length < 2) return 0;
  const mean = sample.reduce((sum, value) => sum + value, 0) / sample.length;
  const squares = sample.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const deviation = Math.sqrt(squares / (partial ? sample.length - 1 : sample.length));
  return Math.trunc((deviation + 0.005) * 100) / 100;
}
