import { isDeepStrictEqual } from 'node:util';
import type { DashboardPatch, DashboardState, PartitionEntry, TableEntry, TablePatch } from '../model';

/**
 * What has to be told to somebody who knows `before`, so that he knows `after`; undefined when nothing has. Entries that are the same
 * object in both are not looked into, which makes a thousand tables of which none changed cost next to nothing.
 */
export function stateDiff(before: DashboardState, after: DashboardState): DashboardPatch | undefined {
  const { at: _at, ...cluster } = changedMembers(before.cluster, after.cluster) ?? {};
  const patch = {
    ...part('zookeeper', changedMembers(before.zookeeper, after.zookeeper)),
    ...part('servers', changedEntries(before.servers, after.servers, changedMembers)),
    ...part('nodes', added(after.nodes.slice(before.nodes.length))),
    ...part('tables', changedEntries(before.tables, after.tables, tableDiff)),
    ...part('faults', changedEntries(before.faults, after.faults, wholeWhenChanged)),
    ...part('events', added(newEvents(before, after))),
    ...(before.eventsStale === after.eventsStale ? {} : { eventsStale: after.eventsStale }),
  };
  if (Object.keys(patch).length === 0 && Object.keys(cluster).length === 0) return undefined;
  // The time of the look goes along with what it found, and alone it is no news.
  return { cluster: { ...cluster, at: after.cluster.at }, ...patch };
}

function part<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, V>);
}

function added<T>(values: readonly T[]): readonly T[] | undefined {
  return values.length === 0 ? undefined : values;
}

/** The members that differ; all of them where there was nothing before. */
function changedMembers<T extends object>(before: T | undefined, after: T): Partial<T> | undefined {
  if (before === undefined) return after;
  if (before === after) return undefined;
  const keys = (Object.keys(after) as (keyof T)[]).filter(
    (key) => !isDeepStrictEqual(before[key], after[key]),
  );
  return keys.length === 0
    ? undefined
    : (Object.fromEntries(keys.map((key) => [key, after[key]])) as Partial<T>);
}

function wholeWhenChanged<T>(before: T | undefined, after: T): T | undefined {
  return isDeepStrictEqual(before, after) ? undefined : after;
}

function changedEntries<E, C>(
  before: Readonly<Record<string, E>>,
  after: Readonly<Record<string, E>>,
  diff: (before: E | undefined, after: E) => C | undefined,
): Record<string, C | null> | undefined {
  if (before === after) return undefined;
  const changes: Record<string, C | null> = {};
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) changes[key] = null;
  for (const [key, entry] of Object.entries(after)) {
    const known = Object.hasOwn(before, key) ? before[key] : undefined;
    const change = known === entry ? undefined : diff(known, entry);
    if (change !== undefined) changes[key] = change;
  }
  return Object.keys(changes).length === 0 ? undefined : changes;
}

function tableDiff(before: TableEntry | undefined, after: TableEntry): TablePatch | undefined {
  const { partitions: known = [], ...members } = before ?? {};
  const { partitions, ...rest } = after;
  const change = changedMembers(members as Partial<typeof rest>, rest);
  const changed: Record<string, PartitionEntry> = {};
  partitions.forEach((partition, index) => {
    if (!isDeepStrictEqual(known[index], partition)) changed[index] = partition;
  });
  const hasPartitions = Object.keys(changed).length > 0;
  if (change === undefined && !hasPartitions) return undefined;
  return { ...change, ...(hasPartitions && { partitions: changed }) };
}

/** Events are told in the order in which they became known, so what is new is whatever was not there. */
function newEvents(before: DashboardState, after: DashboardState): DashboardState['events'] {
  if (before.events === after.events) return [];
  const known = new Set(before.events.map(({ id }) => id));
  return after.events.filter(({ id }) => !known.has(id));
}
