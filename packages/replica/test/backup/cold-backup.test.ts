import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { until } from '@onebox/base';
import type { ErrorCode, Gpid, Node } from '@onebox/base';
import { RPC, backupRequest, make, policyInfo } from '@onebox/protocol';
import type { BackupRequest } from '@onebox/protocol';
import { FakeCluster, R1, R2, R3, TOOL, settle } from '../support/fake-cluster';

const P0: Gpid = { appId: 1, partitionIndex: 0 };
const MINUTE = 60_000;

let cluster: FakeCluster;
afterEach(() => cluster.close());

/** Three replicas of one partition, led by R1. */
async function healthy(flags = 'cold_backup_root = onebox'): Promise<void> {
  cluster = new FakeCluster(flags);
  cluster.meta.add(P0);
  await cluster.start(R1, R2, R3);
  cluster.meta.cures = [R1, R2, R3];
  cluster.meta.cure(P0);
  await cluster.pass(100);
  expect(cluster.meta.partition(P0)).toMatchObject({ primary: R1, secondaries: [R2, R3] });
}

interface Asked extends Partial<BackupRequest> {
  readonly policyName?: string;
  readonly provider?: string;
}

/** A request as the meta server's, and what matters of the answer. */
async function ask(
  node: Node,
  { policyName = 'daily', provider = 'local_service', ...given }: Asked = {},
): Promise<[ErrorCode, number]> {
  const request = make(backupRequest, {
    pid: P0,
    policy: make(policyInfo, { policy_name: policyName, backup_provider_type: provider }),
    app_name: 'table1',
    backup_id: 100,
    ...given,
  });
  const answer = await cluster.network.from(TOOL).call(node, RPC.RPC_COLD_BACKUP, request);
  expect(answer).toMatchObject({ pid: request.pid, policy_name: policyName, backup_id: request.backup_id });
  return [answer.err, answer.progress];
}

/** Asks, as the meta server does, until the answer is not ERR_BUSY. */
function outcome(node: Node, given: Asked = {}): Promise<[ErrorCode, number]> {
  return until(
    'an outcome',
    async () => {
      const answer = await ask(node, given);
      await settle();
      return answer[0] === 'ERR_BUSY' ? undefined : answer;
    },
    { withinMs: 10_000, everyMs: 1 },
  );
}

/** Waits for what the disk does. */
function eventually(what: string, holds: () => boolean): Promise<boolean> {
  return until(
    what,
    async () => {
      await settle();
      return holds();
    },
    { withinMs: 10_000, everyMs: 1 },
  );
}

const inBlocks = (path: string): string => join(cluster.root, 'block_service/local_service', path);
const partition = 'onebox/100/table1_1/0';
const current = (): string => readFileSync(inBlocks(`${partition}/current_checkpoint`), 'utf8');

function checkpoints(node: Node): string[] {
  const directory = join(cluster.reps(node), '1.0.pegasus/backup');
  return existsSync(directory) ? readdirSync(directory) : [];
}

function metric(
  node: Node,
  name:
    | 'backup_started_count'
    | 'backup_successful_count'
    | 'backup_failed_count'
    | 'backup_cancelled_count'
    | 'backup_file_upload_successful_count'
    | 'backup_file_upload_total_bytes'
    | 'backup_file_upload_failed_count',
): number {
  return Number(cluster.metrics.get(node)?.entity('replica', 'replica@1.0').counter(name).value);
}

