import type { PartitionRow, TestCluster } from './test-cluster';

interface TableRow {
  readonly app_id: string;
  readonly app_name: string;
}

/** Every partition of every table, as the leader shows it. */
async function shownRows(cluster: TestCluster): Promise<readonly (readonly PartitionRow[])[]> {
  const { general_info: tables } = await cluster.json<{ general_info: Record<string, TableRow> }>(
    '/meta/apps',
  );
  return Promise.all(Object.values(tables).map(({ app_name: name }) => cluster.partitions(name)));
}

/**
 * Waits until nothing changes any more: a healthy cluster may still be writing, such as the ballots that primaries force
 * after they lost their lease (reference/cluster-behaviour.md 4.6). A config-sync is what the last of these wait for.
 */
async function atRest(cluster: TestCluster): Promise<void> {
  let last = '';
  let since = performance.now();
  await cluster.eventually(
    'no change of any partition for half a config-sync interval',
    async () => {
      const now = JSON.stringify(await shownRows(cluster));
      if (now !== last) since = performance.now();
      last = now;
      return performance.now() - since > cluster.timing.Y / 2;
    },
    4 * cluster.timing.Y,
  );
}

/** Scenario 42: what holds at any time when the cluster is at rest. */
export async function expectAtRest(cluster: TestCluster): Promise<void> {
  const { general_info: tables } = await cluster.json<{ general_info: Record<string, TableRow> }>(
    '/meta/apps',
  );
  await atRest(cluster);
  let replicas = 0;
  for (const { app_id: id, app_name: name } of Object.values(tables)) {
    const rows = await cluster.partitions(name);
    const znodes = await cluster.partitionZnodes(Number(id));
    const stored = znodes.map(({ value }) => ({
      index: Number(value.pid.split('.')[1]),
      ballot: value.ballot,
      replicaCount: `${present(value.hp_primary) + value.hp_secondaries.length}/${value.max_replica_count}`,
      primary: present(value.hp_primary) === 1 ? value.hp_primary : '-',
      secondaries: value.hp_secondaries,
    }));
    expect(rows).toEqual(stored);
    for (const { value, version } of znodes) expect(version).toBeGreaterThanOrEqual(value.ballot);
    replicas += rows.reduce((sum, row) => sum + Number(row.replicaCount.split('/')[0]), 0);
  }
  interface NodeRow {
    readonly replica_count: string;
  }
  const { details } = await cluster.json<{ details: Record<string, NodeRow> }>('/meta/nodes?detail');
  const counted = Object.values(details).reduce((sum, row) => sum + Number(row.replica_count), 0);
  expect(counted).toBe(replicas);
  const owners = await cluster.electionOrder();
  expect(owners[0]).toBe(await cluster.leader());
}

function present(hostPort: string): number {
  return hostPort === 'invalid host_port' ? 0 : 1;
}
