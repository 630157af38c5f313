import type { ErrorCode } from '@onebox/base';
import {
  ManualCompactionStatus,
  RPC,
  make,
  queryAppManualCompactRequest,
  startAppManualCompactRequest,
} from '@onebox/protocol';
import type { StartAppManualCompactRequest } from '@onebox/protocol';
import { PROFILES } from '@onebox/server';
import type { HttpResponse } from '@onebox/server';
import { compactionProgress } from '../src/compaction';
import { R1, R2, R3 } from './cluster-fixture';
import { SimulatedCluster } from './simulation/simulated-cluster';
import { appsNode, tableRequests } from './simulation/table-requests';

let cluster: SimulatedCluster;
beforeEach(async () => {
  cluster = await new SimulatedCluster(3).start();
});
afterEach(() => cluster.close());

const { setEnvs, create, drop } = tableRequests(() => cluster.leader);
const NOW = () => Math.floor(cluster.clock.unixMs() / 1000);
const OK = 'ERR_OK';

async function post(path: string, body: unknown): Promise<HttpResponse> {
  const handler = cluster.leader.server.httpHandlers[path];
  if (handler === undefined) throw new Error(`no ${path}`);
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return handler({ method: 'POST', path: path.slice(1), rawUrl: path, args: new Map(), body: bytes });
}

const answered = (error: ErrorCode, hint = ''): HttpResponse => ({
  status: 200,
  body: `{"error":"${error}","hint_message":"${hint}"}\n`,
});
const refused = (body: string): HttpResponse => ({ status: 400, body });

function envs(table = 'temp'): Record<string, string> {
  return Object.fromEntries(cluster.table(table).info.envs);
}

const ONCE = {
  app_name: 'temp',
  type: 'once',
  target_level: -1,
  bottommost_level_compaction: 'skip',
  max_concurrent_running_count: 0,
  trigger_time: '',
};
const compaction = (fields: Record<string, unknown> = {}) =>
  post('/meta/app/start_compaction', { ...ONCE, ...fields });

describe('/meta/app/start_compaction', () => {
  test('once: sets three envs, triggered now whatever the request says, and answers before they are stored', async () => {
    cluster.store.disconnect();
    const second = NOW();
    expect(await compaction({ trigger_time: '7' })).toEqual(answered(OK));
    expect(envs()).toEqual({});
    cluster.store.reconnect();
    await cluster.run(50);
    const expected = {
      'manual_compact.once.bottommost_level_compaction': 'skip',
      'manual_compact.once.target_level': '-1',
      'manual_compact.once.trigger_time': String(second),
    };
    expect(envs()).toEqual(expected);
    expect(appsNode(cluster.store, '2')).toMatchObject({ envs: expected });
  });

  test('periodic: keeps the times as they are; a limit above 0 is set too', async () => {
    expect(
      await compaction({
        type: 'periodic',
        target_level: 2,
        bottommost_level_compaction: 'force',
        max_concurrent_running_count: 3,
        trigger_time: '3:00,21:00',
      }),
    ).toEqual(answered(OK));
    await cluster.run(50);
    expect(envs()).toEqual({
      'manual_compact.max_concurrent_running_count': '3',
      'manual_compact.periodic.bottommost_level_compaction': 'force',
      'manual_compact.periodic.target_level': '2',
      'manual_compact.periodic.trigger_time': '3:00,21:00',
    });
  });

  test('checks in the order of upstream: each fault hides those behind it', async () => {
    const faults: readonly (readonly [Record<string, unknown>, string])[] = [
      [{ app_name: '' }, 'app_name should not be empty'],
      [{ type: 'x' }, "type should ony be 'once' or 'periodic'"],
      [{ target_level: -2 }, 'target_level should be >= -1'],
      [{ bottommost_level_compaction: '' }, "bottommost_level_compaction should ony be 'skip' or 'force'"],
      [{ max_concurrent_running_count: -1 }, 'max_running_count should be >= 0'],
    ];
    for (let first = 0; first < faults.length; first += 1) {
      const all = Object.assign({}, ...faults.slice(first).map(([fields]) => fields)) as object;
      expect(await compaction({ ...all })).toEqual(refused(faults[first]?.[1] ?? ''));
    }
    expect(await compaction({ type: 'periodic' })).toEqual(
      refused('trigger_time should not be empty when type is periodic'),
    );
    expect(envs()).toEqual({});
  });

  test.each(['', '[]', '{"app_name":1}', '{"app_name":"temp","typ":"once"}', `${'['.repeat(10_000)}`])(
    'the body %.40s is no request structure',
    async (body) => {
      expect(await post('/meta/app/start_compaction', body)).toEqual(refused('invalid request structure'));
    },
  );

  test('left out integers are -1 and 0', async () => {
    const { app_name, type, bottommost_level_compaction } = ONCE;
    expect(await post('/meta/app/start_compaction', { app_name, type, bottommost_level_compaction })).toEqual(
      answered(OK),
    );
    await cluster.run(50);
    expect(envs()['manual_compact.once.target_level']).toBe('-1');
  });

  test('a refused env value comes before the table, and neither changes anything', async () => {
    const hint = "invalid value '0', should be '-1 or >= 1'";
    for (const app_name of ['temp', 'nosuch'])
      expect(await compaction({ app_name, target_level: 0 })).toEqual(
        answered('ERR_INVALID_PARAMETERS', hint),
      );
    expect(await compaction({ app_name: 'nosuch' })).toEqual(
      answered('ERR_APP_NOT_EXIST', 'app cannot be found'),
    );
    expect(envs()).toEqual({});
  });

  test('a table that is being dropped is busy', async () => {
    cluster.store.disconnect();
    const dropping = drop('temp');
    await cluster.run(50);
    expect(await compaction()).toEqual(answered('ERR_BUSY_DROPPING', 'app is being dropped'));
    cluster.store.reconnect();
    await cluster.run(50);
    expect(await dropping).toBe(OK);
    expect(await compaction()).toEqual(answered('ERR_APP_NOT_EXIST', 'app cannot be found'));
  });
});

