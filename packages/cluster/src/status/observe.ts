import type { ServerStatus } from '@onebox/server';
import { listedFaults } from '../faults';
import type { ClusterContext } from '../life/cluster-context';
import { serversOf } from '../topology';
import type { ServerInstance } from '../topology';
import type { InstanceStatus } from './cluster-status';
import { askInstance, statusFrom } from './instance-status';

/** A server as its process and its control socket show it. */
export interface ObservedServer {
  readonly status: InstanceStatus;
  /** What it says of itself; undefined when it does not answer. */
  readonly said: ServerStatus | undefined;
}

/**
 * Looks at every server, and at nothing else: no question over their Pegasus ports, nothing that grows with the tables. For who looks
 * again and again.
 */
export async function observeServers(context: ClusterContext): Promise<readonly ObservedServer[]> {
  const servers = serversOf(context.record);
  const faults = listedFaults(context);
  const said = await Promise.all(servers.map((server) => askInstance(context, server)));
  const leader = leaderAmong(servers.map((server, i) => ({ server, said: said[i] })));
  return Promise.all(
    servers.map(async (server, i) => ({
      status: await statusFrom(context, server, leader?.node, faults, said[i]),
      said: said[i],
    })),
  );
}

/** Facts of a meta server, as far as they are looked at here. */
interface MetaFacts {
  readonly leader?: boolean;
  readonly ready?: boolean;
  readonly zookeeper?: { readonly lockNode?: string };
}

/**
 * The meta server that leads and is ready. One that was deposed and does not know it yet says that it leads, too: its node in the
 * queue for the lock is the older one.
 */
export function leaderAmong(
  servers: readonly { readonly server: ServerInstance; readonly said: ServerStatus | undefined }[],
): ServerInstance | undefined {
  const facts = (said: ServerStatus | undefined) => (said?.facts ?? {}) as MetaFacts;
  return servers
    .filter(({ said }) => facts(said).leader === true && facts(said).ready === true)
    .sort((a, b) => placeInQueue(facts(b.said)) - placeInQueue(facts(a.said)))[0]?.server;
}

/** The number that ZooKeeper gave a lock node (`LOCKNODE0000000003`): lower ones came first. */
function placeInQueue({ zookeeper }: MetaFacts): number {
  return Number(/\d+$/.exec(zookeeper?.lockNode ?? '')?.[0] ?? -1);
}
