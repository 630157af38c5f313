import type { DashboardState, PartitionEntry, TableEntry } from '../model';

/** A row of the tables' grid: a table, or one of its partitions. */
export type GridRow =
  | {
      readonly kind: 'table';
      readonly table: TableEntry;
      readonly open: boolean;
      readonly perNode: readonly NodeCount[];
    }
  | {
      readonly kind: 'partition';
      readonly appId: number;
      readonly index: number;
      readonly partition: PartitionEntry;
      readonly replicaCount: number;
    };

/** How many replicas of a table a node has. */
export interface NodeCount {
  readonly primaries: number;
  readonly secondaries: number;
  readonly learners: number;
}

export interface GridFilter {
  /** Part of a table's name, or its app id. */
  readonly text: string;
  readonly unhealthyOnly: boolean;
}

/** Above this many partitions in all, tables are closed until somebody opens them. */
const OPEN_PARTITIONS = 200;

/** Whether tables begin open: a few are seen at a glance, a thousand are not. */
export function opensByItself(tables: readonly TableEntry[]): boolean {
  return tables.reduce((sum, { partitionCount }) => sum + partitionCount, 0) <= OPEN_PARTITIONS;
}

/** Tables that a filter lets through, by app id. */
export function tablesShown(tables: DashboardState['tables'], filter: GridFilter): readonly TableEntry[] {
  const text = filter.text.trim().toLowerCase();
  return Object.values(tables)
    .filter(({ unhealthy }) => !filter.unhealthyOnly || unhealthy > 0)
    .filter(({ name, appId }) => text === '' || name.toLowerCase().includes(text) || String(appId) === text)
    .sort((a, b) => a.appId - b.appId);
}

/**
 * The rows of the grid by their keys (`2`, and `2.0` for partition 0 of table 2). A table or partition that has not changed since the last call
 * has the same row object, so that it is not drawn anew.
 */
export class GridRows {
  private known = new Map<string, GridRow>();

  rows(
    tables: readonly TableEntry[],
    isOpen: (appId: number) => boolean,
    nodeCount: number,
  ): readonly (readonly [key: string, row: GridRow])[] {
    const rows: [string, GridRow][] = [];
    for (const table of tables) {
      const open = isOpen(table.appId);
      rows.push([`${table.appId}`, this.tableRow(table, open, nodeCount)]);
      if (!open) continue;
      table.partitions.forEach((partition, index) => {
        rows.push([`${table.appId}.${index}`, this.partitionRow(table, index, partition)]);
      });
    }
    this.known = new Map(rows);
    return rows;
  }

  private tableRow(table: TableEntry, open: boolean, nodeCount: number): GridRow {
    const before = this.known.get(`${table.appId}`);
    const same = before?.kind === 'table' && before.table === table && before.open === open;
    if (same && before.perNode.length === nodeCount) return before;
    return { kind: 'table', table, open, perNode: replicasPerNode(table.partitions, nodeCount) };
  }

  private partitionRow(table: TableEntry, index: number, partition: PartitionEntry): GridRow {
    const { appId, replicaCount } = table;
    const before = this.known.get(`${appId}.${index}`);
    const same = before?.kind === 'partition' && before.partition === partition;
    if (same && before.replicaCount === replicaCount) return before;
    return { kind: 'partition', appId, index, partition, replicaCount };
  }
}

function replicasPerNode(partitions: readonly PartitionEntry[], nodeCount: number): readonly NodeCount[] {
  const counts = Array.from({ length: nodeCount }, () => ({ primaries: 0, secondaries: 0, learners: 0 }));
  const add = (node: number, what: keyof NodeCount) => {
    const count = counts[node];
    if (count !== undefined) count[what] += 1;
  };
  for (const [, primary, secondaries, learners] of partitions) {
    add(primary, 'primaries');
    for (const node of secondaries) add(node, 'secondaries');
    for (const node of learners) add(node, 'learners');
  }
  return counts;
}

export type ReplicaLetter = 'P' | 'S' | 'L';

/** What a node has of a partition. */
export function letterOf(
  [, primary, secondaries, learners]: PartitionEntry,
  node: number,
): ReplicaLetter | null {
  if (primary === node) return 'P';
  if (secondaries.includes(node)) return 'S';
  return learners.includes(node) ? 'L' : null;
}

/** A partition's health in the words of `ls -d`; a learner does not count (reference/cluster-behaviour.md 4.7). */
export function partitionWords([, primary, secondaries]: PartitionEntry, replicaCount: number): string {
  if (primary < 0) return 'no primary: read and write unhealthy';
  const present = 1 + secondaries.length;
  if (present >= replicaCount) return 'fully healthy';
  const words = present < 2 ? 'write unhealthy' : 'unhealthy';
  return `${words}: ${present} of ${replicaCount} replicas`;
}

/** `2P 6S 1L`; empty where a node has nothing of a table. */
export function countsText({ primaries, secondaries, learners }: NodeCount): string {
  if (primaries + secondaries + learners === 0) return '';
  return `${primaries}P ${secondaries}S${learners === 0 ? '' : ` ${learners}L`}`;
}
