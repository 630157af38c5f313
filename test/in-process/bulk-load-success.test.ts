import { rmSync } from 'node:fs';
import { RPC, duplicateRequest, ingestionRequest, make } from '@onebox/protocol';
import { LoadCluster, R1, R3 } from './load-cluster';
import { ALL_STATUSES, EVERYTHING, GPIDS, NODES, counted, ingested, untilNothingIsLeft } from './load-traces';

let cluster: LoadCluster;
afterEach(() => cluster.close());

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
      expect(ingested(cluster, node)).toEqual(EVERYTHING);
      expect(counted(cluster, node, 'bulk_load_successful_count')).toBe(2);
    }
    await untilNothingIsLeft(cluster);
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
    expect(ingested(cluster, R3)).toEqual(ingested(cluster, R1));
    expect(ingested(cluster, R3)).not.toContain('-');
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
  expect(counted(cluster, primary, 'bulk_load_ingestion_rejected_write_requests')).toBe(1);
  cluster.replicas.network.intercept = undefined;
  await cluster.statusesUntil('BLS_SUCCEED');
  expect(await write()).toBe('ERR_OK');
});
