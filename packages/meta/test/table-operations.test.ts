import {
  AppStatus,
  RPC,
  configurationGetAtomicIdempotentRequest,
  configurationSetAtomicIdempotentRequest,
  configurationUpdateAppEnvRequest,
  make,
} from '@onebox/protocol';
import { R1, R2, R3 } from './cluster-fixture';
import { SimulatedCluster } from './simulation/simulated-cluster';
import { appsNode, tableRequests } from './simulation/table-requests';

let cluster: SimulatedCluster;

beforeEach(async () => {
  cluster = await new SimulatedCluster(3).start();
});
afterEach(() => cluster.close());

const { create, drop, recall, rename, setEnvs, setReplicaCount } = tableRequests(() => cluster.leader);
const znode = (path: string) => appsNode(cluster.store, path);

describe('create_app', () => {
  test('answers when the znodes are there; primaries come with the next tick, the rest right behind', async () => {
    expect(await create('t1')).toEqual(['ERR_OK', 3]);
    expect(znode('3')).toMatchObject({ status: 'app_status::AS_AVAILABLE', init_partition_count: 4 });
    expect(cluster.table('t1').partitions.map(({ ballot, primary }) => [ballot, primary])).toEqual(
      Array(4).fill([0, undefined]),
    );
    await cluster.run(12_000);
    expect(cluster.ballots('t1')).toEqual([3, 3, 3, 3]);
  });

  test('is refused for impossible parameters, and odd partition counts are possible', async () => {
    const invalid = ['ERR_INVALID_PARAMETERS', 0];
    expect(await create('t1', { partition_count: 0 })).toEqual(invalid);
    expect(await create('t1', { partition_count: -1 })).toEqual(invalid);
    expect(await create('t1', { partition_count: 16_385 })).toEqual(invalid);
    expect(await create('t1', { partition_count: 2 ** 31 - 1 })).toEqual(invalid);
    expect(await create('t1', { replica_count: 4 })).toEqual(invalid);
    expect(await create('t1', { replica_count: 6 })).toEqual(invalid);
    expect(await create('t1', { replica_count: 0 })).toEqual(invalid);
    expect(await create('t1', { envs: [['rocksdb.num_levels', '11']] })).toEqual(invalid);
    expect(await create('t1', { envs: [['whatever', 'x'.repeat(1 << 20)]] })).toEqual(invalid);
    for (const count of [3, 5, 7])
      expect((await create(`t${count}`, { partition_count: count }))[0]).toBe('ERR_OK');
  });

  test('of a table that exists is an error, or fine when it is the same and that was asked for', async () => {
    await create('t1');
    expect(await create('t1')).toEqual(['ERR_APP_EXIST', 0]);
    expect(await create('t1', { success_if_exist: true })).toEqual(['ERR_OK', 3]);
    expect(await create('t1', { success_if_exist: true, partition_count: 8 })).toEqual([
      'ERR_INVALID_PARAMETERS',
      0,
    ]);
  });

  test('hangs while ZooKeeper is away, is busy for others meanwhile, and completes afterwards', async () => {
    cluster.store.disconnect();
    const pending = create('t1');
    await cluster.run(30_000);
    expect(await create('t1')).toEqual(['ERR_BUSY_CREATING', 0]);
    expect(await drop('t1')).toBe('ERR_BUSY_CREATING');
    expect(cluster.table('t1').info.status).toBe('AS_CREATING');
    cluster.store.reconnect();
    expect(await pending).toEqual(['ERR_OK', 3]);
  });

  test('is refused while the cluster is frozen, when renames, envs and drops are not', async () => {
    await create('t1');
    cluster.replica(R1).stop();
    cluster.replica(R2).stop();
    await cluster.run(26_000);
    expect(await create('t2')).toEqual(['ERR_STATE_FREEZED', 0]);
    expect(await setReplicaCount('temp', 1)).toEqual([
      'ERR_STATE_FREEZED',
      3,
      'current meta function level is freezed, since there are too few alive nodes',
    ]);
    expect(await rename('t1', 't9')).toEqual(['ERR_OK', '']);
    expect(await setEnvs('t9', { default_ttl: '1' })).toEqual(['ERR_OK', '']);
    expect(await drop('t9')).toBe('ERR_OK');
  });
});

