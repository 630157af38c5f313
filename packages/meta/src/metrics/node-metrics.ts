import type { MetricRegistry } from '@onebox/server';

/** How many replica servers are in each set: none on a standby. */
export interface NodeCounts {
  readonly alive: number;
  readonly unalive: number;
}

/** The `server` metrics of a meta server that tell of the replica servers it knows; a standby knows none. */
export function showNodeCounts({ server }: Pick<MetricRegistry, 'server'>, counts: () => NodeCounts): void {
  server.gauge('alive_replica_servers').derive(() => counts().alive);
  server.gauge('unalive_replica_servers').derive(() => counts().unalive);
}

/** A batch of replica servers was found dead. */
export function countDisconnections({ server }: Pick<MetricRegistry, 'server'>, nodes: number): void {
  server.counter('replica_server_disconnections').add(nodes);
}
