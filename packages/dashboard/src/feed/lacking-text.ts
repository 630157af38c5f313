import { describeLacking } from '@onebox/cluster';
import type { LackingPartition } from '@onebox/cluster';

/** A reason is read by a person: of a thousand tables that lack the same server some are enough. */
const MOST_TABLES = 4;

/** What partitions lack, in the words of `onebox status`, cut after some tables. */
export function lackingText(lacking: readonly LackingPartition[]): string {
  const tables = new Set(lacking.map(({ table }) => table));
  if (tables.size <= MOST_TABLES) return describeLacking(lacking);
  const shown = new Set([...tables].slice(0, MOST_TABLES));
  const some = describeLacking(lacking.filter(({ table }) => shown.has(table)));
  return `${some}; and ${tables.size - MOST_TABLES} more tables`;
}
