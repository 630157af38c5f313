import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gpidText, until } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { CounterName } from '@onebox/server';
import { APP_ID, R1, R2, R3 } from './load-cluster';
import type { LoadCluster } from './load-cluster';

export const NODES = [R1, R2, R3];
export const GPIDS = [0, 1].map((partitionIndex) => ({ appId: APP_ID, partitionIndex }));

/** What a load that goes well passes through. */
export const ALL_STATUSES = ['BLS_DOWNLOADING', 'BLS_DOWNLOADED', 'BLS_INGESTING', 'BLS_SUCCEED'];

/** What a replica server has ingested when it has everything that {@link LoadCluster.writeFiles} wrote. */
export const EVERYTHING = GPIDS.map(() => 'example-0.sst,example-1.sst');

/** The names of the files that the replicas of a node have ingested; `-` when none. */
export function ingested(cluster: LoadCluster, node: Node): string[] {
  return GPIDS.map((gpid) => {
    const file = join(cluster.replicaDirectory(node, gpid), 'data', 'ingested-files.json');
    if (!existsSync(file)) return '-';
    const { files } = JSON.parse(readFileSync(file, 'utf8')) as { files: { name: string }[] };
    return files
      .map(({ name }) => name)
      .sort()
      .join();
  });
}

/** The same of all nodes, in their order. */
export function ingestedEverywhere(cluster: LoadCluster): string[] {
  return NODES.flatMap((node) => ingested(cluster, node));
}

/** What a load keeps in a replica's directory goes when it is over; the disk takes its own time for that, not the clock's. */
export async function untilNothingIsLeft(cluster: LoadCluster): Promise<void> {
  await until('nothing of the load is left', () => leftovers(cluster).length === 0, { withinMs: 20_000 });
}

function leftovers(cluster: LoadCluster): string[] {
  return NODES.flatMap((node) =>
    GPIDS.flatMap((gpid) =>
      readdirSync(cluster.replicaDirectory(node, gpid)).filter((name) => name.startsWith('bulk_load')),
    ),
  );
}

/** A counter of the replicas of a node, summed. */
export function counted(cluster: LoadCluster, node: Node, name: CounterName): number {
  const metrics = cluster.replicas.metrics.get(node);
  return GPIDS.reduce((sum, gpid) => {
    const entity = metrics?.entity('replica', `replica@${gpidText(gpid)}`);
    return sum + Number(entity?.counter(name).value ?? 0);
  }, 0);
}
