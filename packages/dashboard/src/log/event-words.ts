import { serversOf } from '@onebox/cluster';
import type { ClusterRecord, EventWords } from '@onebox/cluster';

/** How a cluster's events are put into words: nodes by the names of its servers. */
export function eventWords(record: ClusterRecord): Partial<EventWords> {
  const names = new Map<string, string>(serversOf(record).map(({ node, name }) => [node, name]));
  return { nameOf: (node) => names.get(node) ?? node, timeScale: record.timeScale };
}