describe('drop_app and recall_app', () => {
  test('a drop moves every ballot to 4, a recall brings the members back up to ballot 7', async () => {
    await create('t1');
    await cluster.run(12_000);
    expect(await drop('t1')).toBe('ERR_OK');
    expect(cluster.leader.server.view.tableNamed('t1')).toBeUndefined();
    const now = Math.floor(cluster.clock.unixMs() / 1000);
    expect(znode('3')).toMatchObject({
      status: 'app_status::AS_DROPPED',
      drop_second: now,
      expire_second: now + 604_800,
    });
    expect(cluster.ballots('t1')).toEqual([4, 4, 4, 4]);
    for (const config of cluster.stored('t1')) {
      expect(config).toMatchObject({ primary: undefined, secondaries: [], flags: 1 });
      expect([...config.lastDrops].sort()).toEqual([R1, R2, R3]);
    }

    const { err, info } = await recall(3);
    expect([err, info.app_name, info.status]).toEqual(['ERR_OK', 't1', AppStatus.AS_AVAILABLE]);
    expect(cluster.ballots('t1')).toEqual([4, 4, 4, 4]);
    expect(cluster.stored('t1').map(({ flags }) => flags)).toEqual([0, 0, 0, 0]);
    await cluster.run(42_000);
    expect(cluster.ballots('t1')).toEqual([7, 7, 7, 7]);
    expect(cluster.stored('t1').every(({ secondaries }) => secondaries.length === 2)).toBe(true);
  });

  test('ids are never used again, not even by the next leader, and a dropped table can still be recalled there', async () => {
    await create('t1');
    await drop('t1');
    await cluster.failOver(5000);
    await cluster.run(1000);
    expect(await create('t2')).toEqual(['ERR_OK', 4]);
    expect((await recall(3)).err).toBe('ERR_OK');
    expect((await recall(3)).err).toBe('ERR_APP_EXIST');
  });

  test('a name is free after the drop; recalling then needs another one', async () => {
    await create('t1');
    await drop('t1', { reserve_seconds: 60 });
    expect(await create('t1')).toEqual(['ERR_OK', 4]);
    expect((await recall(3)).err).toBe('ERR_INVALID_PARAMETERS');
    const { err, info } = await recall(3, 't1-old');
    expect([err, info.app_name]).toEqual(['ERR_OK', 't1-old']);
    expect(znode('3')).toMatchObject({ app_name: 't1-old', status: 'app_status::AS_AVAILABLE' });
  });

  test('a table that is reserved for ever does not keep the next leader from loading', async () => {
    await create('t1');
    expect(await drop('t1', { reserve_seconds: Number.MAX_SAFE_INTEGER })).toBe('ERR_OK');
    expect(znode('3')?.['expire_second']).toBe(8_640_000_000_000);
    await cluster.failOver(5000);
    await cluster.run(1000);
    expect((await recall(3)).err).toBe('ERR_OK');
  });

  test('an expired table and an unknown one are not there', async () => {
    await create('t1');
    await drop('t1', { reserve_seconds: 60 });
    await cluster.run(61_000);
    expect((await recall(3)).err).toBe('ERR_APP_NOT_EXIST');
    expect((await recall(99)).err).toBe('ERR_APP_NOT_EXIST');
    expect(await drop('t1')).toBe('ERR_APP_NOT_EXIST');
    expect(await drop('t1', { success_if_not_exist: true })).toBe('ERR_OK');
  });

  test('a drop under way is busy', async () => {
    await create('t1');
    cluster.store.disconnect();
    const dropping = drop('t1');
    await cluster.run(100);
    expect(await drop('t1')).toBe('ERR_BUSY_DROPPING');
    expect(await create('t1')).toEqual(['ERR_BUSY_DROPPING', 0]);
    expect((await recall(3)).err).toBe('ERR_BUSY_DROPPING');
    expect(await rename('t1', 't2')).toEqual([
      'ERR_BUSY_DROPPING',
      "ERROR: app(t1) status can't execute rename.",
    ]);
    expect(await setEnvs('t1', { default_ttl: '1' })).toEqual(['ERR_BUSY_DROPPING', 'app is being dropped']);
    cluster.store.reconnect();
    expect(await dropping).toBe('ERR_OK');
  });

  test('a replica server that hears of the drop late cannot change the table any more', async () => {
    await create('t1');
    await cluster.run(12_000);
    await drop('t1');
    cluster.replica(R1).stop();
    await cluster.run(30_000);
    expect(cluster.ballots('t1')).toEqual([4, 4, 4, 4]);
  });
});

