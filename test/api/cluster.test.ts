import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OneboxError } from '@onebox/base';
import { eventText } from '@onebox/cluster';
import type { LoggedEvent } from '@onebox/cluster';
import { Onebox } from '../../packages/cluster/src/api/onebox';
import { httpGet } from '../support/http-get';
import { ApiHome } from '../support/api-home';

// One cluster for all of these: each leaves it healthy.
const home = new ApiHome();
const lines: string[] = [];
let cluster: Onebox;

beforeAll(async () => {
  cluster = await Onebox.start({
    home: home.path,
    metas: 2,
    replicas: 2,
    tables: [
      'users',
      { name: 'orders', partitions: 2, replicaCount: 1 },
      { name: 'cold', envs: { 'rocksdb.usage_scenario': 'normal' } },
    ],
    log: (line) => lines.push(line),
  });
});
afterAll(async () => {
  await cluster?.stop();
  home.destroy();
});

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it did not fail',
    (error: unknown) => (error instanceof OneboxError ? error.code : error),
  );

test('it tells where everything is', async () => {
  const { metaServers, replicaServers, collector, zookeeper, name } = cluster;
  expect(metaServers).toHaveLength(2);
  expect(replicaServers).toHaveLength(2);
  expect(metaServers).toContain(await cluster.leader());
  expect((await httpGet(collector as never, '/version')).status).toBe(200);
  expect(cluster.env).toMatchObject({
    ONEBOX_META_SERVERS: metaServers.join(','),
    ONEBOX_REPLICA_SERVERS: replicaServers.join(','),
    ONEBOX_COLLECTOR: collector,
    ONEBOX_ZOOKEEPER: zookeeper,
    ONEBOX_HOME: home.path,
    ONEBOX_NAME: name,
  });
  expect(existsSync(join(cluster.directory, 'meta1/config.ini'))).toBe(true);
  expect(lines).toContain('replica servers alive: 2 of 2');
});

test('it has the tables that were asked for, from the beginning', async () => {
  const tables = await cluster.tables();
  const shown = tables.map(({ name, partitionCount, maxReplicaCount, envs }) => ({
    ...{ name, partitionCount, maxReplicaCount, envs },
  }));
  expect(shown).toEqual([
    { name: 'orders', partitionCount: 2, maxReplicaCount: 1, envs: {} },
    { name: 'stat', partitionCount: 4, maxReplicaCount: 3, envs: {} },
    { name: 'users', partitionCount: 8, maxReplicaCount: 2, envs: {} },
    { name: 'cold', partitionCount: 8, maxReplicaCount: 2, envs: { 'rocksdb.usage_scenario': 'normal' } },
  ]);
  expect((await cluster.status()).health).toEqual({
    healthy: true,
    reason: 'all 22 partitions of 4 tables have every replica they can have',
  });
});

test('a table is healthy when it was created, and gone when it was dropped', async () => {
  const id = await cluster.createTable('fresh', { partitions: 3 });
  expect(await cluster.partitions('fresh')).toHaveLength(3);
  expect((await cluster.tables()).find(({ name }) => name === 'fresh')).toMatchObject({
    id,
    maxReplicaCount: 2,
  });
  expect(await codeOf(cluster.createTable('fresh', { partitions: 3 }))).toBe('ERR_APP_EXIST');
  expect(await cluster.createTable('fresh', { partitions: 3, ifNotExists: true })).toBe(id);
  await cluster.dropTable('fresh');
  expect((await cluster.tables()).map(({ name }) => name)).not.toContain('fresh');
  expect(await codeOf(cluster.dropTable('fresh'))).toBe('ERR_APP_NOT_EXIST');
});

test('a killed instance is seen to be gone, and comes back when it is restarted', async () => {
  expect(await cluster.kill('replica1')).toBe('replica1');
  expect(await codeOf(cluster.kill('replica1'))).toBe('ONEBOX_NOT_RUNNING');
  expect(await codeOf(cluster.waitFor('healthy'))).toBe('ONEBOX_SERVER_DIED');
  const { instances } = await cluster.waitFor(({ state }) => state === 'partly running');
  const seen = instances.find(({ name }) => name === 'replica1');
  expect(seen).toMatchObject({ state: 'exited', signal: 'SIGKILL', exitCode: null, pid: null });
  expect(await cluster.restart('replica1')).toBe('replica1');
  const { health, leader } = await cluster.waitFor('healthy');
  expect(health.healthy).toBe(true);
  expect(await cluster.restart('leader')).toBe(`meta${cluster.metaServers.indexOf(leader ?? '') + 1}`);
});

