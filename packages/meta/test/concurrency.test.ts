import {
  ConfigType,
  RPC,
  configurationMetaControlRequest,
  configurationUpdateRequest,
  make,
  toWireHostPort,
} from '@onebox/protocol';
import { fromPartitionConfiguration, toPartitionConfiguration } from '../src/rpc-encoding';
import type { PartitionConfig } from '../src/state/partition';
import { afterMemberChange, sameConfig } from '../src/state/partition-change';
import { R1 } from './cluster-fixture';
import { ADDRESSES } from './simulation/addresses';
import { SimulatedCluster } from './simulation/simulated-cluster';
import { appsNode, tableRequests } from './simulation/table-requests';

// What happens at once, or is cut in two by ZooKeeper or by the end of the leader.

let cluster: SimulatedCluster;

beforeEach(async () => {
  cluster = await new SimulatedCluster(3).start();
});
afterEach(() => cluster.close());

const { create, drop, recall, rename, setEnvs } = tableRequests(() => cluster.leader);
const znode = (path: string) => appsNode(cluster.store, path);

/** As the primary asks after a restart; undefined when the leader does not answer. */
function forceBallot(stored: PartitionConfig) {
  if (stored.primary === undefined) throw new Error('it has a primary');
  const next = afterMemberChange(stored, 'CT_PRIMARY_FORCE_UPDATE_BALLOT', stored.primary) ?? stored;
  return cluster.leader.call(
    RPC.RPC_CM_UPDATE_PARTITION_CONFIGURATION,
    make(configurationUpdateRequest, {
      config: toPartitionConfiguration(next, ADDRESSES),
      type: ConfigType.CT_PRIMARY_FORCE_UPDATE_BALLOT,
      node: ADDRESSES.toRpcAddress(stored.primary),
      hp_node: toWireHostPort(stored.primary),
    }),
  );
}

function firstOf(table: string): PartitionConfig {
  const [first] = cluster.stored(table);
  if (first === undefined) throw new Error('every table has a partition');
  return first;
}

/** The leader is gone in the middle of a write, and the next one takes over. */
async function deposed(): Promise<void> {
  cluster.store.fence();
  await cluster.failOver(1000);
}

function expectMemoryAsStored(...tables: readonly string[]): void {
  for (const table of tables) expect(cluster.table(table).partitions).toEqual(cluster.stored(table));
}

describe('two requests at once', () => {
  test('of the same name: one table is made', async () => {
    const answers = await Promise.all([create('t1'), create('t1'), create('t2')]);
    expect(answers).toEqual([
      ['ERR_OK', 3],
      ['ERR_BUSY_CREATING', 0],
      ['ERR_OK', 4],
    ]);
  });

  test('to rename two tables alike: one gets the name', async () => {
    const answers = await Promise.all([rename('temp', 'new'), rename('stat', 'new'), rename('temp', 'x')]);
    expect(answers).toEqual([
      ['ERR_OK', ''],
      ['ERR_INVALID_PARAMETERS', 'ERROR: app(new) already exist!'],
      ['ERR_APP_NOT_EXIST', 'ERROR: app(temp) not exist!'],
    ]);
    expect([znode('1')?.['app_name'], znode('2')?.['app_name']]).toEqual(['stat', 'new']);
  });

  test('to change and to drop a table: what was under way before the drop is in the dropped table', async () => {
    cluster.store.disconnect();
    const before = setEnvs('temp', { default_ttl: '60' });
    await cluster.run(100);
    const later = Promise.all([
      rename('temp', 'new'),
      setEnvs('temp', { 'business.info': 'x' }),
      drop('temp'),
      create('temp'),
    ]);
    await cluster.run(100);
    cluster.store.reconnect();
    expect([await before, await later]).toEqual([
      ['ERR_OK', ''],
      [
        // Asked before the drop, but their turn comes after it.
        ['ERR_BUSY_DROPPING', "ERROR: app(temp) status can't execute rename."],
        ['ERR_BUSY_DROPPING', 'app is being dropped'],
        'ERR_OK',
        ['ERR_BUSY_DROPPING', 0],
      ],
    ]);
    expect(znode('2')).toMatchObject({
      status: 'app_status::AS_DROPPED',
      app_name: 'temp',
      envs: { default_ttl: '60' },
    });
    expect(await create('temp')).toEqual(['ERR_OK', 3]);
  });

  test('to recall a table: one does it', async () => {
    await drop('temp');
    const [first, second, dropped, renamed] = await Promise.all([
      recall(2),
      recall(2),
      drop('temp'),
      rename('temp', 'x'),
    ]);
    expect([first.err, second.err, dropped, renamed[0]]).toEqual([
      'ERR_OK',
      'ERR_BUSY_CREATING',
      'ERR_BUSY_CREATING',
      'ERR_BUSY_CREATING',
    ]);
    expectMemoryAsStored('temp');
  });
});