describe('rename_app', () => {
  test('writes the new name', async () => {
    expect(await rename('temp', 'renamed')).toEqual(['ERR_OK', '']);
    expect(znode('2')).toMatchObject({ app_name: 'renamed' });
    expect(cluster.leader.server.view.tableNamed('temp')).toBeUndefined();
    expect(cluster.leader.server.view.tableNamed('renamed')?.info.appId).toBe(2);
  });

  test('needs a table that exists and a name that does not', async () => {
    expect(await rename('nosuch', 'x')).toEqual(['ERR_APP_NOT_EXIST', 'ERROR: app(nosuch) not exist!']);
    expect(await rename('temp', 'stat')).toEqual([
      'ERR_INVALID_PARAMETERS',
      'ERROR: app(stat) already exist!',
    ]);
  });

  test('keeps the new name for itself while it is being stored', async () => {
    cluster.store.disconnect();
    const renaming = rename('temp', 'renamed');
    await cluster.run(10_100);
    expect((await create('renamed'))[0]).toBe('ERR_APP_EXIST');
    expect(cluster.leader.server.describe()).toMatchObject({ guardian: { lastRound: { partitions: 12 } } });
    cluster.store.reconnect();
    expect(await renaming).toEqual(['ERR_OK', '']);
  });
});

describe('update_app_env', () => {
  test('is checked as a whole, stored, and survives the leader', async () => {
    expect(await setEnvs('temp', { 'replica.slow_query_threshold': '10' })).toEqual([
      'ERR_INVALID_PARAMETERS',
      "invalid value '10', should be '>= 20'",
    ]);
    expect(await setEnvs('temp', { 'replica.slow_query_threshold': '1000', x: 'y' })).toEqual([
      'ERR_INVALID_PARAMETERS',
      "app_env 'x' is not supported",
    ]);
    expect(cluster.table('temp').info.envs).toEqual(new Map());
    expect(await setEnvs('temp', { 'replica.slow_query_threshold': '1000' })).toEqual(['ERR_OK', '']);
    expect(znode('2')?.['envs']).toEqual({ 'replica.slow_query_threshold': '1000' });
    await cluster.failOver(1000);
    expect(cluster.table('temp').info.envs).toEqual(new Map([['replica.slow_query_threshold', '1000']]));
  });

  test('of two requests at once keeps both', async () => {
    await Promise.all([setEnvs('temp', { default_ttl: '7' }), setEnvs('temp', { 'business.info': 'x' })]);
    expect(znode('2')?.['envs']).toEqual({ default_ttl: '7', 'business.info': 'x' });
  });

  test('of an unknown table, of an unknown operation, or too long to be stored, is refused', async () => {
    expect(await setEnvs('nosuch', { default_ttl: '1' })).toEqual([
      'ERR_APP_NOT_EXIST',
      'app cannot be found',
    ]);
    const nothing = make(configurationUpdateAppEnvRequest, { app_name: 'temp' });
    expect(await cluster.leader.call(RPC.RPC_CM_UPDATE_APP_ENV, nothing)).toEqual({
      err: 'ERR_INVALID_PARAMETERS',
      hint_message: '',
    });
    expect(await setEnvs('temp', { 'business.info': 'x'.repeat(1 << 20) })).toEqual([
      'ERR_INVALID_PARAMETERS',
      'the envs are too long to be stored',
    ]);
  });
});

test('atomic_idempotent is stored and told', async () => {
  const set = (app_name: string, atomic_idempotent: boolean) =>
    cluster.leader.call(
      RPC.RPC_CM_SET_ATOMIC_IDEMPOTENT,
      make(configurationSetAtomicIdempotentRequest, { app_name, atomic_idempotent }),
    );
  expect(await set('temp', true)).toEqual({ err: 'ERR_OK', old_atomic_idempotent: false, hint_message: '' });
  expect(znode('2')?.['atomic_idempotent']).toBe(1);
  expect(await set('nosuch', true)).toMatchObject({ err: 'ERR_APP_NOT_EXIST' });
  const get = make(configurationGetAtomicIdempotentRequest, { app_name: 'temp' });
  expect(await cluster.leader.call(RPC.RPC_CM_GET_ATOMIC_IDEMPOTENT, get)).toEqual({
    err: 'ERR_OK',
    atomic_idempotent: true,
    hint_message: '',
  });
});
