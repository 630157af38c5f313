import { appDisk, appStat, nodesQps, nodesUsage, serverStat } from '../support/readers/cpp-shell';
import { getConfig, listConfigs, setConfig, tableDataVersion } from '../support/readers/admin-cli';
import { GoCollector, hotspotIncrease, hotspotSample } from '../support/readers/go-collector';
import type { HttpSource } from '../support/readers/http-source';
import { parseNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import { httpGet } from '../support/http-get';
import { withCluster } from '../support/test-cluster';
import type { TestCluster } from '../support/test-cluster';

/** The cluster as the tools of test/support/readers reach it. */
const CLUSTER: HttpSource = { get: (node, path) => httpGet(parseNode(node), path) };

interface Scraped {
  readonly entities: readonly {
    readonly type: string;
    readonly id: string;
    readonly metrics: readonly { readonly name: string; readonly value: number }[];
  }[];
}

/** What a server's `/metrics` shows of one type: values by entity id and metric. */
async function metrics(node: Node, type: string): Promise<Record<string, Record<string, number>>> {
  const { body } = await httpGet(node, `/metrics?types=${type}`);
  const { entities } = JSON.parse(body) as Scraped;
  return Object.fromEntries(
    entities.map(({ id, metrics: values }) => [
      id,
      Object.fromEntries(values.map(({ name, value }) => [name, value])),
    ]),
  );
}

async function collect(cluster: TestCluster, role: 'meta' | 'replica'): Promise<GoCollector> {
  const collector = new GoCollector(CLUSTER, cluster.metas, role);
  await collector.register();
  await collector.round();
  return collector;
}

async function primariesOf(
  cluster: TestCluster,
  table: string,
  id: number,
): Promise<ReadonlyMap<string, string>> {
  const rows = await cluster.partitions(table);
  return new Map(rows.map(({ index, primary }) => [`${id}.${index}`, primary]));
}

async function appNames(cluster: TestCluster): Promise<readonly string[]> {
  const { general_info: rows } = await cluster.json<{ general_info: Record<string, { app_name: string }> }>(
    '/meta/apps',
  );
  return Object.values(rows).map(({ app_name: name }) => name);
}

async function unanswered(node: Node, path: string): Promise<string> {
  return httpGet(node, path).then(
    ({ status }) => String(status),
    () => 'refused',
  );
}

test('what every call, metric and tool shows changes with the state: a new table, a dead server, a drop, a new leader', () =>
  withCluster({}, async (cluster) => {
    const { G, c, b, I, S, t, Y } = cluster.timing;
    const replicas = [1, 2, 3].map((number) => cluster.replica(number));
    const [r1, r2, r3] = replicas as [Node, Node, Node];
    const leader = await cluster.leaderOrFail();

    // A table appears, on every call and in every metric that tells of tables or replicas.
    expect(await unanswered(r1, '/replica/data_version?app_id=3')).toBe('404');
    const before = (await metrics(r1, 'server'))['server']?.['total_replicas'] ?? 0;
    await cluster.run('app', 'create', 'fresh', '-p', '4', '-r', '3');
    expect(await appNames(cluster)).toEqual(['stat', 'temp', 'fresh']);
    expect((await cluster.partitions('fresh')).map((row) => row.replicaCount)).toEqual(Array(4).fill('3/3'));
    const { details } = await cluster.json<{ details: Record<string, { replica_count: string }> }>(
      '/meta/nodes?detail',
    );
    expect(Object.values(details).map((row) => row.replica_count)).toEqual(['16', '16', '16']);
    for (const node of replicas) {
      const here = await metrics(node, 'replica');
      expect(
        Object.keys(here)
          .filter((id) => id.startsWith('replica@3.'))
          .sort(),
      ).toEqual([0, 1, 2, 3].map((index) => `replica@3.${index}`));
      expect((await metrics(node, 'server'))['server']?.['total_replicas']).toBe(16);
    }
    expect(before).toBe(12);
    await cluster.eventually(
      'the leader’s gauges',
      async () => (await metrics(leader, 'table'))['table@3']?.['healthy_partitions'] === 4,
      I,
    );
    expect((await metrics(leader, 'partition'))['partition@3.0']).toMatchObject({
      partition_configuration_changes: 3,
      writable_partition_changes: 1,
      unwritable_partition_changes: 0,
    });
    for (const meta of cluster.metas.filter((other) => other !== leader)) {
      expect(await metrics(meta, 'table,partition')).toEqual({});
      expect((await metrics(meta, 'server'))['server']?.['alive_replica_servers']).toBe(0);
    }
    expect((await metrics(leader, 'server'))['server']).toMatchObject({
      alive_replica_servers: 3,
      unalive_replica_servers: 0,
      replica_server_disconnections: 0,
    });

    // The tools read it.
    expect(await tableDataVersion(CLUSTER, replicas, 3)).toBe('1');
    expect(await listConfigs(CLUSTER, 'replica', r1)).toContain(
      '[replication] config_sync_interval_ms=30000',
    );
    expect(await setConfig(CLUSTER, r1, 'config_sync_interval_ms', '20000')).toBe('ERR_OK');
    expect(await getConfig(CLUSTER, 'replica', r1, 'config_sync_interval_ms')).toBe(
      'config_sync_interval_ms=20000',
    );
    expect(await getConfig(CLUSTER, 'replica', r2, 'config_sync_interval_ms')).toBe(
      'config_sync_interval_ms=30000',
    );
    const meta = await collect(cluster, 'meta');
    expect(meta.series.get('cluster table fresh healthy_partitions')).toBe(4);
    const replica = await collect(cluster, 'replica');
    expect(replica.series.get(`${r1} server server total_replicas`)).toBe(16);
    expect([...replica.complaints].every((line) => line.startsWith('Unsupport entity type '))).toBe(true);
    const primaries = await primariesOf(cluster, 'fresh', 3);
    const led = await Promise.all(replicas.map((node) => appStat(CLUSTER, node, primaries, 3)));
    expect(led.flatMap((entities) => [...entities.keys()]).sort()).toEqual(['3.0', '3.1', '3.2', '3.3']);
    expect((await appDisk(CLUSTER, r1, 3)).size).toBe(4);
    expect((await nodesUsage(CLUSTER, r1)).residentMb).toBeGreaterThan(0);
    expect((await nodesQps(CLUSTER, r1)).p99ByTask.has('RPC_RRDB_RRDB_GET')).toBe(true);
    expect(await serverStat(CLUSTER, leader)).toMatchObject({ role: 'meta' });
    const increase = hotspotIncrease(await hotspotSample(CLUSTER, r1), await hotspotSample(CLUSTER, r1));
    expect(increase.get('3.0')).toBe(0);

    // A replica server dies.
    await cluster.run('kill', cluster.instanceOf(r3));
    await cluster.eventually(
      'the loss noticed',
      async () => (await cluster.nodes())[r3] === 'UNALIVE',
      G + c + b,
    );
    await cluster.eventually(
      'the loss in the metrics',
      async () => (await metrics(leader, 'table'))['table@3']?.['writable_ill_partitions'] === 4,
      2 * I,
    );
    expect((await metrics(leader, 'server'))['server']).toMatchObject({
      alive_replica_servers: 2,
      unalive_replica_servers: 1,
      replica_server_disconnections: 1,
    });
    expect((await cluster.partitions('fresh')).every((row) => row.replicaCount === '2/3')).toBe(true);
    expect([...(await cluster.unhealthyTables())].sort()).toEqual(['fresh', 'stat', 'temp']);
    // A round of the real collector ends here, too: it still asks the dead server.
    await expect(collect(cluster, 'replica')).rejects.toThrow('ECONNREFUSED');
    await cluster.run('start', cluster.instanceOf(r3));
    await cluster.allHealthy(G + 3 * I);

    // The table goes: from the calls at once, from the metrics only later (they are stale), from the disks when it is collected.
    await cluster.run('app', 'drop', 'fresh');
    expect(await appNames(cluster)).toEqual(['stat', 'temp']);
    expect(await unanswered(leader, '/meta/app?name=fresh')).toBe('404');
    const changes = (await metrics(leader, 'partition'))['partition@3.0']?.[
      'partition_configuration_changes'
    ];
    await cluster.eventually(
      'the replicas given up',
      async () => (await metrics(r1, 'server'))['server']?.['closing_replicas'] === 4,
      Y,
    );
    expect((await metrics(r1, 'server'))['server']?.['total_replicas']).toBe(12);
    expect((await metrics(leader, 'partition'))['partition@3.0']?.['partition_configuration_changes']).toBe(
      changes,
    );

    // The tables' entities go over to a new leader, without the dropped one.
    await cluster.run('kill', cluster.instanceOf(leader));
    const next = await cluster.eventually(
      'another leader',
      async () => {
        const found = await cluster.leader();
        return found !== undefined && found !== leader ? found : undefined;
      },
      1.05 * S + t,
    );
    expect(Object.keys(await metrics(next, 'table')).sort()).toEqual(['table@1', 'table@2']);
    await cluster.eventually(
      'its first tick',
      async () => (await metrics(next, 'table'))['table@2']?.['healthy_partitions'] === 8,
      3 * I,
    );
    await cluster.eventually(
      'the replica servers counted',
      async () => (await metrics(next, 'server'))['server']?.['alive_replica_servers'] === 3,
      b + I,
    );
  }));
