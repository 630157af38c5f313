import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exampleFiles } from '@onebox/cluster';
import { BulkLoadStatus, RPC, bulkLoadRequest, make } from '@onebox/protocol';
import { LoadCluster } from './load-cluster';
import { NODES, counted, ingestedEverywhere, untilNothingIsLeft } from './load-traces';

let cluster: LoadCluster;
afterEach(() => cluster.close());

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
    expect(ingestedEverywhere(cluster)).toEqual(Array(6).fill('-'));
    expect(NODES.map((node) => counted(cluster, node, 'bulk_load_failed_count'))).not.toContain(0);
    await untilNothingIsLeft(cluster);
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