describe('while ZooKeeper is away', () => {
  test('envs, renames and drops hang, are seen by nobody, and happen in order afterwards', async () => {
    cluster.store.disconnect();
    let answered = 0;
    const work = Promise.all(
      [
        setEnvs('temp', { default_ttl: '60' }),
        setEnvs('temp', { 'business.info': 'x' }),
        rename('temp', 'new'),
        drop('stat'),
      ].map((request) => request.finally(() => (answered += 1))),
    );
    await cluster.run(60_000);
    expect(answered).toBe(0);
    expect(cluster.table('temp').info.envs).toEqual(new Map());
    expect(znode('2')).toMatchObject({ app_name: 'temp', envs: {} });
    expect(cluster.leader.exit).toBeUndefined();

    cluster.store.reconnect();
    expect(await work).toEqual([['ERR_OK', ''], ['ERR_OK', ''], ['ERR_OK', ''], 'ERR_OK']);
    expect(znode('2')).toMatchObject({ app_name: 'new', envs: { default_ttl: '60', 'business.info': 'x' } });
    expect(znode('1')?.['status']).toBe('app_status::AS_DROPPED');
  });

  test('a death that comes before a drop is written before it', async () => {
    cluster.store.disconnect();
    cluster.replica(R1).stop();
    await cluster.run(26_000);
    const dropping = drop('temp');
    await cluster.run(1000);
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(3));
    cluster.store.reconnect();
    expect(await dropping).toBe('ERR_OK');
    await cluster.run(30_000);
    // R1 is taken out of every partition, by the meta server or by the primary, and nothing follows the drop.
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(5));
    for (const { primary, secondaries, flags } of cluster.stored('temp'))
      expect([primary, secondaries, flags]).toEqual([undefined, [], 1]);
    expectMemoryAsStored('temp');
  });
});

test("a replica server's update that races with a drop is in it or is overtaken by it", async () => {
  cluster.store.disconnect();
  const before = firstOf('temp');
  const inFlight = forceBallot(before);
  await cluster.run(100);
  const dropping = drop('temp');
  await cluster.run(100);
  // Another change of the partition is on its way, so there is no answer: the replica server asks again.
  expect(await forceBallot(before)).toBeUndefined();
  cluster.store.reconnect();
  expect(await inFlight).toMatchObject({ err: 'ERR_OK', config: { ballot: 4 } });
  expect(await dropping).toBe('ERR_OK');
  const dropped = firstOf('temp');
  expect([dropped.ballot, dropped.flags, dropped.lastDrops.at(-1)]).toEqual([5, 1, before.primary]);
  const late = await forceBallot({ ...before, ballot: 5 });
  if (late === undefined) throw new Error('nothing is in flight any more');
  expect([late.err, sameConfig(fromPartitionConfiguration(late.config), dropped)]).toEqual([
    'ERR_INVALID_VERSION',
    true,
  ]);
  expectMemoryAsStored('temp');
});

describe('a leader that is deposed', () => {
  test('in the middle of a create leaves a table that the next one completes', async () => {
    // The table's node and one partition get through.
    cluster.store.disconnectAfter(2);
    const never = create('t1');
    await cluster.run(500);
    expect([znode('3')?.['status'], znode('3/0')?.['ballot'], znode('3/1')]).toEqual([
      'app_status::AS_AVAILABLE',
      0,
      null,
    ]);
    await deposed();
    expect(cluster.table('t1').info.status).toBe('AS_AVAILABLE');
    await cluster.run(12_000);
    expect(cluster.ballots('t1')).toEqual([3, 3, 3, 3]);
    expect(await create('t2')).toEqual(['ERR_OK', 4]);
    void never;
  });

  test('before the first write of a create leaves nothing, and the id is free', async () => {
    cluster.store.disconnect();
    const never = create('t1');
    await cluster.run(500);
    await deposed();
    expect(await create('t2')).toEqual(['ERR_OK', 3]);
    void never;
  });

  test('in the middle of a drop leaves it to the next one, each ballot moved once', async () => {
    cluster.store.disconnectAfter(3);
    const never = drop('temp');
    await cluster.run(500);
    expect(cluster.ballots('temp')).toEqual([4, 4, 3, 3, 3, 3, 3, 3]);
    await deposed();
    expect(cluster.leader.server.view.tableNamed('temp')).toBeUndefined();
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(4));
    expect(cluster.stored('temp').every(({ flags, primary }) => flags === 1 && primary === undefined)).toBe(
      true,
    );
    expectMemoryAsStored('temp');
    void never;
  });

  test('in the middle of a recall leaves it to the next one, and the members come back', async () => {
    await drop('temp');
    cluster.store.disconnectAfter(3);
    const never = recall(2);
    await cluster.run(500);
    expect(cluster.stored('temp').map(({ flags }) => flags)).toEqual([0, 0, 1, 1, 1, 1, 1, 1]);
    await deposed();
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(4));
    await cluster.run(42_000);
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(7));
    void never;
  });
});

test('at blind a drop waits for the level, partition by partition; its name is free at once', async () => {
  const setLevel = (value: number) =>
    cluster.leader.call(
      RPC.RPC_CM_CONTROL_META,
      make(configurationMetaControlRequest, { level: value as never }),
    );
  await setLevel(200);
  const dropping = drop('temp');
  await cluster.run(5000);
  expect([znode('2')?.['status'], cluster.ballots('temp')]).toEqual([
    'app_status::AS_DROPPED',
    Array(8).fill(3),
  ]);
  expect(cluster.leader.server.view.tableNamed('temp')).toBeUndefined();
  await setLevel(300);
  await cluster.run(1100);
  expect(await dropping).toBe('ERR_OK');
  expect(cluster.ballots('temp')).toEqual(Array(8).fill(4));
});