describe('in 2.4 and 2.5', () => {
  beforeEach(async () => {
    await cluster.close();
    cluster = await new SimulatedCluster(3, { context: { profile: PROFILES['2.5'] } }).start();
  });

  test('level 0 is taken, and an unknown table is an invalid name', async () => {
    expect(await compaction({ target_level: 0 })).toEqual(answered(OK));
    expect(await compaction({ app_name: 'nosuch' })).toEqual(
      answered('ERR_INVALID_PARAMETERS', 'invalid app name'),
    );
    await cluster.run(50);
    expect(envs()['manual_compact.once.target_level']).toBe('0');
  });

  test('nobody looks whether the table is being dropped; it is dropped all the same', async () => {
    cluster.store.disconnect();
    const dropping = drop('temp');
    await cluster.run(50);
    expect(await compaction()).toEqual(answered(OK));
    cluster.store.reconnect();
    await cluster.run(50);
    expect(await dropping).toBe(OK);
    expect(appsNode(cluster.store, '2')).toMatchObject({ status: 'app_status::AS_DROPPED' });
  });
});

describe('/meta/app/usage_scenario', () => {
  test('sets one env; prefer_write is refused here although the env knows it', async () => {
    const scenario = (body: unknown) => post('/meta/app/usage_scenario', body);
    expect(await scenario({ app_name: 'temp', scenario: 'bulk_load' })).toEqual(answered(OK));
    await cluster.run(50);
    expect(envs()).toEqual({ 'rocksdb.usage_scenario': 'bulk_load' });
    expect(await scenario({ app_name: 'temp', scenario: 'prefer_write' })).toEqual(
      refused("scenario should ony be 'normal' or 'bulk_load'"),
    );
    expect(await scenario({ app_name: '', scenario: 'fast' })).toEqual(
      refused('app_name should not be empty'),
    );
    expect(await scenario({ app: 'temp', scenario: 'normal' })).toEqual(refused('invalid request structure'));
    expect(await scenario({ app_name: 'nosuch', scenario: 'normal' })).toEqual(
      answered('ERR_APP_NOT_EXIST', 'app cannot be found'),
    );
  });
});

