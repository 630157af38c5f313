import type { Node } from '@onebox/base';
import { replay } from '@onebox/cluster';
import type { LoggedConfiguration } from '@onebox/server';
import { eventsOf } from './event-log';
import { handoversIn, untruths } from './handovers';
import type { Configurations, Handovers } from './handovers';
import type { PartitionZnode, TestCluster } from './test-cluster';

/** How often ZooKeeper and the log are read again because something was told meanwhile. */
const ATTEMPTS = 20;

/**
 * The events alone give what ZooKeeper holds of every partition of every table, the dropped ones included; and so they did whenever
 * another leader was elected.
 *
 * @returns how much was proved
 */
export async function expectReplayed(cluster: TestCluster): Promise<Handovers> {
  const events = eventsOf(cluster);
  const handovers = handoversIn(events);
  expect(handovers.wrong).toEqual([]);
  expect(Object.fromEntries(replay(events))).toEqual(Object.fromEntries(await storedConfigurations(cluster)));
  return handovers;
}

/** In the middle of it all: what was told is stored, and nothing else but what nobody had the chance to tell. */
export async function expectToldIsStored(cluster: TestCluster): Promise<void> {
  const changes = () => eventsOf(cluster, { types: ['configuration-changed', 'state-snapshot'] });
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = changes();
    const stored = await storedConfigurations(cluster);
    const told = changes();
    // Read while nothing was told.
    if (told.length !== before.length) continue;
    expect(untruths(replay(told), stored)).toEqual([]);
    return;
  }
  throw new Error(`events were told at each of ${ATTEMPTS} looks`);
}

async function storedConfigurations(cluster: TestCluster): Promise<Configurations> {
  const zk = await cluster.zk();
  const stored: [string, LoggedConfiguration][] = [];
  for (const id of await zk.children(`${cluster.root}/apps`)) {
    for (const { value } of await cluster.partitionZnodes(Number(id)))
      stored.push([value.pid, asLogged(value)]);
  }
  return new Map(stored);
}

function asLogged(znode: PartitionZnode): LoggedConfiguration {
  return {
    partition: znode.pid,
    ballot: znode.ballot,
    maxReplicaCount: znode.max_replica_count,
    primary: znode.hp_primary === 'invalid host_port' ? null : (znode.hp_primary as Node),
    secondaries: znode.hp_secondaries as readonly Node[],
    lastDrops: znode.hp_last_drops as readonly Node[],
    lastCommittedDecree: znode.last_committed_decree,
    flags: znode.partition_flags,
  };
}
