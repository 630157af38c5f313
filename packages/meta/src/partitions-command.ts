import type { Node } from '@onebox/base';
import type { ControlRequest, PartitionsAnswer, TableMembers, ToldTable } from '@onebox/server';
import type { NodeTable } from './liveness/node-table';
import { learnerOf } from './guardian/proposal';
import type { ServerState } from './state/server-state';
import type { TableState } from './state/table-state';

/** Partitions of one answer: they are put into words at once, and the leader has beacons to answer. */
const MOST_PARTITIONS = 4000;

/** What of a leader is looked at. */
interface Leading {
  readonly ready: boolean;
  readonly state: ServerState;
  readonly nodes: NodeTable;
}

/**
 * Tells which tables changed since an earlier answer of the same leader, or all of them. A table that is larger than an answer is to
 * be comes alone.
 */
export function tellPartitions(
  leader: Leading | undefined,
  { leader: asked, since }: ControlRequest,
): PartitionsAnswer {
  if (leader?.ready !== true) return { leader: null };
  const { state, nodes } = leader;
  const { tableChanges } = state;
  const full = asked !== tableChanges.leader || typeof since !== 'number';
  const indexes = new NodeIndexes(nodes);
  const tables: ToldTable[] = [];
  let partitions = 0;
  let count = tableChanges.count;
  let more = false;
  for (const changed of tableChanges.since(full ? 0 : since)) {
    const table = state.table(changed.appId);
    if (table === undefined) continue;
    more = tables.length > 0 && partitions + table.partitions.length > MOST_PARTITIONS;
    if (more) break;
    partitions += table.partitions.length;
    count = changed.count;
    tables.push(told(table, indexes));
  }
  return {
    leader: tableChanges.leader,
    full,
    count: more ? count : tableChanges.count,
    more,
    nodes: indexes.list,
    tables,
  };
}

function told(table: TableState, indexes: NodeIndexes): ToldTable {
  const { appId, appName: name, status, maxReplicaCount } = table.info;
  const partitions = table.partitions.map(({ ballot, primary, secondaries }, index): TableMembers => {
    const learner = learnerOf(table.context(index).proposals);
    return [
      ballot,
      primary === undefined ? -1 : indexes.of(primary),
      secondaries.map((node) => indexes.of(node)),
      learner === undefined ? [] : [indexes.of(learner)],
    ];
  });
  return { appId, name, status, maxReplicaCount, partitions };
}

/** Numbers nodes as they come up, those first that the leader heard from. */
class NodeIndexes {
  readonly list: { readonly node: Node; readonly alive: boolean | null }[];
  private readonly byNode: Map<Node, number>;

  constructor(nodes: NodeTable) {
    this.list = nodes.all().map(({ node, alive }) => ({ node, alive }));
    this.byNode = new Map(this.list.map(({ node }, index) => [node, index]));
  }

  of(node: Node): number {
    const known = this.byNode.get(node);
    if (known !== undefined) return known;
    this.byNode.set(node, this.list.length);
    return this.list.push({ node, alive: null }) - 1;
  }
}
