import type { Node } from '@onebox/base';
import { readCounterName } from './counter-name';
import { CounterSums } from './counter-sums';

/** A table as the leader has it, with where its primaries are. */
export interface TableShape {
  readonly appId: number;
  readonly name: string;
  /** By partition index. */
  readonly primaries: readonly (Node | undefined)[];
}

/** A row of what a server answered to `perf-counters`. */
export interface CounterRow {
  readonly name: string;
  readonly value: number;
}

/**
 * The counters of every table by partition. A partition's counters count on its primary only, or they would count once for each
 * replica; a table's counters, which no partition has, count from all servers and into partition 0 (reference/metrics.md 4.5).
 */
export function sumByPartition(
  tables: readonly TableShape[],
  answers: ReadonlyMap<Node, readonly CounterRow[]>,
): ReadonlyMap<TableShape, readonly CounterSums[]> {
  const sums = new Map(tables.map((table) => [table, table.primaries.map(() => new CounterSums(1))]));
  const byId = new Map(tables.map((table) => [table.appId, table]));
  const byName = new Map(tables.map((table) => [table.name, table]));
  for (const [node, rows] of answers) {
    for (const { name, value } of rows) {
      const subject = readCounterName(name);
      if (subject === undefined) continue;
      const table = subject.kind === 'table' ? byName.get(subject.table) : byId.get(subject.appId);
      if (table === undefined) continue;
      const partition = subject.kind === 'table' ? 0 : subject.partition;
      if (subject.kind === 'partition' && table.primaries[partition] !== node) continue;
      sums.get(table)?.[partition]?.add(subject.counter, value);
    }
  }
  return sums;
}
