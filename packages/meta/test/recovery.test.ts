import { MemoryLogger } from '@onebox/base';
import { checkConfig, parseIni } from '@onebox/server';
import { defaultTables } from '../src/leadership/default-tables';
import { recover } from '../src/leadership/recovery';
import type { RecoveredTable } from '../src/leadership/recovery';
import { writePartitionJson } from '../src/state/partition-json';
import { writeTableJson } from '../src/state/table-json';
import { znodePaths } from '../src/state/znode-paths';
import { HEALTHY, config, table } from './cluster-fixture';
import { MemoryStore } from './simulation/memory-store';

const PATHS = znodePaths('/root');
const INI = `
[meta_server.apps.temp]
app_name = temp
partition_count = 2
[meta_server.apps.stat]
app_name = stat
partition_count = 1
max_replica_count = 2
`;

function recovered(store: MemoryStore, createSecond = 1767225600): Promise<readonly RecoveredTable[]> {
  return recover({
    store,
    paths: PATHS,
    addressOf: (node) => node,
    defaults: () => defaultTables(checkConfig(parseIni(INI, 'config.ini')).defaultTables, createSecond),
    log: new MemoryLogger(),
  });
}

const STAT = table({ appId: 1, appName: 'stat', partitionCount: 1, maxReplicaCount: 2 });
const TEMP = table({ partitionCount: 2 });
const fresh = (appId: number, partitionIndex: number, maxReplicaCount = 3) =>
  config({ gpid: { appId, partitionIndex }, maxReplicaCount });

/** A ZooKeeper with the table `temp` of two partitions, the first one healthy. */
async function storeWithTemp(): Promise<MemoryStore> {
  const store = new MemoryStore();
  await store.ensurePath(PATHS.apps);
  await store.set(PATHS.apps, Buffer.from('unlock'));
  await store.create(PATHS.table(2), writeTableJson(TEMP, 'AS_AVAILABLE'));
  await store.create(
    PATHS.partition(HEALTHY.gpid),
    writePartitionJson(HEALTHY, (node) => node),
  );
  await store.create(
    PATHS.partition({ appId: 2, partitionIndex: 1 }),
    writePartitionJson(fresh(2, 1), (node) => node),
  );
  return store;
}

describe('a new leader', () => {
  test('creates the default tables of an empty cluster, ids in the order of their sections', async () => {
    const store = new MemoryStore();
    expect(await recovered(store)).toEqual([
      { info: STAT, partitions: [fresh(1, 0, 2)] },
      { info: TEMP, partitions: [fresh(2, 0), fresh(2, 1)] },
    ]);
    expect([...store.nodes.keys()].sort()).toEqual([
      '/root',
      '/root/apps',
      '/root/apps/1',
      '/root/apps/1/0',
      '/root/apps/2',
      '/root/apps/2/0',
      '/root/apps/2/1',
    ]);
    expect(store.text('/root/apps')).toBe('unlock');
    expect(store.text('/root/apps/1')).toBe(writeTableJson(STAT, 'AS_AVAILABLE').toString());
  });

  test('does that work again where an earlier one died over it, and keeps what is there', async () => {
    const store = new MemoryStore();
    // lock, stat with its partition and temp's own node get through; the look-ups before them are free.
    const dying = recovered(store, 100);
    for (let turn = 0; turn < 1000 && !store.nodes.has('/root/apps/2'); turn += 1) await Promise.resolve();
    store.disconnect();
    for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
    expect([store.text('/root/apps'), store.nodes.has('/root/apps/2/1')]).toEqual(['lock', false]);
    store.fence();

    const tables = await recovered(store, 200);
    expect(
      tables.map(({ info, partitions }) => [info.appName, info.createSecond, partitions.length]),
    ).toEqual([
      ['stat', 100, 1],
      ['temp', 100, 2],
    ]);
    expect(store.text('/root/apps')).toBe('unlock');
    void dying;
  });

  test('reads the tables that are there and creates none', async () => {
    expect(await recovered(await storeWithTemp())).toEqual([
      { info: TEMP, partitions: [HEALTHY, fresh(2, 1)] },
    ]);
  });

  test('makes a missing partition anew', async () => {
    const store = await storeWithTemp();
    store.nodes.delete('/root/apps/2/1');
    expect((await recovered(store))[0]?.partitions[1]).toEqual(fresh(2, 1));
    expect(store.text('/root/apps/2/1')).toBe(writePartitionJson(fresh(2, 1), (node) => node).toString());
  });

  test('completes a drop that was half done', async () => {
    const store = await storeWithTemp();
    const dropped = { ...TEMP, dropSecond: 100, expireSecond: 200 };
    await store.set(PATHS.table(2), writeTableJson(dropped, 'AS_DROPPED'));
    const [found] = await recovered(store);
    expect(found?.info).toEqual({ ...dropped, status: 'AS_DROPPED' });
    expect(
      found?.partitions.map(({ ballot, flags, lastDrops }) => [ballot, flags, lastDrops.length]),
    ).toEqual([
      [4, 1, 3],
      [1, 1, 0],
    ]);
    expect(JSON.parse(store.text('/root/apps/2/0') ?? '')).toMatchObject({ ballot: 4, partition_flags: 1 });
  });

  test('completes a recall that was half done, without moving a ballot', async () => {
    const store = await storeWithTemp();
    const flagged = { ...fresh(2, 1), ballot: 4, flags: 1 };
    await store.set(
      PATHS.partition(flagged.gpid),
      writePartitionJson(flagged, (node) => node),
    );
    expect((await recovered(store))[0]?.partitions[1]).toEqual({ ...flagged, flags: 0 });
    expect(JSON.parse(store.text('/root/apps/2/1') ?? '')).toMatchObject({ ballot: 4, partition_flags: 0 });
  });

  test('keeps the children of an unfinished split in memory only', async () => {
    const store = await storeWithTemp();
    const splitting = { ...TEMP, partitionCount: 4, initPartitionCount: 2 };
    await store.set(PATHS.table(2), writeTableJson(splitting, 'AS_AVAILABLE'));
    expect((await recovered(store))[0]?.partitions.map(({ ballot }) => ballot)).toEqual([3, 0, -1, -1]);
    expect(store.nodes.has('/root/apps/2/2')).toBe(false);
  });

  test.each([
    ['a table that is no JSON', '/root/apps/2', '{'],
    ['a partition that is no JSON', '/root/apps/2/0', ''],
    ['a node that is no table', '/root/apps/temp', '{}'],
  ])('does not start on %s', async (_what, path, data) => {
    const store = await storeWithTemp();
    store.nodes.set(path, Buffer.from(data));
    await expect(recovered(store)).rejects.toMatchObject({ code: 'ONEBOX_BAD_ZNODE' });
  });
});
