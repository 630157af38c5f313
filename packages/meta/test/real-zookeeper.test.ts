import { MemoryLogger, ScaledClock, parseNode, until } from '@onebox/base';
import {
  AppEnvOperation,
  RPC,
  beaconMsg,
  configurationCreateAppRequest,
  configurationUpdateAppEnvRequest,
  createAppOptions,
  make,
} from '@onebox/protocol';
import { ZkSession } from '@onebox/zookeeper';
import { describeOnEachZooKeeper } from '../../cluster/test/support/on-each-zookeeper';
import { TestZooKeeper } from '../../cluster/test/support/test-zookeeper';
import { TcpProxy } from '../../zookeeper/test/support/tcp-proxy';
import { createMetaServer } from '../src/create-meta-server';
import { R1 } from './cluster-fixture';
import { ADDRESSES } from './simulation/addresses';
import { MIN_INI, MetaUnderTest } from './simulation/meta-under-test';

const PORT = 21540;
const SOON = { withinMs: 50_000, everyMs: 10 };
const APPS = '/pegasus/onebox/127.0.0.1/apps';
const LOCKS = '/pegasus/onebox/127.0.0.1/dsn.meta.server.leader';

/** A session of 60 s is 3 s here, of which ZooKeeper grants 20 ticks of 100 ms. */
const CLOCK = new ScaledClock(0.05);

/** What `status` tells of a meta's session. */
function zookeeperOf(meta: MetaUnderTest): { readonly state: string; readonly lockNode?: string } {
  return meta.server.describe()['zookeeper'] as { readonly state: string; readonly lockNode?: string };
}

