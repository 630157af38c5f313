import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gpidText } from '@onebox/base';
import type { Node } from '@onebox/base';
import { exampleFiles } from '@onebox/cluster';
import {
  BulkLoadControlType,
  BulkLoadStatus,
  RPC,
  bulkLoadRequest,
  configurationDropAppRequest,
  duplicateRequest,
  ingestionRequest,
  make,
} from '@onebox/protocol';
import type { CounterName } from '@onebox/server';
import { LoadCluster, R1, R2, R3 } from './load-cluster';

let cluster: LoadCluster;
afterEach(() => cluster.close());

const NODES = [R1, R2, R3];
const GPIDS = [0, 1].map((partitionIndex) => ({ appId: 1, partitionIndex }));
const ALL_STATUSES = ['BLS_DOWNLOADING', 'BLS_DOWNLOADED', 'BLS_INGESTING', 'BLS_SUCCEED'];

/** The names of the files a replica has ingested; `-` when none. */
function ingested(node: Node): string[] {
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

/** What bulk loads have left in the replicas' directories. */
function leftovers(): string[] {
  return NODES.flatMap((node) =>
    GPIDS.flatMap((gpid) =>
      readdirSync(cluster.replicaDirectory(node, gpid)).filter((name) => name.startsWith('bulk_load')),
    ),
  );
}

/** A counter of the replicas of a node, summed. */
function counted(node: Node, name: CounterName): number {
  const metrics = cluster.replicas.metrics.get(node);
  return GPIDS.reduce((sum, gpid) => {
    const entity = metrics?.entity('replica', `replica@${gpidText(gpid)}`);
    return sum + Number(entity?.counter(name).value ?? 0);
  }, 0);
}

describe('a load of good files', () => {
  test('goes through every status, leaves the files in every replica, and its result stays', async () => {
    cluster = await LoadCluster.start();
    await cluster.writeFiles();
    expect(await cluster.startLoad()).toBe('ERR_OK ');
    expect(await cluster.statusesUntil('BLS_INGESTING')).toEqual([
      'BLS_INVALID',
      'BLS_DOWNLOADING',
      'BLS_DOWNLOADED',
      'BLS_INGESTING',
    ]);
    expect(cluster.meta.server.view.functionLevel()).toBe('steady');
    expect(cluster.znode('apps/1')).toContain('"is_bulk_loading":1');
    expect(cluster.znode('bulk_load/1')).toBe(
      '{"app_id":1,"partition_count":2,"app_name":"temp","cluster_name":"onebox","file_provider_type":"local_service","status":"replication::bulk_load_status::BLS_INGESTING","remote_root_path":"root","ingest_behind":0,"is_ever_ingesting":1,"bulk_load_err":"ERR_OK"}',
    );
    expect(cluster.znode('bulk_load/1/1')).toMatch(
      /^\{"status":"replication::bulk_load_status::BLS_INGESTING","metadata":\{"files":\[\{"name":"example-0\.sst","size":\d+,"md5":"[0-9a-f]{32}"\},.*\],"file_total_size":\d+\},"ever_ingest_succeed":0,"host_ports":\[\]\}$/,
    );
    await cluster.untilOver();
    expect(await cluster.query()).toMatchObject({
      err: 'ERR_OK',
      app_name: 'temp',
      app_status: 4,
      partitions_status: [4, 4],
      max_replica_count: 3,
      is_bulk_loading: false,
      hint_msg: 'app(temp) is not during bulk load, return last time result',
    });
    for (const node of NODES) {
      expect(ingested(node)).toEqual(['example-0.sst,example-1.sst', 'example-0.sst,example-1.sst']);
      expect(counted(node, 'bulk_load_successful_count')).toBe(2);
    }
    await cluster.until('nothing is left', 1000, () => leftovers().length === 0);
    expect(cluster.znode('apps/1')).toContain('"is_bulk_loading":0');
    expect(cluster.znode('bulk_load/1/0')).toContain('"ever_ingest_succeed":1');
    // Free for the next one, which begins as if there had been none.
    expect(await cluster.startLoad()).toBe('ERR_OK ');
    expect(await cluster.status()).toBe('BLS_INVALID');
  });

  test('downloads no more at once on a node than it may, and gets there all the same', async () => {
    cluster = await LoadCluster.start({ replicaFlags: 'max_concurrent_bulk_load_downloading_count = 1' });
    await cluster.writeFiles();
    await cluster.startLoad();
    expect(await cluster.statusesUntil('BLS_SUCCEED', 400_000)).toEqual(['BLS_INVALID', ...ALL_STATUSES]);
  });

  test('is taught to who learns afterwards', async () => {
    cluster = await LoadCluster.start();
    await cluster.writeFiles();
    await cluster.startLoad();
    await cluster.statusesUntil('BLS_SUCCEED');
    await cluster.untilOver();
    await cluster.replicas.kill(R3);
    await cluster.until('R3 is missed', 60_000, () => !cluster.isHealthy());
    rmSync(cluster.replicas.reps(R3), { recursive: true });
    await cluster.replicas.start(R3);
    await cluster.until('R3 is back', 120_000, () => cluster.isHealthy());
    expect(ingested(R3)).toEqual(ingested(R1));
    expect(ingested(R3)).not.toContain('-');
  });
});

test('while a partition ingests, other writes are refused; afterwards they are taken', async () => {
  cluster = await LoadCluster.start();
  await cluster.writeFiles();
  await cluster.startLoad();
  await cluster.statusesUntil('BLS_INGESTING');
  // The primaries do not hear that their secondaries have ingested.
  cluster.replicas.network.intercept = ({ code }) => {
    if (code === 'RPC_GROUP_BULK_LOAD') throw new Error('lost');
  };
  await cluster.replicas.pass(20_000);
  const [gpid] = GPIDS;
  const primary = cluster.configs()[0]?.primary ?? R1;
  const errorOf = (work: Promise<unknown>) =>
    work.then(
      () => 'ERR_OK',
      (error: unknown) => (error as { errorCode?: string }).errorCode,
    );
  const write = () =>
    errorOf(cluster.ask(RPC.RPC_RRDB_RRDB_DUPLICATE, make(duplicateRequest, { entries: [] }), primary, gpid));
  const ingest = () =>
    errorOf(cluster.ask(RPC.RPC_RRDB_RRDB_BULK_LOAD, make(ingestionRequest, {}), primary, gpid));
  expect([await write(), await ingest()]).toEqual(['ERR_OPERATION_DISABLED', 'ERR_NO_NEED_OPERATE']);
  expect(counted(primary, 'bulk_load_ingestion_rejected_write_requests')).toBe(1);
  cluster.replicas.network.intercept = undefined;
  await cluster.statusesUntil('BLS_SUCCEED');
  expect(await write()).toBe('ERR_OK');
});

describe('an operator', () => {
  test('pauses, restarts and cancels, each when it can be', async () => {
    cluster = await LoadCluster.start();
    const { BLC_PAUSE, BLC_RESTART, BLC_CANCEL, BLC_FORCE_CANCEL } = BulkLoadControlType;
    expect(await cluster.control(BLC_PAUSE)).toBe('ERR_INACTIVE_STATE app(temp) is not executing bulk load');
    await cluster.writeFiles();
    await cluster.startLoad();
    await cluster.statusesUntil('BLS_DOWNLOADING');
    const restart = 'can not restart bulk load for app(temp) with status(replication::bulk_load_status';
    expect(await cluster.control(BLC_RESTART)).toBe(`ERR_INVALID_STATE ${restart}::BLS_DOWNLOADING)`);
    expect(await cluster.control(BLC_PAUSE)).toBe('ERR_OK ');
    expect(await cluster.statusesUntil('BLS_PAUSED')).toEqual(['BLS_PAUSING', 'BLS_PAUSED']);
    const pause =
      'can not pause bulk load for app(temp) with status(replication::bulk_load_status::BLS_PAUSED)';
    expect(await cluster.control(BLC_PAUSE)).toBe(`ERR_INVALID_STATE ${pause}`);
    const asked = cluster.replicas.network.count('RPC_BULK_LOAD');
    await cluster.replicas.pass(30_000);
    expect(cluster.replicas.network.count('RPC_BULK_LOAD')).toBe(asked);
    expect(await cluster.control(BLC_RESTART)).toBe('ERR_OK ');
    expect(await cluster.statusesUntil('BLS_INGESTING')).toEqual([
      'BLS_DOWNLOADING',
      'BLS_DOWNLOADED',
      'BLS_INGESTING',
    ]);
    const cancel = 'can not cancel bulk load for app(temp) with status(replication::bulk_load_status';
    expect(await cluster.control(BLC_CANCEL)).toBe(`ERR_INVALID_STATE ${cancel}::BLS_INGESTING)`);
    expect(await cluster.control(BLC_FORCE_CANCEL)).toBe('ERR_OK ');
    expect(await cluster.statusesUntil('BLS_CANCELED')).toEqual(['BLS_CANCELED']);
    expect(await cluster.clear()).toBe('ERR_INVALID_STATE app(temp) is executing bulk load');
    await cluster.untilOver();
    expect(NODES.map(ingested).flat()).toEqual(Array(6).fill('-'));
    await cluster.until('nothing is left', 1000, () => leftovers().length === 0);
    expect(await cluster.clear()).toBe(
      'ERR_OK clear app(temp) bulk load result succeed, remove bulk load dir succeed',
    );
    expect(await cluster.status()).toBe('BLS_INVALID');
    expect(cluster.loadZnodes()).toEqual([]);
  });

  test('cancels a load that is paused', async () => {
    cluster = await LoadCluster.start();
    await cluster.writeFiles();
    await cluster.startLoad();
    await cluster.statusesUntil('BLS_DOWNLOADING');
    await cluster.control(BulkLoadControlType.BLC_PAUSE);
    await cluster.statusesUntil('BLS_PAUSED');
    expect(await cluster.control(BulkLoadControlType.BLC_CANCEL)).toBe('ERR_OK ');
    await cluster.untilOver();
    expect(await cluster.status()).toBe('BLS_CANCELED');
  });
});

describe('a load of bad files fails after its clean-up, with the error of what was wrong:', () => {
  const example = (index: number) => exampleFiles('temp', index, 1);
  const root = () => join(cluster.files.root, 'root', 'onebox', 'temp');

  test.each<readonly [string, () => Promise<unknown>]>([
    ['no metadata in a partition', () => cluster.files.remove('root/onebox/temp/1/bulk_load_metadata')],
    ['a missing file', () => cluster.files.remove('root/onebox/temp/0/example-0.sst')],
    ['a file that was changed', () => writeFile(join(root(), '0', 'example-0.sst'), 'x')],
    [
      'a file that is another one',
      () => cluster.files.write('root/onebox/temp/0/example-0.sst', Buffer.from('another')),
    ],
    [
      'an empty set',
      () =>
        cluster.files.write(
          'root/onebox/temp/1/bulk_load_metadata',
          Buffer.from('{"files":[],"file_total_size":0}'),
        ),
    ],
    [
      'a name that leaves the directory',
      () =>
        cluster.files.write(
          'root/onebox/temp/1/bulk_load_metadata',
          Buffer.from('{"files":[{"name":"../../x","size":1,"md5":""}],"file_total_size":1}'),
        ),
    ],
  ])('%s', async (_what, spoil) => {
    cluster = await LoadCluster.start();
    await cluster.writeFiles(example);
    await spoil();
    expect(await cluster.startLoad()).toBe('ERR_OK ');
    expect(await cluster.statusesUntil('BLS_FAILED')).toEqual([
      'BLS_INVALID',
      'BLS_DOWNLOADING',
      'BLS_FAILED',
    ]);
    expect(cluster.table().isBulkLoading).toBe(true);
    await cluster.untilOver();
    expect(await cluster.status()).toBe('ERR_CORRUPTION BLS_FAILED');
    expect(NODES.map(ingested).flat()).toEqual(Array(6).fill('-'));
    expect(NODES.map((node) => counted(node, 'bulk_load_failed_count'))).not.toContain(0);
    await cluster.until('nothing is left', 1000, () => leftovers().length === 0);
    // The lock is free again.
    await cluster.writeFiles(example);
    expect(await cluster.startLoad()).toBe('ERR_OK ');
  });
});

describe('a start is refused', () => {
  beforeEach(async () => {
    cluster = await LoadCluster.start();
  });

  test('in the order of the checks, and leaves nothing behind', async () => {
    expect(await cluster.startLoad({ app_name: 'none' })).toBe('ERR_APP_NOT_EXIST app not existed is ');
    expect(await cluster.startLoad({ ingest_behind: true, file_provider_type: 'none' })).toBe(
      'ERR_INCONSISTENT_STATE inconsistent ingestion behind option',
    );
    expect(await cluster.startLoad({ file_provider_type: 'none' })).toBe(
      'ERR_INVALID_PARAMETERS invalid file_provider',
    );
    expect(await cluster.startLoad()).toBe('ERR_OBJECT_NOT_FOUND read bulk_load_info failed');
    await cluster.files.write('root/onebox/temp/bulk_load_info', Buffer.from('{"app_id":1}x'));
    expect(await cluster.startLoad()).toBe('ERR_CORRUPTION bulk_load_info damaged');
    const inconsistent = 'ERR_INCONSISTENT_STATE app_id or partition_count is inconsistent';
    await cluster.writeFiles(undefined, { appId: 2 });
    expect(await cluster.startLoad()).toBe(inconsistent);
    await cluster.writeFiles(undefined, { partitionCount: 4 });
    expect(await cluster.startLoad()).toBe(inconsistent);
    expect([await cluster.status(), cluster.table().isBulkLoading]).toEqual(['BLS_INVALID', false]);
    expect(cluster.loadZnodes()).toEqual([]);
  });

  test('with a slash in front of its path, which is below the root all the same', async () => {
    const failed = 'ERR_OBJECT_NOT_FOUND read bulk_load_info failed';
    expect(await cluster.startLoad({ remote_root_path: '/root' })).toBe(failed);
    await cluster.files.write('root/onebox/temp/bulk_load_info', Buffer.from('{}'));
    expect(await cluster.startLoad({ remote_root_path: '//root/' })).toBe(
      'ERR_CORRUPTION bulk_load_info damaged',
    );
    expect(await cluster.startLoad({ remote_root_path: '/' })).toBe(failed);
  });

  test.each(['../../../outside', 'root/../../outside', '/../etc', 'root\0', '..'])(
    'when its path leaves the block service: %j, over RPC and HTTP alike',
    async (path) => {
      const refused = "the path to bulk_load_info must stay below the block service's root";
      expect(await cluster.startLoad({ remote_root_path: path })).toBe(`ERR_INVALID_PARAMETERS ${refused}`);
      const body = { app_name: 'temp', cluster_name: 'onebox', file_provider_type: 'local_service' };
      const answer = await cluster.meta.server.httpHandlers['/meta/app/start_bulk_load']?.({
        method: 'POST',
        path: 'meta/app/start_bulk_load',
        args: new Map(),
        rawUrl: '/meta/app/start_bulk_load',
        body: Buffer.from(JSON.stringify({ ...body, remote_root_path: path })),
      });
      expect(answer).toEqual({
        status: 200,
        body: `{"error":"ERR_INVALID_PARAMETERS","hint_msg":"${refused}"}\n`,
      });
    },
  );

  test('while another one is checked, or runs', async () => {
    await cluster.writeFiles();
    const both = await Promise.all([cluster.startLoad(), cluster.startLoad()]);
    const busy = 'ERR_BUSY meta server is busy now, please wait';
    expect(both.sort()).toEqual([busy, 'ERR_OK ']);
    await cluster.statusesUntil('BLS_DOWNLOADING');
    expect(await cluster.startLoad()).toBe(busy);
  });
});

test('a replica server fetches nothing from outside of the block service, whoever asks', async () => {
  cluster = await LoadCluster.start();
  const [config] = cluster.configs();
  if (config?.primary === undefined) throw new Error('no primary');
  const { gpid, ballot, primary } = config;
  const request = make(bulkLoadRequest, {
    pid: gpid,
    app_name: 'temp',
    remote_provider_name: 'local_service',
    cluster_name: 'onebox',
    ballot,
    meta_bulk_load_status: BulkLoadStatus.BLS_DOWNLOADING,
    remote_root_path: '../..',
  });
  const ask = () => cluster.ask(RPC.RPC_BULK_LOAD, request, primary, gpid);
  await cluster.until('it has refused', 60_000, async () => {
    const { group_bulk_load_state: states } = await ask();
    return states.every(([, { download_status: status }]) => status === 'ERR_INVALID_PARAMETERS');
  });
  for (const node of NODES) {
    expect(readdirSync(join(cluster.replicaDirectory(node, gpid), 'bulk_load'))).toEqual([]);
  }
});

test('with concurrent loads allowed a table still has one only', async () => {
  cluster = await LoadCluster.start({ metaFlags: 'enable_concurrent_bulk_load = true' });
  await cluster.writeFiles();
  const already = 'ERR_BUSY app(temp) is already executing bulk load';
  const both = await Promise.all([cluster.startLoad(), cluster.startLoad()]);
  expect(both.sort()).toEqual([already, 'ERR_OK ']);
  await cluster.statusesUntil('BLS_DOWNLOADING');
  expect(await cluster.startLoad()).toBe(already);
});

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
        expect(ingested(node)).toEqual(['example-0.sst,example-1.sst', 'example-0.sst,example-1.sst']);
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
    expect(ingested(R2)).toEqual(['example-0.sst,example-1.sst', 'example-0.sst,example-1.sst']);
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
