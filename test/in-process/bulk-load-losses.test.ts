import { BulkLoadControlType, RPC, configurationDropAppRequest, make } from '@onebox/protocol';
import { LoadCluster, R1, R2 } from './load-cluster';
import { ALL_STATUSES, EVERYTHING, NODES, ingested } from './load-traces';

let cluster: LoadCluster;
afterEach(() => cluster.close());

describe('a node that dies', () => {
  test.each(['BLS_DOWNLOADING', 'BLS_INGESTING'])(
    'in %s sends the load back, and it is done when the node is there again',
    async (status) => {
      cluster = await LoadCluster.start();
      await cluster.writeFiles();
      await cluster.startLoad();
      await cluster.statusesUntil(status);
      const primary = cluster.configs()[0]?.primary ?? R1;
      await cluster.replicas.kill(primary);
      await cluster.until('its partitions have other primaries', 60_000, () =>
        cluster.configs().every((config) => config.primary !== primary && config.primary !== undefined),
      );
      await cluster.replicas.start(primary);
      const seen = await cluster.statusesUntil('BLS_SUCCEED', 600_000);
      expect(seen.slice(-4)).toEqual(ALL_STATUSES);
      await cluster.untilOver();
      for (const node of NODES) {
        expect(ingested(cluster, node)).toEqual(EVERYTHING);
      }
    },
  );

  test('costs one rollback, however many partitions it led', async () => {
    cluster = await LoadCluster.start({ metaFlags: 'bulk_load_max_rollback_times = 1' });
    await cluster.writeFiles();
    await cluster.startLoad();
    await cluster.statusesUntil('BLS_DOWNLOADED');
    let lost = 0;
    cluster.replicas.network.intercept = ({ code }) => {
      if (code !== 'RPC_BULK_LOAD' || lost === 2) return;
      lost += 1;
      throw new Error('lost');
    };
    expect(await cluster.statusesUntil('BLS_SUCCEED')).toEqual(['BLS_DOWNLOADED', ...ALL_STATUSES]);
    expect(lost).toBe(2);
  });

  test('too often makes it fail', async () => {
    cluster = await LoadCluster.start({ metaFlags: 'bulk_load_max_rollback_times = 1' });
    await cluster.writeFiles();
    await cluster.startLoad();
    await cluster.statusesUntil('BLS_DOWNLOADING');
    // Nobody answers, and nobody is dead either.
    cluster.replicas.network.intercept = ({ code }) => {
      if (code === 'RPC_BULK_LOAD') throw new Error('lost');
    };
    await cluster.statusesUntil('BLS_FAILED');
    cluster.replicas.network.intercept = undefined;
    await cluster.untilOver();
    expect(await cluster.status()).toBe('ERR_RETRY_EXHAUSTED BLS_FAILED');
  });
});

describe('a new leader', () => {
  test.each(ALL_STATUSES)('goes on with a load that was %s', async (status) => {
    cluster = await LoadCluster.start();
    await cluster.writeFiles();
    await cluster.startLoad();
    await cluster.statusesUntil(status);
    await cluster.failOver();
    expect(await cluster.status()).not.toBe('BLS_INVALID');
    await cluster.statusesUntil('BLS_SUCCEED', 400_000);
    await cluster.untilOver();
    expect(ingested(cluster, R2)).toEqual(EVERYTHING);
  });

  test('keeps a load paused until somebody restarts it', async () => {
    cluster = await LoadCluster.start();
    await cluster.writeFiles();
    await cluster.startLoad();
    await cluster.statusesUntil('BLS_DOWNLOADING');
    await cluster.control(BulkLoadControlType.BLC_PAUSE);
    await cluster.statusesUntil('BLS_PAUSED');
    await cluster.failOver();
    await cluster.replicas.pass(30_000);
    expect(await cluster.status()).toBe('BLS_PAUSED');
    await cluster.control(BulkLoadControlType.BLC_RESTART);
    await cluster.statusesUntil('BLS_SUCCEED');
  });

  test('knows how a load ended', async () => {
    cluster = await LoadCluster.start();
    await cluster.writeFiles();
    await cluster.files.remove('root/onebox/temp/1/example-0.sst');
    await cluster.startLoad();
    await cluster.statusesUntil('BLS_FAILED');
    await cluster.untilOver();
    await cluster.failOver();
    expect(await cluster.status()).toBe('ERR_CORRUPTION BLS_FAILED');
    expect(cluster.table().isBulkLoading).toBe(false);
  });

  test('deletes what cannot be a load of its table, and resets the flag', async () => {
    cluster = await LoadCluster.start();
    await cluster.writeFiles();
    await cluster.startLoad();
    await cluster.statusesUntil('BLS_DOWNLOADED');
    const path = '/pegasus/onebox/127.0.0.1/bulk_load/1';
    const text = cluster.znode('bulk_load/1') ?? '';
    await cluster.store.set(path, Buffer.from(text.replace('"partition_count":2', '"partition_count":4')));
    await cluster.failOver();
    expect([await cluster.status(), cluster.table().isBulkLoading]).toEqual(['BLS_INVALID', false]);
    expect(cluster.loadZnodes()).toEqual([]);
    expect(await cluster.startLoad()).toBe('ERR_OK ');
  });

  test('resets the flag of a table without a load', async () => {
    cluster = await LoadCluster.start();
    await cluster.writeFiles();
    await cluster.startLoad();
    await cluster.statusesUntil('BLS_DOWNLOADING');
    for (const path of cluster.loadZnodes().reverse()) await cluster.store.remove(path);
    await cluster.failOver();
    expect([await cluster.status(), cluster.table().isBulkLoading]).toEqual(['BLS_INVALID', false]);
  });

  test('frees the lock that a dropped table leaves taken', async () => {
    cluster = await LoadCluster.start();
    await cluster.writeFiles();
    await cluster.startLoad();
    await cluster.statusesUntil('BLS_DOWNLOADING');
    await cluster.ask(RPC.RPC_CM_DROP_APP, make(configurationDropAppRequest, { app_name: 'temp' }));
    await cluster.replicas.pass(20_000);
    expect(await cluster.startLoad()).toBe('ERR_BUSY meta server is busy now, please wait');
    expect((await cluster.query()).err).toBe('ERR_APP_NOT_EXIST');
    await cluster.failOver();
    expect(cluster.loadZnodes()).toEqual([]);
    expect(await cluster.startLoad()).toBe('ERR_APP_NOT_EXIST app not existed is ');
  });
});
