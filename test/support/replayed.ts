import { replay } from '@onebox/cluster';
import { eventsOf } from './event-log';
import type { PartitionZnode, TestCluster } from './test-cluster';

/** Partition configurations by partition, `APP_ID.INDEX`, with the names that events have. */
type Configurations = Readonly<Record<string, unknown>>;

/** The events alone give what ZooKeeper holds of every partition of every table, the dropped ones included. */
export async function expectReplayed(cluster: TestCluster): Promise<void> {
  const told: Configurations = Object.fromEntries(replay(eventsOf(cluster)));
  expect(told).toEqual(await storedConfigurations(cluster));
}

async function storedConfigurations(cluster: TestCluster): Promise<Configurations> {
  const zk = await cluster.zk();
  const stored: [string, unknown][] = [];
  for (const id of await zk.children(`${cluster.root}/apps`)) {
    for (const { value } of await cluster.partitionZnodes(Number(id)))
      stored.push([value.pid, asLogged(value)]);
  }
  return Object.fromEntries(stored);
}

function asLogged(znode: PartitionZnode): unknown {
  return {
    partition: znode.pid,
    ballot: znode.ballot,
    maxReplicaCount: znode.max_replica_count,
    primary: znode.hp_primary === 'invalid host_port' ? null : znode.hp_primary,
    secondaries: znode.hp_secondaries,
    lastDrops: znode.hp_last_drops,
    lastCommittedDecree: znode.last_committed_decree,
    flags: znode.partition_flags,
  };
}
