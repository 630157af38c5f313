import type { ListedPartition } from '../admin';

/** A partition that has fewer replicas than it could have. */
export interface LackingPartition {
  readonly table: string;
  readonly index: number;
  readonly present: number;
  readonly wanted: number;
  readonly hasPrimary: boolean;
}

/**
 * The partitions of a table that lack something. A partition wants its max replica count, but no more replicas than there
 * are replica servers: with two servers, 2 of 3 is all there can be.
 */
export function lackingPartitions(
  table: string,
  partitions: readonly ListedPartition[],
  replicaServers: number,
): readonly LackingPartition[] {
  return partitions
    .map(({ index, primary, secondaries, maxReplicaCount }) => {
      const hasPrimary = primary !== undefined;
      const present = (hasPrimary ? 1 : 0) + secondaries.length;
      return { table, index, present, wanted: Math.min(maxReplicaCount, replicaServers), hasPrimary };
    })
    .filter(({ present, wanted, hasPrimary }) => present < wanted || (wanted > 0 && !hasPrimary));
}

/** Says which partitions lack what: `temp: partitions 0-3 have no primary; temp: partition 5 has 2 of 3 replicas`. */
export function describeLacking(lacking: readonly LackingPartition[]): string {
  const byLack = new Map<string, { table: string; lack: string; indices: number[] }>();
  for (const { table, index, present, wanted, hasPrimary } of lacking) {
    const lack = hasPrimary ? `${present} of ${wanted} replicas` : 'no primary';
    const group = byLack.get(`${table} ${lack}`) ?? { table, lack, indices: [] };
    group.indices.push(index);
    byLack.set(`${table} ${lack}`, group);
  }
  return [...byLack.values()]
    .map(({ table, lack, indices }) => {
      const [partitions, have] = indices.length === 1 ? ['partition', 'has'] : ['partitions', 'have'];
      return `${table}: ${partitions} ${ranges(indices)} ${have} ${lack}`;
    })
    .join('; ');
}

/** `0-3,5`: ascending numbers, neighbours joined. */
export function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const number of numbers) {
    const last = parts.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}
