import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorCode } from '@onebox/base';
import {
  RPC,
  configurationQueryRestoreRequest,
  configurationReportRestoreStatusRequest,
  configurationRestoreRequest,
  make,
} from '@onebox/protocol';
import type { ConfigurationRestoreRequest } from '@onebox/protocol';
import type { TableView } from '../../src/state/table';
import { WholeCluster } from '../simulation/whole-cluster';
import { backupRequests } from './backup-requests';

let cluster: WholeCluster;
/** Of the backup of `stat` that every test has. */
let id: number;
beforeEach(async () => {
  cluster = await WholeCluster.start();
  id = await backUp();
});
afterEach(() => cluster.close());

/** Backs `stat` up and gives the id of the backup. */
async function backUp(): Promise<number> {
  const tool = backupRequests((rpc, request) => cluster.ask(rpc, request));
  const { backup_id: backupId = 0 } = await tool.now(1);
  const finished = async () => ((await tool.status(1, backupId)).backup_items?.[0]?.end_time_ms ?? 0) > 0;
  await cluster.until('the backup', finished);
  return backupId;
}

function tableNamed(name: string): TableView | undefined {
  return cluster.leader.server.view.tableNamed(name);
}

/** The decree in the record of the partition's primary. */
function primaryDecree(name: string, index: number): number {
  const table = tableNamed(name);
  const primary = table?.partitions[index]?.primary;
  if (table === undefined || primary === undefined) return -1;
  const server = `replica${Number(primary.slice(-1))}`;
  const path = join(
    cluster.root,
    server,
    `data/replica/reps/${table.info.appId}.${index}.pegasus/replica.json`,
  );
  return (JSON.parse(readFileSync(path, 'utf8')) as { lastCommittedDecree: number }).lastCommittedDecree;
}

async function restore(given: Partial<ConfigurationRestoreRequest> = {}): Promise<[ErrorCode, number]> {
  const request = make(configurationRestoreRequest, {
    cluster_name: 'onebox',
    policy_name: '',
    time_stamp: id,
    app_name: 'stat',
    app_id: 1,
    new_app_name: 'again',
    backup_provider_name: 'local_service',
    skip_bad_partition: false,
    ...given,
  });
  const { err, appid } = await cluster.ask(RPC.RPC_CM_START_RESTORE, request);
  return [err, appid];
}

function status(appId: number) {
  return cluster.ask(
    RPC.RPC_CM_QUERY_RESTORE_STATUS,
    make(configurationQueryRestoreRequest, { restore_app_id: appId }),
  );
}

/** A file of the backup's first partition. */
const inBackup = (path: string): string => join(cluster.blocks, `onebox/${id}/stat_1/0`, path);

const healthy = (): boolean =>
  tableNamed('again')?.partitions.every(({ secondaries }) => secondaries.length === 2) === true;

test('a restored table has the old one’s shape and decrees, and envs that say where it comes from', async () => {
  // An idle primary moves its decree now and then; the backup shall have one to bring back.
  await cluster.until('a decree', () => primaryDecree('stat', 0) > 0 && primaryDecree('stat', 1) > 0);
  id = await backUp();
  expect(await restore()).toEqual(['ERR_OK', 2]);
  await cluster.until('the restored table', healthy);
  expect(tableNamed('again')?.info).toMatchObject({
    appId: 2,
    partitionCount: 2,
    maxReplicaCount: 3,
    envs: new Map([
      ['restore.block_service_provider', 'local_service'],
      ['restore.cluster_name', 'onebox'],
      ['restore.policy_name', ''],
      ['restore.app_name', 'stat'],
      ['restore.app_id', '1'],
      ['restore.backup_id', String(id)],
    ]),
  });
  expect(await status(2)).toEqual({
    err: 'ERR_OK',
    restore_status: ['ERR_OK', 'ERR_OK'],
    restore_progress: [1000, 1000],
  });
  const backedUp = JSON.parse(
    readFileSync(inBackup(`${readFileSync(inBackup('current_checkpoint'), 'utf8')}/backup_metadata`), 'utf8'),
  ) as { checkpoint_decree: number };
  expect(backedUp.checkpoint_decree).toBeGreaterThan(0);
  expect(primaryDecree('again', 0)).toBeGreaterThanOrEqual(backedUp.checkpoint_decree);
});

test('before any partition has a member nothing is restored; reports move the progress forward only', async () => {
  for (const index of [1, 2, 3]) await cluster.killReplica(index);
  expect(await restore()).toEqual(['ERR_OK', 2]);
  expect(await status(2)).toMatchObject({ restore_status: ['ERR_OK', 'ERR_OK'], restore_progress: [0, 0] });
  const report = async (progress: number, appId = 2) => {
    const pid = { appId, partitionIndex: 1 };
    const request = make(configurationReportRestoreStatusRequest, {
      pid,
      restore_status: 'ERR_OK',
      progress,
    });
    return (await cluster.ask(RPC.RPC_CM_REPORT_RESTORE_STATUS, request)).err;
  };
  expect(await report(500)).toBe('ERR_OK');
  expect(await report(300)).toBe('ERR_OK');
  expect(await report(500, 9)).toBe('ERR_OBJECT_NOT_FOUND');
  expect((await status(2)).restore_progress).toEqual([0, 500]);
});

test('a table with a damaged partition is dropped again', async () => {
  const file = inBackup(`${readFileSync(inBackup('current_checkpoint'), 'utf8')}/replica.json`);
  writeFileSync(file, readFileSync(file, 'utf8').replace('"stat"', '"STAT"'));
  expect(await restore()).toEqual(['ERR_OK', 2]);
  await cluster.until('the end of the table', () => tableNamed('again') === undefined);
  expect(await status(2)).toMatchObject({ err: 'ERR_APP_DROPPED' });
});

test('a table with a missing partition comes without it when that is wished', async () => {
  rmSync(inBackup('current_checkpoint'));
  expect(await restore({ skip_bad_partition: true })).toEqual(['ERR_OK', 2]);
  await cluster.until('the restored table', healthy);
  expect(tableNamed('again')?.info.envs.get('restore.skip_bad_partition')).toBe('true');
});

test.each([
  ['a backup that is not there', { time_stamp: 5 }, 'ERR_OBJECT_NOT_FOUND'],
  ['another cluster', { cluster_name: 'elsewhere' }, 'ERR_OBJECT_NOT_FOUND'],
  ['a policy, which only older releases had as a directory', { policy_name: 'p' }, 'ERR_OBJECT_NOT_FOUND'],
  ['a table that was not backed up', { app_name: 'temp' }, 'ERR_OBJECT_NOT_FOUND'],
  ['a provider that is not configured', { backup_provider_name: 'hdfs' }, 'ERR_INVALID_PARAMETERS'],
  ['a path out of the block service', { restore_path: '../..' }, 'ERR_INVALID_PARAMETERS'],
  ['the name of a table there is', { new_app_name: '' }, 'ERR_INVALID_PARAMETERS'],
] satisfies [string, Partial<ConfigurationRestoreRequest>, ErrorCode][])(
  'refused: %s',
  async (_what, given, err) => {
    expect(await restore(given)).toEqual([err, -1]);
    expect(tableNamed('again')).toBeUndefined();
  },
);

test('metadata that is damaged is refused', async () => {
  const path = join(cluster.blocks, `onebox/${id}/stat_1/meta/app_metadata`);
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, 40));
  expect(await restore()).toEqual(['ERR_CORRUPTION', -1]);
});

test('the status of a table that does not exist', async () => {
  expect(await status(9)).toMatchObject({ err: 'ERR_APP_NOT_EXIST' });
});
