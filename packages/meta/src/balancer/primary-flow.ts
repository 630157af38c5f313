import type { Node } from '@onebox/base';
import type { TableView } from '../state/table';
import type { ReplicaPlacement } from './replica-placement';

/**
 * How primaries of one table could flow: `balanced` when nothing has to; a path of nodes along which `flow` primaries
 * move from each to the next; or `blocked` when no chain of secondaries leads from a node with too many to one with
 * too few.
 */
export type PrimaryFlow =
  | { readonly kind: 'balanced' }
  | { readonly kind: 'path'; readonly path: readonly Node[]; readonly flow: number }
  | { readonly kind: 'blocked'; readonly someBelowLow: boolean };

/** Finds the widest path for the primaries of a table (reference/cluster-behaviour.md 6.3, step 1, points 1 to 4). */
export function primaryFlow(table: TableView, placement: ReplicaPlacement): PrimaryFlow {
  const { nodes } = placement;
  const counts = nodes.map((node) => placement.primaries(node, table.info.appId).length);
  const low = Math.floor(table.info.partitionCount / nodes.length);
  const high = Math.ceil(table.info.partitionCount / nodes.length);
  const someAboveHigh = counts.some((count) => count > high);
  const someBelowLow = counts.some((count) => count < low);
  if (!someAboveHigh && !someBelowLow) return { kind: 'balanced' };

  const capacity = capacities(table, placement, counts, low);
  if (someAboveHigh && !someBelowLow) drainIntoFullNodes(capacity);
  return widestPath(capacity, nodes) ?? { kind: 'blocked', someBelowLow };
}

/** Vertex 0 is the source, 1..N are the nodes, N+1 is the sink; `capacity[u][v]` is what may flow from u to v. */
type Capacity = number[][];

function capacities(
  table: TableView,
  placement: ReplicaPlacement,
  counts: readonly number[],
  low: number,
): Capacity {
  const vertexOf = new Map(placement.nodes.map((node, index) => [node, index + 1]));
  const sink = placement.nodes.length + 1;
  const capacity: Capacity = Array.from({ length: sink + 1 }, () => new Array<number>(sink + 1).fill(0));
  counts.forEach((count, index) => {
    if (count > low) raise(capacity, 0, index + 1, count - low);
    else raise(capacity, index + 1, sink, low - count);
  });
  for (const config of table.partitions) {
    const from = config.primary === undefined ? undefined : vertexOf.get(config.primary);
    if (from === undefined) continue;
    for (const secondary of config.secondaries) {
      const to = vertexOf.get(secondary);
      if (to !== undefined) raise(capacity, from, to, 1);
    }
  }
  return capacity;
}

/**
 * The corner case: some node has too many but none too few, as with 4/2/2 primaries of 8. Then a node at `low` may
 * take one, and a node above it may only give what exceeds `low` + 1.
 */
function drainIntoFullNodes(capacity: Capacity): void {
  const sink = capacity.length - 1;
  for (let vertex = 1; vertex < sink; vertex += 1) {
    if (at(capacity, 0, vertex) > 0) raise(capacity, 0, vertex, -1);
    else raise(capacity, vertex, sink, 1);
  }
}

function widestPath(capacity: Capacity, nodes: readonly Node[]): PrimaryFlow | undefined {
  const sink = capacity.length - 1;
  const flow = capacity.map((_row, vertex) => (vertex === 0 ? Infinity : 0));
  const previous = new Map<number, number>();
  const visited = new Set<number>();
  while (!visited.has(sink)) {
    const next = widestUnvisited(flow, visited);
    if (next === undefined) return undefined;
    visited.add(next);
    for (let vertex = 0; vertex <= sink; vertex += 1) {
      const through = Math.min(flow[next] ?? 0, at(capacity, next, vertex));
      if (!visited.has(vertex) && through > (flow[vertex] ?? 0)) {
        flow[vertex] = through;
        previous.set(vertex, next);
      }
    }
  }
  const path: Node[] = [];
  for (let vertex = previous.get(sink) ?? 0; vertex !== 0; vertex = previous.get(vertex) ?? 0) {
    const node = nodes[vertex - 1];
    if (node !== undefined) path.unshift(node);
  }
  return { kind: 'path', path, flow: flow[sink] ?? 0 };
}

/** The unvisited vertex with the largest flow above 0, the lowest one among equals. */
function widestUnvisited(flow: readonly number[], visited: ReadonlySet<number>): number | undefined {
  let widest: number | undefined;
  flow.forEach((value, vertex) => {
    if (!visited.has(vertex) && value > (widest === undefined ? 0 : (flow[widest] ?? 0))) widest = vertex;
  });
  return widest;
}

function at(capacity: Capacity, from: number, to: number): number {
  return capacity[from]?.[to] ?? 0;
}

function raise(capacity: Capacity, from: number, to: number, by: number): void {
  const row = capacity[from];
  if (row !== undefined) row[to] = (row[to] ?? 0) + by;
}