/** Meta servers with a real ZooKeeper between them, each reached through a proxy of its own. */
describeOnEachZooKeeper('meta servers on ZooKeeper', (kind) => {
  let zookeeper: TestZooKeeper;
  let admin: ZkSession;
  const metas: { readonly meta: MetaUnderTest; readonly proxy: TcpProxy }[] = [];

  beforeEach(async () => {
    zookeeper = await TestZooKeeper.start({ kind, port: PORT, timeScale: 0.05 });
    admin = await ZkSession.open({
      hosts: zookeeper.hosts,
      timeoutMs: 2000,
      connectWithinMs: 10_000,
      log: new MemoryLogger(),
    });
  });
  afterEach(async () => {
    for (const { meta, proxy } of metas.splice(0)) {
      await meta.server.close();
      await proxy.close();
    }
    await admin.close();
    await zookeeper.destroy();
  });

  async function start(index: number): Promise<MetaUnderTest & { readonly proxy: TcpProxy }> {
    const proxy = await TcpProxy.start(PORT);
    const ini = MIN_INI.replace('hosts_list = 127.0.0.1:22181', `hosts_list = ${proxy.hosts}`)
      .replace('[zookeeper]', '[zookeeper]\ntimeout_ms = 60000')
      .replace(
        '[meta_server]',
        '[meta_server]\ndistributed_lock_service_parameters = /pegasus/onebox/127.0.0.1',
      )
      // The only replica server of these tests sends one beacon.
      .replace('[replication]', '[replication]\nfd_grace_seconds = 100000');
    const surroundings = { clock: CLOCK, send: () => undefined };
    const meta = new MetaUnderTest(
      parseNode(`127.0.0.1:${34600 + index}`),
      ini,
      surroundings,
      createMetaServer,
    );
    metas.push({ meta, proxy });
    await meta.server.start();
    // Only then it stands in the queue, and the next one behind it.
    await until(`${meta.self} queues`, async () => zookeeperOf(meta).lockNode, SOON);
    return Object.assign(meta, { proxy });
  }

  /** Waits until a meta leads and is ready, and gives it a replica server. */
  async function leads(meta: MetaUnderTest): Promise<void> {
    await until(`${meta.self} leads`, async () => meta.server.view.ready(), SOON);
    const beacon = make(beaconMsg, {
      time: 1,
      from_node: ADDRESSES.toRpcAddress(R1),
      to_node: ADDRESSES.toRpcAddress(meta.self),
      start_time: 1,
    });
    expect((await meta.call(RPC.RPC_FD_FAILURE_DETECTOR_PING, beacon))?.is_master).toBe(true);
  }

  async function text(path: string): Promise<string> {
    return (await admin.get(path)).data.toString();
  }

  /** The lock nodes, first come first, as `host:port`. */
  async function queue(): Promise<readonly string[]> {
    const names = (await admin.children(LOCKS)).sort();
    return Promise.all(names.map((name) => text(`${LOCKS}/${name}`)));
  }

  function create(meta: MetaUnderTest, appName: string, partitionCount: number) {
    const request = make(configurationCreateAppRequest, {
      app_name: appName,
      options: make(createAppOptions, {
        partition_count: partitionCount,
        replica_count: 1,
        app_type: 'pegasus',
        is_stateful: true,
      }),
    });
    return meta.call(RPC.RPC_CM_CREATE_APP, request);
  }

  function setEnv(meta: MetaUnderTest, key: string, value: string) {
    const request = make(configurationUpdateAppEnvRequest, {
      app_name: 'temp',
      op: AppEnvOperation.APP_ENV_OP_SET,
      keys: [key],
      values: [value],
    });
    return meta.call(RPC.RPC_CM_UPDATE_APP_ENV, request);
  }

  test('an empty one is filled as upstream fills it', async () => {
    const before = Math.floor(Date.now() / 1000);
    const [first, second] = [await start(1), await start(2)];
    await leads(first);
    expect(await queue()).toEqual([first.self, second.self]);
    expect((await admin.children('/pegasus/onebox/127.0.0.1')).sort()).toEqual([
      'apps',
      'bulk_load',
      'dsn.meta.server.leader',
    ]);
    expect([await text(APPS), (await admin.children(APPS)).sort()]).toEqual(['unlock', ['1', '2']]);
    const created = Number(/"create_second":(\d+)/.exec(await text(`${APPS}/2`))?.[1]);
    expect(created).toBeGreaterThanOrEqual(before);
    expect(await text(`${APPS}/2`)).toBe(
      `{"status":"app_status::AS_AVAILABLE","app_type":"pegasus","app_name":"temp","app_id":2,"partition_count":8,"envs":{},"is_stateful":1,"max_replica_count":3,"expire_second":0,"create_second":${created},"drop_second":0,"duplicating":0,"init_partition_count":-1,"is_bulk_loading":0,"atomic_idempotent":0}`,
    );
    expect((await admin.children(`${APPS}/2`)).map(Number).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await text(`${APPS}/2/7`)).toBe(
      '{"pid":"2.7","ballot":0,"max_replica_count":3,"primary":"invalid address","secondaries":[],"last_drops":[],"last_committed_decree":0,"partition_flags":0,"hp_primary":"invalid host_port","hp_secondaries":[],"hp_last_drops":[]}',
    );
    const owners = await Promise.all(
      [LOCKS, APPS, `${APPS}/1`].map(async (path) => (await admin.exists(path))?.ephemeralOwner),
    );
    expect(owners).toEqual([undefined, undefined, undefined]);
  });

  test('a table whose leader is deposed in the middle of its create is completed by the next one', async () => {
    const [first, second] = [await start(1), await start(2)];
    await leads(first);
    // The table's node and the first hundreds of its partitions arrive; the leader does not hear of it.
    const lost = first.proxy.loseAnswerTo(`${APPS}/3`);
    const creating = create(first, 't1', 1200).catch((error: unknown) => error);
    await until(
      'half of the table is there',
      async () => lost() >= 1 && (await admin.exists(`${APPS}/3`)),
      SOON,
    );
    const [lock] = (await admin.children(LOCKS)).sort();
    await admin.remove(`${LOCKS}/${lock ?? ''}`);

    await until('the first leader is at its end', async () => first.exit, SOON);
    expect(first.exit?.code).toBe(0);
    await leads(second);
    const indices = (await admin.children(`${APPS}/3`)).map(Number).sort((a, b) => a - b);
    expect(indices).toEqual(Array.from({ length: 1200 }, (_, index) => index));
    expect(second.server.view.tableNamed('t1')?.partitions).toHaveLength(1200);
    expect(await create(second, 't2', 1)).toEqual({ err: 'ERR_OK', appid: 4 });
    await creating;
  });

  test('a frozen one suspends the leader: it keeps its role, and what was asked happens afterwards', async () => {
    const [first, second] = [await start(1), await start(2)];
    await leads(first);
    await zookeeper.freeze();
    const settled: unknown[] = [];
    const setting = setEnv(first, 'default_ttl', '60');
    setting.then(
      (answer) => settled.push(answer),
      (error: unknown) => settled.push(error),
    );
    await until('the leader is suspended', async () => zookeeperOf(first).state === 'suspended', SOON);
    expect([settled, first.server.redirect(), second.server.redirect()]).toEqual([[], 'serve', first.self]);
    expect(first.server.view.tableNamed('temp')?.info.envs.size).toBe(0);
    zookeeper.thaw();
    expect(await setting).toMatchObject({ err: 'ERR_OK' });
    expect([first.exit, second.exit]).toEqual([undefined, undefined]);
    expect(JSON.parse(await text(`${APPS}/2`))).toMatchObject({ envs: { default_ttl: '60' } });
    expect(await queue()).toEqual([first.self, second.self]);
  });

  test('a leader that is cut off for too long leads in its own mind, changes nothing, and exits 0 when it is told', async () => {
    const [first, second] = [await start(1), await start(2)];
    await leads(first);
    first.proxy.let('nothing');
    const setting = setEnv(first, 'default_ttl', '60').catch((error: unknown) => error);
    await leads(second);
    expect([first.server.redirect(), second.server.redirect(), first.exit]).toEqual([
      'serve',
      'serve',
      undefined,
    ]);
    expect(await setEnv(second, 'default_ttl', '61')).toMatchObject({ err: 'ERR_OK' });
    expect(await queue()).toEqual([second.self]);
    first.proxy.let('through');
    first.proxy.cut();
    await until('the first leader is at its end', async () => first.exit, SOON);
    expect(first.exit).toEqual({ code: 0, reason: 'the ZooKeeper session expired' });
    await setting;
    expect(JSON.parse(await text(`${APPS}/2`))).toMatchObject({ envs: { default_ttl: '61' } });
  });

  test('a wiped one ends the leader and the waiter with 0', async () => {
    const [first, second] = [await start(1), await start(2)];
    await leads(first);
    await zookeeper.kill();
    await zookeeper.wipe();
    await zookeeper.startAgain();
    await until('both are at their end', async () => first.exit && second.exit, SOON);
    expect([first.exit?.code, second.exit?.code]).toEqual([0, 0]);
  });
});