test('its events are history first and then what happens, and a loop over them is left at any time', async () => {
  const seen: LoggedEvent[] = [];
  for await (const event of cluster.events({ types: ['command', 'server-died'], follow: false }))
    seen.push(event);
  // The tables, the kill and the restarts of the tests before: each before what it led to.
  expect(seen.map((event) => eventText(event).replace(/ \(pid \d+\)/, ''))).toEqual([
    '`onebox start`',
    '`onebox app create cold -p 8 -r 2 -e rocksdb.usage_scenario=normal`',
    ...Array.from({ length: 2 }, () => '`onebox app create fresh -p 3 -r 2`'),
    '`onebox app create fresh -p 3 -r 2 --if-not-exists`',
    ...Array.from({ length: 2 }, () => '`onebox app drop fresh`'),
    '`onebox kill replica1`',
    'replica1 died by SIGKILL',
    '`onebox restart replica1`',
    expect.stringMatching(/^`onebox restart meta[12]`$/),
    expect.stringMatching(/^meta[12] died with exit code 0$/),
  ]);
  const created = cluster.events({ types: ['table-created'], since: Date.now() });
  const id = await cluster.createTable('told', { partitions: 1 });
  const { value } = (await created.next()) as { value: LoggedEvent };
  expect(value).toMatchObject({ type: 'table-created', appId: id, name: 'told', partitionCount: 1 });
  await created.return?.();
  expect(await created.next()).toEqual({ done: true, value: undefined });
  await cluster.dropTable('told');

  const end = new AbortController();
  const waiting = cluster.events({ since: Date.now() + 60_000, signal: end.signal }).next();
  end.abort();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(() => cluster.events({ types: ['node-ded' as 'node-dead'] })).toThrow(
    "there is no event of type 'node-ded'",
  );
  expect(() => cluster.events({ servers: ['meta9'] })).toThrow(`cluster '${cluster.name}' has no meta9`);
  expect(() => cluster.events({ partition: 'users' })).toThrow("'users' is no partition");
});

test('an instance that was stopped is started again', async () => {
  await cluster.stopInstance('replica2');
  const { state, health } = await cluster.status();
  expect({ state, health }).toMatchObject({ state: 'partly running', health: { healthy: false } });
  await cluster.startInstance('replica2');
  await cluster.waitFor('healthy');
  expect((await cluster.logs('replica2', { lines: 5 })).length).toBeGreaterThan(0);
  expect(await codeOf(cluster.restart('replica3'))).toBe('ONEBOX_NO_SUCH_INSTANCE');
});

test('somebody else can attach to it, and letting go of it ends nothing', async () => {
  const environment = { fromEnvironment: cluster.env };
  for (const target of [environment, { name: cluster.name, home: home.path }]) {
    const attached = await Onebox.attach(target);
    expect(attached.metaServers).toEqual(cluster.metaServers);
    await attached[Symbol.asyncDispose]();
  }
  expect((await cluster.status()).health.healthy).toBe(true);
  expect(await codeOf(Onebox.attach({ name: 'nobody', home: home.path }))).toBe('ONEBOX_NO_CLUSTER');
});

test('an instance that somebody attached restarted lives on when that process ends, and dies with the cluster', async () => {
  const text = `const cluster = await Onebox.attach(${JSON.stringify(cluster.name)}); await cluster.restart('replica1');`;
  expect(await home.script(text)).toEqual({ code: 0, output: '' });
  await cluster.waitFor('healthy');
});

test('a second cluster of the same name is refused, and the first is left alone', async () => {
  const second = Onebox.start({ home: home.path, name: cluster.name });
  expect(await codeOf(second)).toBe('ONEBOX_RUNS_ALREADY');
  expect((await cluster.status()).health.healthy).toBe(true);
});

test('it ends once, for all who ask, and nothing is left of it', async () => {
  const [first, second] = [cluster.stop(), cluster.stop()];
  expect(first).toBe(second);
  await first;
  await home.untilNothingIsLeft();
  await cluster.stop();
  await cluster[Symbol.asyncDispose]();
  expect(await codeOf(cluster.status())).toBe('ONEBOX_NO_CLUSTER');
});
