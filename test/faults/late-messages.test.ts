import { parseNode } from '@onebox/base';
import type { EventType, LoggedEvent } from '@onebox/server';
import { httpPost } from '../support/http-get';
import { eventsOf } from '../support/event-log';
import type { PartitionRow, TestCluster } from '../support/test-cluster';
import { ClusterAtRest } from './support/cluster-at-rest';
import { costOfFault, statusOf } from './support/server-status';

/**
 * Idle primaries write every three seconds of real time, not every ten, and wait for two until they give a secondary up, which is more
 * than a loaded machine needs.
 */
const OFTEN_WRITTEN = {
  args: [
    '--no-collector',
    ...['--set', 'replication.group_check_interval_ms=30000'],
    ...['--set', 'replication.prepare_timeout_ms_for_secondaries=20000'],
  ],
};
const TEMP = 2;
/** In the order of their rows. */
const PARTITIONS = [...partitionsOf(1, 4), ...partitionsOf(TEMP, 8)];

const shared = ClusterAtRest.forThisFile(OFTEN_WRITTEN);
let cluster: TestCluster;
beforeAll(() => {
  cluster = shared.cluster;
});
const rowsOfAll = () => shared.rowsOfAll();

describe('messages that are lost or late', () => {
  test('half of its beacons are enough for a replica server to stay ALIVE', async () => {
    const before = await rowsOfAll();
    const sinceUnixMs = Date.now();
    const words = ['--rpc', 'RPC_FD_FAILURE_DETECTOR_PING', '--probability', '0.5', '--seed', '7'];
    await cluster.run('fault', 'drop', 'replica1', ...words);
    // More than a grace period has.
    await cluster.eventually(
      'eight beacons lost',
      async () => (await costOfFault(cluster, 'replica1')).lost >= 8,
      60 * cluster.timing.b,
    );
    const [listed] = JSON.parse(await cluster.run('fault', 'list', '--json')) as { readonly lost: number }[];
    expect(listed?.lost).toBeGreaterThanOrEqual(8);
    expect(eventsOf(cluster, { sinceUnixMs, types: ['node-dead', 'lease-lost'] })).toEqual([]);
    expect(Object.values(await cluster.nodes())).toEqual(['ALIVE', 'ALIVE', 'ALIVE']);
    expect(await rowsOfAll()).toEqual(before);
  });

  test('prepares that come late but in time move no ballot; later than their time-out they cost a secondary its place', async () => {
    const before = await rowsOfAll();
    await cluster.run('fault', 'delay', 'replica1', '--rpc', 'RPC_PREPARE', '--ms', '200');
    await cluster.eventually(
      'twelve prepares came late',
      async () => (await costOfFault(cluster, 'replica1')).delayed >= 12,
      5000,
    );
    expect(await rowsOfAll()).toEqual(before);

    await cluster.run('fault', 'clear');
    await cluster.run('fault', 'delay', 'replica1', '--rpc', 'RPC_PREPARE', '--ms', '60000');
    const asked = await cluster.eventually(
      'a primary asks for the removal of a secondary',
      () =>
        Promise.resolve(
          ofType(sinceFaultSet(cluster), 'update-asked').find(({ reason }) => reason.includes('prepare')),
        ),
      10_000,
    );
    const { partition, node } = asked;
    const stored = await cluster.eventually(
      'the removal in ZooKeeper',
      () =>
        Promise.resolve(
          ofType(sinceFaultSet(cluster), 'configuration-changed').find(
            (event) => event.partition === partition,
          ),
        ),
      2000,
    );
    // Late are those that replica1 sends, and those that it gets (reference/cluster-behaviour.md 4.2: the primary itself, one ballot).
    const was = before[PARTITIONS.indexOf(partition)] as PartitionRow;
    expect(asked).toMatchObject({
      server: cluster.instanceOf(parseNode(was.primary)),
      ...{ change: 'CT_DOWNGRADE_TO_INACTIVE', ballot: was.ballot + 1 },
    });
    const replica1 = cluster.replica(1);
    if (was.primary === replica1) expect(was.secondaries).toContain(node);
    else expect(node).toBe(replica1);
    expect(stored).toMatchObject({
      ...{ change: 'CT_DOWNGRADE_TO_INACTIVE', node, ballot: was.ballot + 1, primary: was.primary },
      secondaries: was.secondaries.filter((secondary) => secondary !== node),
      lastDrops: [node],
    });
    expect(Object.values(await cluster.nodes())).toEqual(['ALIVE', 'ALIVE', 'ALIVE']);
  });

  test('an env is in force at the leader at once, and at a replica server when a config-sync gets through', async () => {
    // Later than the time-out of the request: its answer counts no more.
    await cluster.run('fault', 'delay', 'replica2', '--rpc', 'RPC_CM_CONFIG_SYNC', '--ms', '60000');
    const asked = '{"app_name":"temp","scenario":"bulk_load"}';
    await httpPost(await cluster.leaderOrFail(), '/meta/app/usage_scenario', asked);
    // The call answers before it writes (reference/cluster-behaviour.md 7.4).
    await cluster.eventually(
      'the env at the leader',
      async () =>
        (await cluster.json<Record<string, string>>('/meta/app_envs?name=temp'))['rocksdb.usage_scenario'] ===
        'bulk_load',
      1000,
    );
    const heldBefore = (await costOfFault(cluster, 'replica2')).delayed;
    const scenario = async (instance: string): Promise<string | undefined> =>
      ((await statusOf(cluster, instance)).facts['usageScenarios'] as Record<string, string>)[TEMP];
    for (const instance of ['replica1', 'replica3']) {
      await cluster.eventually(
        `${instance} has heard of it`,
        async () => (await scenario(instance)) === 'bulk_load',
        cluster.timing.Y,
      );
    }
    expect(await cluster.json('/meta/app_envs?name=temp')).toEqual({ 'rocksdb.usage_scenario': 'bulk_load' });
    // It has asked since, and its request is held back.
    await cluster.eventually(
      'a config-sync of replica2 held back',
      async () => (await costOfFault(cluster, 'replica2')).delayed > heldBefore,
      2 * cluster.timing.Y,
    );
    expect(await scenario('replica2')).not.toBe('bulk_load');
    await cluster.run('fault', 'clear');
    await cluster.eventually(
      'replica2 has heard of it',
      async () => (await scenario('replica2')) === 'bulk_load',
      cluster.timing.Y,
    );
  });

  test('a restarted replica server whose config-sync is late is ALIVE, shown as primary, and leads nothing', async () => {
    const node = cluster.replica(2);
    // Others may remove it meanwhile: it answers neither their prepares nor their group checks.
    const led = (await rowsOfAll()).map(({ primary }) => primary === node);
    expect(led).toContain(true);
    const ledRows = async () => (await rowsOfAll()).filter((_row, i) => led[i]);
    const before = await ledRows();
    await cluster.run('fault', 'delay', 'replica2', '--rpc', 'RPC_CM_CONFIG_SYNC', '--ms', '60000');
    await cluster.run('restart', 'replica2', '--no-wait');
    await cluster.eventually(
      'its config-sync held back',
      async () => (await costOfFault(cluster, 'replica2')).delayed >= 2,
      cluster.timing.Y,
    );
    expect(await ledRows()).toEqual(before);
    expect((await cluster.nodes())[node]).toBe('ALIVE');
    expect(await primariesAt('replica2')).toBe(0);

    await cluster.run('fault', 'clear');
    // What it leads gets a new ballot when roles are agreed on (reference/cluster-behaviour.md 4.6).
    await cluster.eventually(
      'a new ballot for what it leads',
      async () => (await ledRows()).every(({ ballot }, i) => ballot === (before[i]?.ballot ?? 0) + 1),
      cluster.timing.Y,
    );
  });
});

function partitionsOf(appId: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${appId}.${index}`);
}

/** What was told since the command that set the last fault. */
function sinceFaultSet(of: TestCluster): readonly LoggedEvent[] {
  const events = eventsOf(of);
  return events.slice(
    events.findLastIndex(({ type, server }) => type === 'fault-set' && server === 'onebox') + 1,
  );
}

function ofType<T extends EventType>(events: readonly LoggedEvent[], type: T) {
  return events.filter((event): event is Extract<LoggedEvent, { type: T }> => event.type === type);
}

/** How many partitions a replica server itself believes to lead. */
async function primariesAt(instance: string): Promise<number> {
  const { replicas } = (await statusOf(cluster, instance)).facts as { replicas: { primary: number } };
  return replicas.primary;
}
