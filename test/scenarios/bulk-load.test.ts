import { join } from 'node:path';
import { until } from '@onebox/base';
import { exampleFiles, writeLoadFiles } from '@onebox/cluster';
import type { BulkLoadReport, LoadFile } from '@onebox/cluster';
import { LocalService } from '@onebox/server';
import { httpPost } from '../support/http-get';
import { withCluster } from '../support/test-cluster';
import type { TestCluster } from '../support/test-cluster';
import { SLACK_MS } from '../support/timing';

const TEMP = { root: 'root', clusterName: 'onebox', appName: 'temp', appId: 2, partitionCount: 2 };

function blockService(cluster: TestCluster): LocalService {
  return new LocalService(join(cluster.directory, 'block_service', 'local_service'));
}

async function startLoad(cluster: TestCluster): Promise<string> {
  const body = {
    app_name: 'temp',
    cluster_name: 'onebox',
    file_provider_type: 'local_service',
    remote_root_path: 'root',
  };
  const { status, body: answer } = await httpPost(
    await cluster.leaderOrFail(),
    '/meta/app/start_bulk_load',
    JSON.stringify(body),
  );
  return `${status} ${answer}`;
}

const answered = (error: string, hint = '') => `200 {"error":"${error}","hint_msg":"${hint}"}\n`;

/** `ERR_OK BLS_DOWNLOADING` */
async function query(cluster: TestCluster): Promise<string> {
  const found = await cluster.json<{ error: string; app_status: string }>(
    '/meta/app/query_bulk_load?name=temp',
  );
  return `${found.error} ${found.app_status.replace('replication::bulk_load_status::', '')}`;
}

async function isBulkLoading(cluster: TestCluster): Promise<number> {
  const { value } = await cluster.znode<{ is_bulk_loading: number }>('/apps/2');
  return value.is_bulk_loading;
}

test('scenario 38: a load without files, of another table and of nothing; and one of good files', () =>
  withCluster({ args: ['-p', '2'] }, async (cluster) => {
    // A period of the leader's requests is as long as the guardian's.
    const period = cluster.timing.I;
    const files = blockService(cluster);
    // Nothing there.
    expect(await startLoad(cluster)).toBe(answered('ERR_OBJECT_NOT_FOUND', 'read bulk_load_info failed'));
    expect(await query(cluster)).toBe('ERR_OK BLS_INVALID');
    // Of another table.
    const nothing = (): LoadFile[] => [];
    await writeLoadFiles(files, { ...TEMP, appId: 3 }, nothing);
    expect(await startLoad(cluster)).toBe(
      answered('ERR_INCONSISTENT_STATE', 'app_id or partition_count is inconsistent'),
    );
    expect(await isBulkLoading(cluster)).toBe(0);
    // Of this table, and empty.
    await writeLoadFiles(files, TEMP, nothing);
    expect(await startLoad(cluster)).toBe(answered('ERR_OK'));
    const seen = new Set<string>();
    await until(
      'the load has failed, and is cleaned up after',
      async () => {
        seen.add(await query(cluster));
        return seen.has('ERR_CORRUPTION BLS_FAILED');
      },
      { withinMs: 9 * period + SLACK_MS },
    );
    seen.delete('ERR_OK BLS_INVALID');
    expect([...seen]).toEqual(['ERR_OK BLS_DOWNLOADING', 'ERR_OK BLS_FAILED', 'ERR_CORRUPTION BLS_FAILED']);
    expect(await isBulkLoading(cluster)).toBe(0);

    // Good files, through the public command.
    await writeLoadFiles(files, TEMP, (index) => exampleFiles('temp', index, 1));
    await cluster.run('bulk-load', 'start', 'temp', '--root', 'root', '--cluster', 'onebox');
    const report = async () =>
      JSON.parse(await cluster.run('bulk-load', 'query', 'temp', '--json')) as BulkLoadReport;
    await until('the load is done', async () => !(await report()).running, {
      withinMs: 15 * period + SLACK_MS,
    });
    expect(await query(cluster)).toBe('ERR_OK BLS_SUCCEED');
    const { partitions } = await report();
    expect(partitions.map(({ replicas }) => replicas.map(({ cleanedUp }) => cleanedUp))).toEqual(
      Array(2).fill([true, true, true]),
    );
    expect(await cluster.run('bulk-load', 'clear', 'temp')).toBe(
      "The result of the last load into table 'temp' is forgotten.\n",
    );
    expect(await query(cluster)).toBe('ERR_OK BLS_INVALID');
  }));