describe('a primary', () => {
  test('answers that it is busy until the checkpoint is in the block service; then progress is 1000', async () => {
    await healthy();
    expect(await ask(R1)).toEqual(['ERR_BUSY', 0]);
    expect(await outcome(R1)).toEqual(['ERR_OK', 1000]);
    expect(current()).toBe('chkpt_127.0.0.1_34801');
    const record = readFileSync(inBlocks(`${partition}/chkpt_127.0.0.1_34801/replica.json`), 'utf8');
    expect(JSON.parse(record)).toMatchObject({ gpid: '1.0', ballot: 3, uncommitted: [] });
    expect(checkpoints(R1)).toEqual([expect.stringMatching(/^backup\.daily\.100\.0\.\d+$/)]);
    expect(metric(R1, 'backup_started_count')).toBe(1);
    expect(metric(R1, 'backup_successful_count')).toBe(1);
    expect(metric(R1, 'backup_file_upload_successful_count')).toBe(1);
    expect(metric(R1, 'backup_file_upload_total_bytes')).toBe(record.length);
    expect(metric(R1, 'backup_failed_count')).toBe(0);
  });

  test('has its secondaries make their checkpoints too; all of them go after 10 minutes', async () => {
    await healthy();
    await outcome(R1);
    const count = () => [R1, R2, R3].map((node) => checkpoints(node).length);
    await eventually('the secondaries’ checkpoints', () => count().every((each) => each === 1));
    expect(metric(R2, 'backup_started_count')).toBe(1);
    expect(metric(R2, 'backup_successful_count')).toBe(0);
    expect(cluster.network.count('RPC_CLEAR_COLD_BACKUP')).toBe(2);
    await cluster.pass(10 * MINUTE - 1000, MINUTE / 2);
    expect(count()).toEqual([1, 1, 1]);
    await cluster.pass(2000, 1000);
    await eventually('no checkpoint', () => count().every((each) => each === 0));
  });

  test('that is new finds what the one before it had finished', async () => {
    await healthy();
    await outcome(R1);
    await cluster.kill(R1);
    cluster.meta.cures = [R2, R3];
    cluster.meta.change(P0, { primary: undefined, lastDrops: [R1] });
    cluster.meta.cure(P0);
    await cluster.pass(100);
    expect(await outcome(R2)).toEqual(['ERR_OK', 1000]);
    expect(current()).toBe('chkpt_127.0.0.1_34801');
    expect(metric(R2, 'backup_file_upload_successful_count')).toBe(0);
  });

  test('that was started again goes on from the checkpoint on its disk', async () => {
    await healthy();
    await outcome(R1);
    const [made] = checkpoints(R1);
    rmSync(inBlocks('onebox'), { recursive: true });
    await cluster.kill(R1);
    await cluster.start(R1);
    await cluster.pass(5000);
    expect(await outcome(R1)).toEqual(['ERR_OK', 1000]);
    expect(checkpoints(R1)).toEqual([made]);
    expect(current()).toBe('chkpt_127.0.0.1_34801');
  });

  test('gives a newer backup of the policy way, and knows no older one', async () => {
    await healthy();
    await outcome(R1);
    expect(await ask(R1, { backup_id: 99 })).toEqual(['ERR_VERSION_OUTDATED', 0]);
    expect(await outcome(R1, { backup_id: 101 })).toEqual(['ERR_OK', 1000]);
    expect(checkpoints(R1)).toEqual([expect.stringMatching(/^backup\.daily\.101\./)]);
    expect(metric(R1, 'backup_cancelled_count')).toBe(1);
    expect(await outcome(R1, { policyName: 'weekly', backup_id: 50 })).toEqual(['ERR_OK', 1000]);
  });

  test('says so once when its checkpoint cannot be uploaded, and tries anew when asked again', async () => {
    await healthy();
    // Where the directory must go there is a file.
    mkdirSync(dirname(inBlocks(partition)), { recursive: true });
    writeFileSync(inBlocks(partition), 'in the way');
    expect((await outcome(R1))[0]).toBe('ERR_LOCAL_APP_FAILURE');
    expect(metric(R1, 'backup_failed_count')).toBe(1);
    rmSync(inBlocks(partition));
    expect(await outcome(R1)).toEqual(['ERR_OK', 1000]);
  });

  test('writes below a path of the user’s', async () => {
    await healthy();
    expect(await outcome(R1, { backup_path: 'mine' })).toEqual(['ERR_OK', 1000]);
    expect(existsSync(inBlocks(`mine/${partition}/current_checkpoint`))).toBe(true);
  });

  test.each(['../../replica', '/tmp', 'a/../../b'])(
    'fails for the path %j, and writes nothing',
    async (path) => {
      await healthy();
      expect((await outcome(R1, { backup_path: path }))[0]).toBe('ERR_LOCAL_APP_FAILURE');
      expect(existsSync(inBlocks('onebox'))).toBe(false);
    },
  );

  test.each(['', '../x', 'a.b', 'a/b', 'x'.repeat(201)])('refuses the policy name %j', async (policyName) => {
    await healthy();
    expect(await ask(R1, { policyName })).toEqual(['ERR_INVALID_PARAMETERS', 0]);
  });

  test('refuses a provider it does not have, and an unknown partition', async () => {
    await healthy();
    expect(await ask(R1, { provider: 'hdfs_service' })).toEqual(['ERR_INVALID_PARAMETERS', 0]);
    expect(await ask(R1, { pid: { appId: 7, partitionIndex: 0 } })).toEqual(['ERR_OBJECT_NOT_FOUND', 0]);
  });

  test('without cold_backup_root backs nothing up', async () => {
    await healthy('');
    expect(await ask(R1)).toEqual(['ERR_OPERATION_DISABLED', 0]);
  });
});

test('a secondary that is asked by mistake makes its checkpoint and uploads nothing', async () => {
  await healthy();
  expect(await ask(R2)).toEqual(['ERR_OK', 0]);
  await eventually('its checkpoint', () => checkpoints(R2).length === 1);
  expect(await ask(R2)).toEqual(['ERR_OK', 0]);
  expect(existsSync(inBlocks('onebox'))).toBe(false);
});

test('a replica without a role has nothing to back up', async () => {
  await healthy();
  cluster.meta.master = false;
  // The lease is lost.
  await cluster.pass(25_000, 500);
  expect(await ask(R1)).toEqual(['ERR_INVALID_STATE', 0]);
});
