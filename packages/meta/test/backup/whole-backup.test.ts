import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RPC, configurationDropAppRequest, dropAppOptions, make } from '@onebox/protocol';
import { WholeCluster, replicaNode } from '../simulation/whole-cluster';
import { backupRequests } from './backup-requests';

let cluster: WholeCluster;
let tool: ReturnType<typeof backupRequests>;
beforeEach(async () => {
  cluster = await WholeCluster.start();
  tool = backupRequests((rpc, request) => cluster.ask(rpc, request));
});
afterEach(() => cluster.close());

/** Every file below a directory of the block service, without the metadata files beside them. */
function filesBelow(path: string, below = ''): string[] {
  return readdirSync(join(cluster.blocks, path, below), { withFileTypes: true })
    .flatMap((entry) => {
      const name = join(below, entry.name);
      if (entry.isDirectory()) return filesBelow(path, name);
      return entry.name.startsWith('.') ? [] : [name];
    })
    .sort();
}

async function json(path: string): Promise<unknown> {
  return JSON.parse((await cluster.block(path)) ?? 'null');
}

const finished = async (): Promise<boolean> => ((await tool.runs())[0]?.end_time_ms ?? 0) > 0;

const POLICIES = '/pegasus/onebox/127.0.0.1/backup';

describe('a policy', () => {
  test('writes what upstream writes: the table, a checkpoint of each partition, and that it is finished', async () => {
    const id = cluster.clock.unixMs();
    expect(await tool.add()).toEqual(['ERR_OK', '']);
    await cluster.until('the backup', finished);
    expect(filesBelow(`onebox/${id}`)).toEqual([
      'backup_info',
      'stat_1/0/chkpt_127.0.0.1_34801/backup_metadata',
      'stat_1/0/chkpt_127.0.0.1_34801/replica.json',
      'stat_1/0/current_checkpoint',
      'stat_1/1/chkpt_127.0.0.1_34802/backup_metadata',
      'stat_1/1/chkpt_127.0.0.1_34802/replica.json',
      'stat_1/1/current_checkpoint',
      'stat_1/meta/app_backup_status',
      'stat_1/meta/app_metadata',
    ]);
    const stored = await cluster.block(`onebox/${id}/stat_1/0/chkpt_127.0.0.1_34801/replica.json`);
    expect(JSON.parse(stored ?? '')).toMatchObject({ gpid: '1.0', ballot: 3, table: { appName: 'stat' } });
    const metadata = (await json(`onebox/${id}/stat_1/0/chkpt_127.0.0.1_34801/backup_metadata`)) as {
      files: unknown;
      checkpoint_decree: number;
    };
    expect(metadata.files).toEqual([
      {
        name: 'replica.json',
        size: stored?.length,
        md5: createHash('md5')
          .update(stored ?? '')
          .digest('hex'),
      },
    ]);
    expect(await cluster.block(`onebox/${id}/stat_1/1/current_checkpoint`)).toBe('chkpt_127.0.0.1_34802');
    expect(await json(`onebox/${id}/stat_1/meta/app_backup_status`)).toEqual({
      total_checkpoint_size: (stored?.length ?? 0) * 2,
    });
    const [run] = await tool.runs();
    expect(run).toEqual({ backup_id: id, start_time_ms: id, end_time_ms: run?.end_time_ms, app_ids: [1] });
    const znode = cluster.store.text(`${POLICIES}/every_day/${id}`);
    expect(znode).toBe(
      `{"backup_id":${id},"start_time_ms":${id},"end_time_ms":${run?.end_time_ms},"app_ids":[1],` +
        '"app_names":{"1":"stat"},"info_status":1}',
    );
    expect(await cluster.block(`onebox/${id}/backup_info`)).toBe(znode);
  });

  test('finishes with the next primary when a primary dies meanwhile', async () => {
    const id = cluster.clock.unixMs();
    await tool.add();
    await cluster.pass(500);
    // Its first request was answered; the checkpoint is not made yet.
    await cluster.killReplica(1);
    await cluster.until('the backup', finished);
    const [, first] = [1, 0].map((index) => cluster.tables()[0]?.partitions[index]?.primary);
    expect(first).not.toBe(replicaNode(1));
    expect(await cluster.block(`onebox/${id}/stat_1/0/current_checkpoint`)).toBe(
      `chkpt_${first?.replace(':', '_')}`,
    );
  });

  test('is gone on with by the next leader', async () => {
    const id = cluster.clock.unixMs();
    await tool.add();
    await cluster.pass(12_000);
    expect(await finished()).toBe(false);
    await cluster.failOver();
    await cluster.until('the backup', finished);
    expect((await tool.runs()).map(({ backup_id: backupId }) => backupId)).toEqual([id]);
    expect(await json(`onebox/${id}/backup_info`)).toMatchObject({ backup_id: id, app_ids: [1] });
  });

  test('skips a table that is dropped meanwhile, and has no flag for it', async () => {
    const id = cluster.clock.unixMs();
    await tool.add();
    await cluster.pass(500);
    const drop = make(configurationDropAppRequest, {
      app_name: 'stat',
      options: make(dropAppOptions, { success_if_not_exist: false }),
    });
    expect((await cluster.ask(RPC.RPC_CM_DROP_APP, drop)).err).toBe('ERR_OK');
    await cluster.until('the backup', finished);
    expect(filesBelow(`onebox/${id}/stat_1/meta`)).toEqual(['app_metadata']);
    expect(await json(`onebox/${id}/backup_info`)).toMatchObject({ backup_id: id });
  });

  test('fails while the block service cannot be written, and is gone on with when it can', async () => {
    const id = cluster.clock.unixMs();
    // Where the partition's directory must go there is a file.
    mkdirSync(join(cluster.blocks, `onebox/${id}/stat_1`), { recursive: true });
    writeFileSync(join(cluster.blocks, `onebox/${id}/stat_1/0`), 'in the way');
    await tool.add();
    await cluster.until('the failure', () =>
      cluster.leader.log.lines.some((line) =>
        line.includes(`every_day@${id}: failed: ERR_LOCAL_APP_FAILURE`),
      ),
    );
    expect((await tool.runs())[0]?.end_time_ms).toBe(0);
    // It is not under way any more: nothing hinders disabling.
    expect(await tool.modify({ is_disable: true })).toEqual(['ERR_OK', '']);
    expect(await tool.modify({ is_disable: false })).toEqual(['ERR_OK', '']);
    rmSync(join(cluster.blocks, `onebox/${id}/stat_1/0`));
    await cluster.until('the backup', finished);
    expect((await tool.runs()).map(({ backup_id: backupId }) => backupId)).toEqual([id]);
  });

  test('cannot be disabled while it runs, unless forced; what runs is finished', async () => {
    await tool.add();
    await cluster.pass(500);
    expect(await tool.modify({ is_disable: true })).toEqual(['ERR_BUSY', '']);
    expect(await tool.modify({ is_disable: true, force_disable: true })).toEqual(['ERR_OK', '']);
    await cluster.until('the backup', finished);
  });
});