async function start(name: string, fields: Partial<StartAppManualCompactRequest> = {}) {
  const request = make(startAppManualCompactRequest, { app_name: name, ...fields });
  return cluster.leader.call(RPC.RPC_CM_START_MANUAL_COMPACT, request);
}

async function query(name: string) {
  const request = make(queryAppManualCompactRequest, { app_name: name });
  return cluster.leader.call(RPC.RPC_CM_QUERY_MANUAL_COMPACT_STATUS, request);
}

/** Lets a node report, at its next config-sync, that all its replicas are so far. */
async function reports(status: ManualCompactionStatus, ...nodes: (typeof R1)[]): Promise<void> {
  for (const node of nodes) cluster.replica(node).compaction = status;
  await cluster.run(31_000);
}

describe('RPC_CM_START_MANUAL_COMPACT', () => {
  test('sets the envs of a compaction that runs once', async () => {
    expect(
      await start('temp', { target_level: 3, bottommost: true, max_running_count: 2, trigger_time: 77 }),
    ).toEqual({ err: OK, hint_msg: 'succeed' });
    expect(envs()).toEqual({
      'manual_compact.max_concurrent_running_count': '2',
      'manual_compact.once.bottommost_level_compaction': 'force',
      'manual_compact.once.target_level': '3',
      'manual_compact.once.trigger_time': '77',
    });
  });

  test('refuses what it cannot do', async () => {
    expect(await start('nosuch')).toEqual({
      err: 'ERR_APP_NOT_EXIST',
      hint_msg: 'app nosuch is not existed',
    });
    expect(await start('temp', { target_level: -2, max_running_count: -1 })).toEqual({
      err: 'ERR_INVALID_PARAMETERS',
      hint_msg: 'invalid target_level(-2), should in range of [-1, num_levels]',
    });
    expect(await start('temp', { max_running_count: -1 })).toEqual({
      err: 'ERR_INVALID_PARAMETERS',
      hint_msg: 'invalid max_running_count(-1), should be greater than 0',
    });
    await setEnvs('temp', { 'manual_compact.disabled': 'true' });
    expect(await start('temp')).toEqual({
      err: 'ERR_OPERATION_DISABLED',
      hint_msg: 'app temp disable manual compaction',
    });
    await setEnvs('temp', { 'manual_compact.disabled': 'false' });
    expect(await start('temp')).toMatchObject({ err: OK });
  });

  test('a table that is not available yet is refused', async () => {
    cluster.store.disconnectAfter(0);
    const creating = create('t1');
    await cluster.run(10);
    expect(await start('t1')).toEqual({ err: 'ERR_APP_DROPPED', hint_msg: 'app t1 is not available' });
    cluster.store.reconnect();
    await cluster.run(50);
    expect((await creating)[0]).toBe(OK);
  });
});

describe('RPC_CM_QUERY_MANUAL_COMPACT_STATUS', () => {
  const nothing = { err: 'ERR_INVALID_STATE', hint_msg: 'app temp is not manual compaction' };
  const done = (progress: number) => ({ err: OK, hint_msg: 'succeed', progress });

  test('follows what the replica servers report', async () => {
    await cluster.run(31_000);
    expect(await query('temp')).toEqual(nothing);
    await reports(ManualCompactionStatus.QUEUING, R1);
    expect(await query('temp')).toEqual(done(0));
    await reports(ManualCompactionStatus.FINISHED, R1);
    expect(await query('temp')).toEqual(done(33));
    await reports(ManualCompactionStatus.RUNNING, R2);
    expect(await query('temp')).toEqual(done(33));
    await reports(ManualCompactionStatus.FINISHED, R2, R3);
    expect(await query('temp')).toEqual(done(100));
    // A new one begins: nothing of it was reported yet.
    await start('temp');
    expect(await query('temp')).toEqual(nothing);
    expect(await query('stat')).toEqual(done(100));
    expect(await query('nosuch')).toEqual({
      err: 'ERR_APP_NOT_EXIST',
      hint_msg: 'app nosuch is not existed',
    });
  });

  test('a replica that never reported is not idle', () => {
    const table = { partitionCount: 1, maxReplicaCount: 3 };
    expect(compactionProgress(table, [{ serving: new Map() }])).toBe(0);
  });
});
