import type { ErrorCode } from '@onebox/base';
import type { HttpResponse } from '@onebox/server';
import { WholeCluster } from '../simulation/whole-cluster';
import { backupRequests } from './backup-requests';

/** `/meta/backup_policy` of the leader. */
async function show(cluster: WholeCluster, args: Record<string, string> = {}): Promise<HttpResponse> {
  const handler = cluster.leader.server.httpHandlers['/meta/backup_policy'];
  if (handler === undefined) throw new Error('no such call');
  return handler({
    method: 'GET',
    path: 'meta/backup_policy',
    rawUrl: '/meta/backup_policy',
    args: new Map(Object.entries(args)),
    body: Buffer.alloc(0),
  });
}

describe('a leader', () => {
  let cluster: WholeCluster;
  let tool: ReturnType<typeof backupRequests>;
  const page = (args: Record<string, string> = {}) => show(cluster, args);
  beforeAll(async () => {
    cluster = await WholeCluster.start();
    tool = backupRequests((rpc, request) => cluster.ask(rpc, request));
  });
  afterAll(() => cluster.close());

  test('shows its policies as they are added, changed, disabled and enabled', async () => {
    expect(await page()).toEqual({ status: 200, body: '{}\n' });
    await tool.add({ policy_name: 'weekly', backup_interval_seconds: 604_800, start_time: '3:5' });
    const weekly =
      '"weekly":{"name":"weekly","backup_provider_type":"local_service","backup_interval":"604800","app_ids":"[1]",' +
      '"start_time":"03:05","status":"enabled","backup_history_count":"7"}';
    expect(await page()).toEqual({ status: 200, body: `{${weekly}}\n` });
    await tool.add({ backup_history_count_to_keep: 2 });
    const daily =
      '"every_day":{"name":"every_day","backup_provider_type":"local_service","backup_interval":"86400","app_ids":"[1]",' +
      '"start_time":"24:00","status":"enabled","backup_history_count":"2"}';
    expect(await page()).toEqual({ status: 200, body: `{${daily},${weekly}}\n` });
    await tool.modify({ is_disable: true, force_disable: true, removal_appids: [1], start_time: '23:00' });
    expect((await page({ name: 'every_day' })).body).toBe(
      '{"every_day":{"name":"every_day","backup_provider_type":"local_service","backup_interval":"86400","app_ids":"[]",' +
        '"start_time":"23:00","status":"disabled","backup_history_count":"2"}}\n',
    );
    await tool.modify({ is_disable: false });
    expect((await page({ name: 'every_day' })).body).toContain('"status":"enabled"');
    expect((await page({ name: 'weekly' })).body).toBe(`{${weekly}}\n`);
    expect(await page({ name: 'nosuch' })).toEqual({ status: 200, body: '{}\n' });
    expect(await page({ name: '' })).toEqual({ status: 200, body: '{}\n' });
    expect(await page({ name: 'weekly', x: '1' })).toEqual({ status: 400, body: 'Invalid parameter' });
    // The next leader has read them.
    await cluster.failOver();
    expect((await page({ name: 'weekly' })).body).toBe(`{${weekly}}\n`);
  });

  test('tells tools the same, and names they got wrong', async () => {
    expect(await tool.query(['weekly', 'no', 'never'], 0)).toEqual({
      err: 'ERR_OK',
      hint_msg: 'invalid policy_name no\n\tinvalid policy_name never',
      policys: [
        {
          policy_name: 'weekly',
          backup_provider_type: 'local_service',
          backup_interval_seconds: '604800',
          app_ids: [1],
          backup_history_count_to_keep: 7,
          start_time: '03:05',
          is_disable: false,
        },
      ],
      backup_infos: [[]],
    });
    expect(await tool.query(['no'])).toEqual({
      err: 'ERR_INVALID_PARAMETERS',
      hint_msg: 'invalid policy_name no',
      policys: [],
      backup_infos: [],
    });
    const all = await tool.query([], 1);
    expect([all.err, all.policys.map(({ policy_name: name }) => name)]).toEqual([
      'ERR_OK',
      ['every_day', 'weekly'],
    ]);
    expect(await tool.query([], -1)).toMatchObject({ backup_infos: [[], []] });
  });

  test('refuses what is wrong with an answer that says why', async () => {
    expect(await tool.add({ policy_name: 'weekly' })).toEqual([
      'ERR_INVALID_PARAMETERS',
      "invalid policy name: 'weekly', policy name is already exist",
    ]);
    expect(await tool.add({ app_ids: [9] })).toEqual(['ERR_INVALID_PARAMETERS', 'invalid app 9']);
    expect(await tool.modify({ policy_name: 'nosuch', is_disable: false })).toEqual([
      'ERR_INVALID_PARAMETERS',
      '',
    ]);
    expect(await tool.modify({ is_disable: false })).toEqual(['ERR_OK', 'policy is already enabled']);
  });
});

describe('with cold_backup_disabled, which is the default of the code', () => {
  let cluster: WholeCluster;
  beforeAll(async () => {
    cluster = await WholeCluster.start({ cold_backup_disabled: 'true' });
  });
  afterAll(() => cluster.close());

  test('the page is not found, whatever is asked', async () => {
    const disabled = { status: 404, body: 'cold_backup_disabled' };
    expect(await show(cluster)).toEqual(disabled);
    expect(await show(cluster, { foo: '1' })).toEqual(disabled);
  });

  test('every RPC is refused in its own struct', async () => {
    const tool = backupRequests((rpc, request) => cluster.ask(rpc, request));
    const err: ErrorCode = 'ERR_SERVICE_NOT_ACTIVE';
    expect(await tool.add()).toEqual([err, '']);
    expect(await tool.modify({})).toEqual([err, '']);
    expect(await tool.query()).toMatchObject({ err });
    expect(await tool.now(1)).toMatchObject({ err });
    expect(await tool.status(1)).toMatchObject({ err });
  });
});
