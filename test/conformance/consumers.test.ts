import { parseNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import { Flags, parseIni } from '@onebox/server';
import { SimulatedCluster } from '../../packages/meta/test/simulation/simulated-cluster';
import { FakeCluster, META, R1, R2, R3 } from '../../packages/replica/test/support/fake-cluster';
import { getConfig, listConfigs, setConfig, tableDataVersion } from '../support/readers/admin-cli';
import {
  appDisk,
  appStat,
  nodesQps,
  nodesUsage,
  serverStat,
  shellPath,
  shellSample,
} from '../support/readers/cpp-shell';
import { GoCollector, hotspotIncrease, hotspotSample, timestampOf } from '../support/readers/go-collector';
import type { HttpSource } from '../support/readers/http-source';
import { InProcessServers } from '../support/readers/in-process';

/*
 * The readers of test/support/readers read as the real tools do (reference/http-api.md 7, metrics.md 5). Here they read servers of
 * this process, and answers that were spoiled, at which they have to fail; test/scenarios/state-everywhere.test.ts runs them
 * against a cluster.
 */

const STANDBY = parseNode('127.0.0.1:34602');
const P0 = { appId: 1, partitionIndex: 0 };
const flags = (): Flags => Flags.read(parseIni('', 'test.ini')).flags;

let metas: SimulatedCluster;
let replicas: FakeCluster;
let servers: InProcessServers;

beforeAll(async () => {
  metas = await new SimulatedCluster(3).start();
  await metas.run(10_000);
  replicas = new FakeCluster();
  replicas.meta.add(P0);
  await replicas.start(R1, R2, R3);
  replicas.meta.cures = [R1, R2, R3];
  replicas.meta.cure(P0);
  await replicas.pass(31_000, 500);
  servers = new InProcessServers();
  const { leader, clock } = metas;
  const shared = { clock, flags: flags() };
  servers.add({
    ...shared,
    self: META,
    role: 'meta',
    metrics: leader.metrics,
    httpHandlers: leader.server.httpHandlers,
  });
  servers.add({
    ...shared,
    self: STANDBY,
    role: 'meta',
    metrics: leader.metrics,
    httpHandlers: leader.server.httpHandlers,
    redirect: () => META,
  });
  for (const node of [R1, R2, R3]) {
    const metrics = replicas.metrics.get(node);
    if (metrics === undefined) throw new Error(`${node} runs`);
    const { httpHandlers } = replicas.server(node);
    servers.add({ ...shared, flags: flags(), self: node, role: 'replica', metrics, httpHandlers });
  }
});
afterAll(async () => {
  await metas.close();
  await replicas.close();
});

/** The servers, with what they answer to paths that begin so changed. */
function spoiled(path: string, change: (body: string) => string, status = 200): HttpSource {
  return {
    get: async (node, asked) => {
      const answer = await servers.get(node, asked);
      return asked.startsWith(path) ? { ...answer, status, body: change(answer.body) } : answer;
    },
  };
}

describe('admin-cli', () => {
  test('lists the mutable flags of a role’s sections, gets one and sets one', async () => {
    const listed = await listConfigs(servers, 'replica', R1);
    expect(listed).toContain('[replication] config_sync_interval_ms=30000');
    expect(listed.every((line) => /^\[[a-z._]+\] [a-z0-9_]+=.*$/.test(line))).toBe(true);
    // A replica's list has nothing of the metas', though every server knows all flags.
    expect(listed.filter((line) => line.startsWith('[meta_server]'))).toEqual([]);
    expect((await listConfigs(servers, 'meta', META)).some((line) => line.startsWith('[meta_server]'))).toBe(
      true,
    );

    expect(await setConfig(servers, R1, 'config_sync_interval_ms', '20000')).toBe('ERR_OK');
    expect(await getConfig(servers, 'replica', R1, 'config_sync_interval_ms')).toBe(
      'config_sync_interval_ms=20000',
    );
    expect(await getConfig(servers, 'replica', R2, 'config_sync_interval_ms')).toBe(
      'config_sync_interval_ms=30000',
    );
    expect(await getConfig(servers, 'replica', R1, 'cluster_root')).toBe(
      'cluster_root is not config on replica',
    );
    expect(await getConfig(servers, 'replica', R1, 'foo')).toBe("ERR_OBJECT_NOT_FOUND: 'foo' is not found");
    expect(await setConfig(servers, R1, 'fd_lease_seconds', '1')).toBe(
      'ERR_INVALID_PARAMETERS: fd_lease_seconds is not mutable',
    );
  });

  test('needs the same data version from every replica server', async () => {
    expect(await tableDataVersion(servers, [R1, R2, R3], 1)).toBe('1');
    await expect(tableDataVersion(servers, [R1, R2, R3], 7)).rejects.toThrow('404');
    let asked = 0;
    const mixed = spoiled('/replica/data_version', (body) =>
      (asked += 1) > 1 ? body.replace('"1"', '"0"') : body,
    );
    await expect(tableDataVersion(mixed, [R1, R2, R3], 1)).rejects.toThrow('not consistent');
  });

  test('stops at anything but strings, and at any status but 200', async () => {
    const numbers = spoiled('/configs', (body) => body.replace('"value":"30000"', '"value":30000'));
    await expect(listConfigs(numbers, 'replica', R2)).rejects.toThrow('is no string');
    await expect(listConfigs(spoiled('/configs', String, 500), 'replica', R2)).rejects.toThrow('500');
    const cut = spoiled('/configs', (body) => body.slice(0, -5));
    await expect(listConfigs(cut, 'replica', R2)).rejects.toThrow('is no JSON');
  });
});

describe('the Go collector', () => {
  const collector = (source: HttpSource, role: 'meta' | 'replica', first: Node = META): GoCollector =>
    new GoCollector(source, [first], role);

  test('finds the tables’ health and the replica servers behind a standby, and complains of nothing else', async () => {
    const meta = new GoCollector(servers, [META, STANDBY], 'meta');
    await meta.register();
    await meta.round();
    expect(meta.series.get('cluster table temp healthy_partitions')).toBeGreaterThan(0);
    expect(meta.series.get(`${META} server server alive_replica_servers`)).toBe(3);
    expect([...meta.complaints]).toEqual([]);

    const replica = collector(servers, 'replica', STANDBY);
    await replica.register();
    await replica.round();
    expect(replica.series.get(`${R1} server server total_replicas`)).toBe(1);
    expect(replica.series.get(`${R1} server server primary_replicas`)).toBe(1);
    expect(replica.series.get(`${R2} server server secondary_replicas`)).toBe(1);
    // Real servers have the same entities: the real collector makes the same noise about them.
    expect([...replica.complaints]).toEqual(['Unsupport entity type disk']);
  });

  /** What it makes of a table depends on the entity that comes first: here, on a partition. */
  const partitionsFirst = (body: string): string => body.replaceAll('"type": "table"', '"type": "queue"');

  test('adds a counter to what it had each round, and sets a gauge', async () => {
    const meta = collector(spoiled('/metrics', partitionsFirst), 'meta');
    await meta.register();
    const changes = 'cluster table temp partition_configuration_changes';
    const alive = `${META} server server alive_replica_servers`;
    await meta.round();
    expect([meta.series.get(changes), meta.series.get(alive)]).toEqual([3, 3]);
    await meta.round();
    expect([meta.series.get(changes), meta.series.get(alive)]).toEqual([6, 3]);
  });

  test('dies of a percentile on a partition, and of a counter below 0', async () => {
    const percentile = spoiled('/metrics', (body) =>
      partitionsFirst(body).replaceAll(
        /"type": "Counter",(\s+)"name": "unwritable_partition_changes"/g,
        '"type": "Percentile",$1"name": "unwritable_partition_changes"',
      ),
    );
    const dies = collector(percentile, 'meta');
    await dies.register();
    await expect(dies.round()).rejects.toThrow('index out of range');
    const negative = spoiled('/metrics', (body) =>
      body.replace(/("name": "replica_server_disconnections"[^}]+"value": )\d+/, '$1-1'),
    );
    const panics = collector(negative, 'meta');
    await panics.register();
    await expect(panics.round()).rejects.toThrow('cannot decrease');
  });

  test('compares types exactly, and gives a round up for one server that fails', async () => {
    const lower = collector(
      spoiled('/metrics', (body) => body.replaceAll('"Gauge"', '"gauge"')),
      'meta',
    );
    await lower.register();
    await lower.round();
    expect([...lower.complaints]).toContain('Unsupport metric type gauge');
    const gone = new GoCollector(servers, [META, '127.0.0.1:1'], 'meta');
    await expect(gone.round()).rejects.toThrow('ECONNREFUSED');
    const noPrimary = collector(
      spoiled('/meta/cluster', (body) => body.replace('primary_meta_server', 'primary')),
      'meta',
    );
    await expect(noPrimary.round()).rejects.toThrow('primary_meta_server');
  });

  test('its hotspot detector decodes numbers, ids and rising timestamps strictly', async () => {
    const before = await hotspotSample(servers, R1);
    const after = await hotspotSample(servers, R1);
    expect(hotspotIncrease(before, after)).toEqual(new Map([['1.0', 0]]));
    expect(() => hotspotIncrease(before, before)).toThrow('do not increase');
    const text = spoiled('/metrics', (body) => body.replace(/"value": (\d+)/, '"value": "$1"'));
    await expect(hotspotSample(text, R1)).rejects.toThrow('is no number');
    const odd = spoiled('/metrics', (body) => body.replace('"table_id": "1"', '"table_id": "x"'));
    await expect(hotspotSample(odd, R1)).rejects.toThrow('table_id');
    const rounded = spoiled('/metrics', (body) =>
      body.replace(/"timestamp_ns": \d+/, '"timestamp_ns": 1.7e18'),
    );
    await expect(hotspotSample(rounded, R1)).rejects.toThrow('timestamp_ns');
  });
});

