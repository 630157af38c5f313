import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScaledClock } from '@onebox/base';
import {
  BulkLoadStatus,
  RPC,
  controlBulkLoadResponse,
  make,
  partitionBulkLoadState,
  queryBulkLoadResponse,
  startBulkLoadResponse,
} from '@onebox/protocol';
import { LocalService } from '@onebox/server';
import { BulkLoadAdmin, MetaAdmin, exampleFiles, writeLoadFiles } from '../src';
import { startFakeMeta } from './support/fake-meta';
import type { FakeMeta } from './support/fake-meta';

describe('bulk loads over RPC', () => {
  let meta: FakeMeta;
  let connection: MetaAdmin;
  let admin: BulkLoadAdmin;

  beforeEach(async () => {
    meta = await startFakeMeta();
    connection = new MetaAdmin([meta.node], new ScaledClock(1));
    admin = new BulkLoadAdmin(connection);
  });
  afterEach(async () => {
    connection.close();
    await meta.close();
  });

  test('a start names the table and where its files are', async () => {
    let asked: unknown;
    meta.rpc.on(RPC.RPC_CM_START_BULK_LOAD, (request) => {
      asked = request;
      return make(startBulkLoadResponse, { err: 'ERR_OK' });
    });
    await admin.start('temp', { clusterName: 'c', provider: 'p', root: 'r', ingestBehind: true });
    expect(asked).toEqual({
      app_name: 'temp',
      cluster_name: 'c',
      file_provider_type: 'p',
      remote_root_path: 'r',
      ingest_behind: true,
    });
  });

  test("a refusal is told in the leader's words", async () => {
    meta.rpc.on(RPC.RPC_CM_CONTROL_BULK_LOAD, () =>
      make(controlBulkLoadResponse, {
        err: 'ERR_INACTIVE_STATE',
        hint_msg: 'app(temp) is not executing bulk load',
      }),
    );
    await expect(admin.control('temp', 'pause')).rejects.toMatchObject({
      errorCode: 'ERR_INACTIVE_STATE',
      message: "bulk load of table 'temp': app(temp) is not executing bulk load",
    });
  });

  test('a report has every partition with its replicas; the error of a load that failed is no refusal', async () => {
    meta.rpc.on(RPC.RPC_CM_QUERY_BULK_LOAD_STATUS, () =>
      make(queryBulkLoadResponse, {
        err: 'ERR_CORRUPTION',
        app_name: 'temp',
        app_status: BulkLoadStatus.BLS_FAILED,
        partitions_status: [BulkLoadStatus.BLS_FAILED],
        max_replica_count: 3,
        bulk_load_states: [
          [[{ ip: '127.0.0.1', port: 34801 }, make(partitionBulkLoadState, { is_cleaned_up: true })]],
        ],
        is_bulk_loading: false,
      }),
    );
    expect(await admin.query('temp')).toEqual({
      table: 'temp',
      status: 'BLS_FAILED',
      running: false,
      error: 'ERR_CORRUPTION',
      partitions: [
        {
          status: 'BLS_FAILED',
          replicas: [
            {
              node: '127.0.0.1:34801',
              progress: 0,
              ingestion: 'IS_INVALID',
              cleanedUp: true,
              paused: false,
            },
          ],
        },
      ],
    });
  });
});

test("a set of files has upstream's layout", async () => {
  const directory = await mkdtemp(join(tmpdir(), 'load-files-'));
  try {
    const place = { root: 'r', clusterName: 'c', appName: 't', appId: 3, partitionCount: 2 };
    const count = await writeLoadFiles(new LocalService(directory), place, (index) =>
      exampleFiles('t', index, 1),
    );
    expect(count).toBe(2);
    const table = join(directory, 'r', 'c', 't');
    expect((await readdir(table)).sort()).toEqual(['.bulk_load_info.meta', '0', '1', 'bulk_load_info']);
    expect(await readFile(join(table, 'bulk_load_info'), 'utf8')).toBe(
      '{"app_id":3,"app_name":"t","partition_count":2}',
    );
    expect((await readdir(join(table, '1'))).sort()).toEqual([
      '.bulk_load_metadata.meta',
      '.example-0.sst.meta',
      'bulk_load_metadata',
      'example-0.sst',
    ]);
    const { size, md5 } = JSON.parse(await readFile(join(table, '1', '.example-0.sst.meta'), 'utf8')) as {
      size: number;
      md5: string;
    };
    expect(await readFile(join(table, '1', 'bulk_load_metadata'), 'utf8')).toBe(
      JSON.stringify({ files: [{ name: 'example-0.sst', size, md5 }], file_total_size: size }),
    );
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