describe('a one-time backup', () => {
  test('writes below the path it is given, and says when it is finished', async () => {
    const id = cluster.clock.unixMs();
    const answer = await tool.now(1, 'mine/of today');
    expect(answer).toEqual({
      err: 'ERR_OK',
      hint_message:
        'Backup succeed: metadata of app 1 has been successfully backed up and backup request has been sent to replica servers.',
      backup_id: id,
    });
    const item = {
      backup_id: id,
      app_name: 'stat',
      backup_provider_type: 'local_service',
      backup_path: 'mine/of today',
      start_time_ms: id,
      is_backup_failed: false,
    };
    expect(await tool.status(1)).toEqual({
      err: 'ERR_OK',
      hint_message: 'There are 1 available backups for app 1.',
      backup_items: [{ ...item, end_time_ms: 0 }],
    });
    expect(await tool.now(1)).toMatchObject({
      err: 'ERR_INVALID_STATE',
      hint_message: 'Backup failed: app 1 is actively being backed up.',
    });
    const over = async () => ((await tool.status(1, id)).backup_items?.[0]?.end_time_ms ?? 0) > 0;
    await cluster.until('the backup', over);
    expect(filesBelow(`mine/of today/onebox/${id}`)).toContain('stat_1/1/current_checkpoint');
    expect(await json(`mine/of today/onebox/${id}/backup_info`)).toEqual({
      backup_id: id,
      start_time_ms: id,
      end_time_ms: 0,
      app_id: 1,
      app_name: 'stat',
    });
  });

  test.each([
    ['/somewhere/else', 'an absolute path'],
    ['../..', 'a path that leaves the root'],
    ['a\0b', 'a path with NUL'],
  ])('%j is refused: %s', async (path) => {
    expect(await tool.now(1, path)).toMatchObject({
      err: 'ERR_INVALID_PARAMETERS',
      hint_message: 'Backup failed: could not backup metadata for app 1.',
    });
    expect(await tool.status(1)).toMatchObject({ err: 'ERR_INVALID_PARAMETERS' });
  });

  test.each([
    [7, 'local_service', 'ERR_INVALID_STATE', 'Backup failed: invalid app id 7.'],
    [
      1,
      'hdfs_service',
      'ERR_INVALID_PARAMETERS',
      'Backup failed: invalid backup_provider_type hdfs_service.',
    ],
  ])('of table %i with %s is refused', async (appId, provider, err, hint) => {
    expect(await tool.now(appId, undefined, provider)).toEqual({ err, hint_message: hint });
    expect(await tool.status(appId)).toEqual({
      err: 'ERR_INVALID_PARAMETERS',
      hint_message: 'Backup not found, please check app_id or backup_id.',
    });
  });

  test('fails when its table is dropped meanwhile', async () => {
    const { backup_id: id } = await tool.now(1);
    const options = make(dropAppOptions, { success_if_not_exist: false });
    await cluster.ask(RPC.RPC_CM_DROP_APP, make(configurationDropAppRequest, { app_name: 'stat', options }));
    const failed = async () => (await tool.status(1, id)).backup_items?.[0]?.is_backup_failed === true;
    await cluster.until('the failure', failed);
    expect(existsSync(join(cluster.blocks, `onebox/${id}/backup_info`))).toBe(false);
  });
});