describe('the C++ shell', () => {
  test('builds its query in one order, without empty lists', () => {
    expect(
      shellPath({
        types: ['replica'],
        attributes: ['table_id', '1'],
        metrics: ['get_requests', 'put_requests'],
      }),
    ).toBe(
      '/metrics?with_metric_fields=value,name&types=replica&attributes=table_id,1&metrics=get_requests,put_requests',
    );
    expect(shellPath({ field: 'p99', types: ['profiler'], metrics: [] })).toBe(
      '/metrics?with_metric_fields=p99,name&types=profiler',
    );
  });

  test('gets what each of its commands looks for', async () => {
    expect((await nodesUsage(servers, R1)).diskAvailablePercent).toBeGreaterThan(0);
    expect((await nodesQps(servers, R1)).increases).toMatchObject({
      get_requests: 0,
      write_capacity_units: 0,
    });
    expect(await serverStat(servers, META)).toMatchObject({ role: 'meta' });
    expect(await serverStat(servers, R1)).toMatchObject({ role: 'replica' });
    const primaries = new Map([['1.0', R1]]);
    expect([...(await appStat(servers, R1, primaries)).keys()]).toEqual(['1.0']);
    // Three of the 59 are there only while a duplication runs on the replica.
    expect((await appStat(servers, R1, primaries)).get('1.0')?.values.size).toBe(56);
    expect((await appStat(servers, R2, primaries)).size).toBe(0);
    expect((await appStat(servers, R1, primaries, 9)).size).toBe(0);
    expect(await appDisk(servers, R2, 1)).toEqual(new Map([['1.0', 0]]));
  });

  test('refuses redirects, wrong types, unknown members and timestamps that stand still', async () => {
    const query = { types: ['replica'], metrics: ['get_requests'] };
    await expect(shellSample(spoiled('/metrics', String, 500), R1, query)).rejects.toThrow('500');
    const text = spoiled('/metrics', (body) => body.replace(/"value": (\d+)/, '"value": "$1"'));
    await expect(shellSample(text, R1, query)).rejects.toThrow('no JSON number');
    const port = spoiled('/metrics', (body) => body.replace(/"port": \d+/, '"port": 70000'));
    await expect(shellSample(port, R1, query)).rejects.toThrow('16-bit');
    const renamed = spoiled('/metrics', (body) => body.replaceAll('"id":', '"key":'));
    await expect(shellSample(renamed, R1, query)).rejects.toThrow('unknown member key');
    let first: string | undefined;
    const still = spoiled('/metrics', (body) => (first ??= body));
    await expect(nodesQps(still, R1)).rejects.toThrow('do not increase');
    await expect(
      serverStat(
        spoiled('/metrics', (body) => body.replace('"meta"', '"collector"')),
        META,
      ),
    ).rejects.toThrow('unsupported');
    expect(timestampOf((await servers.get(R1, shellPath(query))).body) > 2n ** 53n).toBe(true);
  });
});
