import { parseNode } from '@onebox/base';
import {
  ConfigType,
  RPC,
  beaconMsg,
  configurationBalancerRequest,
  configurationListAppsRequest,
  configurationMetaControlRequest,
  configurationProposalAction,
  configurationRecoveryRequest,
  dddDiagnoseRequest,
  startPartitionSplitRequest,
  make,
  querySplitRequest,
  queryCfgRequest,
} from '@onebox/protocol';
import { ForwardToLeader } from '@onebox/server';
import { writePartitionJson } from '../src/state/partition-json';
import { R1, R2, R3, R4 } from './cluster-fixture';
import { ADDRESSES } from './simulation/addresses';
import { SimulatedCluster } from './simulation/simulated-cluster';

const M2 = parseNode('127.0.0.1:34602');
const LIST_APPS = make(configurationListAppsRequest, {});
const BEACON = make(beaconMsg, {
  time: 7,
  from_node: ADDRESSES.toRpcAddress(R1),
  to_node: { ip: '127.0.0.1', port: 34601 },
  start_time: 1,
});

let cluster: SimulatedCluster;
beforeEach(() => {
  cluster = new SimulatedCluster(3);
});
afterEach(() => cluster.close());

function level(value: number) {
  const request = make(configurationMetaControlRequest, { level: value as never });
  return cluster.leader.call(RPC.RPC_CM_CONTROL_META, request);
}

describe('a standby', () => {
  test('sends everybody to the leader it knows', async () => {
    const { leader: standby } = cluster;
    await standby.server.start();
    expect(standby.server.redirect()).toBeUndefined();
    standby.election.owner = M2;
    expect(standby.server.redirect()).toBe(M2);
    const forward = standby.call(RPC.RPC_CM_LIST_APPS, LIST_APPS);
    await expect(forward).rejects.toEqual(new ForwardToLeader(M2));
    await expect(forward).rejects.toMatchObject({ leader: M2 });
    expect(
      await standby.call(RPC.RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX, make(queryCfgRequest, {})),
    ).toMatchObject({
      err: 'ERR_FORWARD_TO_OTHERS',
      is_stateful: false,
      partitions: [{ primary: { ip: '127.0.0.1', port: 34602 } }],
    });
    const rdsn = standby.call(RPC.RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX, make(queryCfgRequest, {}), {
      canBeForwarded: true,
    });
    await expect(rdsn).rejects.toMatchObject({ leader: M2 });
  });

  test('tells replica servers who leads, and takes no beacon in', async () => {
    const { leader: standby } = cluster;
    await standby.server.start();
    const ack = { time: 7, this_node: BEACON.to_node, is_master: false, allowed: true };
    expect(await standby.call(RPC.RPC_FD_FAILURE_DETECTOR_PING, BEACON)).toMatchObject({
      ...ack,
      primary_node: null,
    });
    standby.election.owner = M2;
    expect(await standby.call(RPC.RPC_FD_FAILURE_DETECTOR_PING, BEACON)).toMatchObject({
      ...ack,
      primary_node: { ip: '127.0.0.1', port: 34602 },
      hp_primary_node: { host: '127.0.0.1', port: 34602 },
    });
    expect(standby.server.view.nodes()).toEqual([]);
  });

  test('answers remote commands by itself', async () => {
    const ask = (cmd: string, ...args: string[]) =>
      cluster.leader.call(RPC.RPC_CLI_CLI_CALL, { cmd, arguments: args });
    expect(await ask('nosuch')).toBe("unknown command 'nosuch'");
    expect(await ask('help', 'server-info')).toBe(
      'server-info: version, build and start time of this server',
    );
    expect(await ask('help')).toMatch(/^help \[command\]: .*\nserver-info: /);
    expect(JSON.parse((await ask('server-info')) ?? '')).toMatchObject({
      version: '2.6.0-SNAPSHOT',
      git_SHA: 'c'.repeat(40),
    });
  });
});

describe('a leader', () => {
  test('that is still loading serves nobody, and names nobody as the leader', async () => {
    cluster.store.disconnect();
    await cluster.elect();
    const { leader } = cluster;
    expect([leader.server.redirect(), leader.server.view.ready()]).toEqual(['serve', false]);
    expect(await leader.call(RPC.RPC_CM_LIST_APPS, LIST_APPS)).toEqual({
      err: 'ERR_SERVICE_NOT_ACTIVE',
      infos: [],
    });
    expect(await leader.call(RPC.RPC_FD_FAILURE_DETECTOR_PING, BEACON)).toMatchObject({
      is_master: false,
      primary_node: null,
    });
    cluster.store.reconnect();
    await cluster.run(100);
    expect(leader.server.view.ready()).toBe(true);
    expect(await leader.call(RPC.RPC_FD_FAILURE_DETECTOR_PING, BEACON)).toMatchObject({
      is_master: true,
      allowed: true,
      primary_node: BEACON.to_node,
    });
    expect(leader.server.view.nodes()).toEqual([{ node: R1, alive: true }]);
  });

  test('without any replica server is freezed: tables without primaries', async () => {
    await cluster.elect();
    await cluster.run(30_000);
    const { view } = cluster.leader.server;
    expect([view.functionLevel(), view.nodes(), view.balanceCounts()]).toEqual([
      'freezed',
      [],
      { movePrimary: 0, copyPrimary: 0, copySecondary: 0, total: 0 },
    ]);
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(0));
  });

  test('that loses its lock ends the process with 0, and so does a standby', async () => {
    await cluster.elect();
    cluster.leader.election.lose('the lock node was deleted');
    expect(cluster.leader.exit).toEqual({ code: 0, reason: 'the lock node was deleted' });
    await cluster.failOver(0);
    const standby = new SimulatedCluster(0);
    await standby.leader.server.start();
    standby.leader.election.lose('the session expired');
    expect(standby.leader.exit).toEqual({ code: 0, reason: 'the session expired' });
    await standby.close();
  });

  test('that finds metadata it does not understand ends the process with an error', async () => {
    await cluster.store.ensurePath('/pegasus/onebox/127.0.0.1/apps/7');
    await cluster.elect();
    await cluster.run(100);
    expect(cluster.leader.exit?.code).toBe(1);
    expect(cluster.leader.exit?.reason).toMatch(/cannot load its state: .*apps\/7 cannot be read/);
  });

  test('tells about itself', async () => {
    await cluster.start();
    expect(cluster.leader.server.describe()).toEqual({
      leader: true,
      knownLeader: cluster.leader.self,
      zookeeper: { state: 'connected' },
      ready: true,
      functionLevel: 'steady',
      configuredFunctionLevel: 'steady',
      nodes: { alive: 3, unalive: 0 },
      tables: 2,
      guardian: {
        rounds: 1,
        lastRound: { partitions: 12, healthy: 0, proposed: 12 },
        proposalsSent: expect.any(Number) as number,
      },
    });
    expect(cluster.leader.server.zookeeperSessionMs()).toBe(40_000);
  });

  test('answers what it does not serve with a well-formed refusal', async () => {
    await cluster.start();
    const { leader } = cluster;
    expect(
      await leader.call(RPC.RPC_CM_START_PARTITION_SPLIT, make(startPartitionSplitRequest, {})),
    ).toMatchObject({
      err: 'ERR_SERVICE_NOT_ACTIVE',
    });
    expect(await leader.call(RPC.RPC_CM_QUERY_PARTITION_SPLIT, make(querySplitRequest, {}))).toMatchObject({
      err: 'ERR_SERVICE_NOT_ACTIVE',
    });
    expect(
      await leader.call(RPC.RPC_CM_START_RECOVERY, make(configurationRecoveryRequest, {})),
    ).toMatchObject({
      err: 'ERR_SERVICE_ALREADY_RUNNING',
    });
  });
});

describe('in fast timing', () => {
  beforeEach(async () => {
    await cluster.close();
    cluster = new SimulatedCluster(3, { context: { eagerCure: true } });
    await cluster.elect();
  });

  test('the first cure comes when all configured replica servers are alive', async () => {
    cluster.replica(R1).start();
    cluster.replica(R2).start();
    await cluster.run(3000);
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(0));
    cluster.replica(R3).start();
    await cluster.run(1500);
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(3));
  });

  test('and with the tick when one of them does not come', async () => {
    cluster.replica(R1).start();
    cluster.replica(R2).start();
    await cluster.run(12_000);
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(2));
  });
});

describe('the function level', () => {
  test('is set by an operator, told, and lost with the leader', async () => {
    await cluster.start();
    expect(await level(500)).toEqual({ err: 'ERR_OK', old_level: 400 });
    expect(await level(10000)).toEqual({ err: 'ERR_OK', old_level: 500 });
    expect(await level(77)).toEqual({ err: 'ERR_INVALID_PARAMETERS', old_level: 500 });
    await cluster.failOver(5000);
    expect(await level(10000)).toEqual({ err: 'ERR_OK', old_level: 400 });
  });

  test('blind defers every change, steady lets it happen within a second', async () => {
    await cluster.start();
    await level(200);
    cluster.replica(R1).stop();
    await cluster.run(40_000);
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(3));
    await level(400);
    await cluster.run(1500);
    const led = cluster.stored('temp').filter(({ ballot }) => ballot === 5);
    expect(led.length).toBeGreaterThanOrEqual(2);
    expect(cluster.stored('temp').every(({ primary }) => primary !== undefined && primary !== R1)).toBe(true);
  });
});

describe('the balancer', () => {
  const primaries = (name: string) =>
    [R1, R2, R3].map((node) => cluster.stored(name).filter(({ primary }) => primary === node).length);

  test('only counts at steady, and evens primaries out at lively', async () => {
    await cluster.start();
    cluster.replica(R1).stop();
    await cluster.run(60_000);
    cluster.replica(R1).start();
    await cluster.run(60_000);
    const { view } = cluster.leader.server;
    const ballots = cluster.ballots('temp');
    const counts = view.balanceCounts();
    expect(counts).toEqual({ movePrimary: 3, copyPrimary: 0, copySecondary: 0, total: 3 });
    expect([primaries('temp')[0], primaries('stat')[0]]).toEqual([0, 0]);
    await cluster.run(30_000);
    expect(cluster.ballots('temp')).toEqual(ballots);

    await level(500);
    await cluster.run(30_000);
    const low = (count: number) => Math.floor(count / 3);
    for (const [name, count] of [
      ['temp', 8],
      ['stat', 4],
    ] as const) {
      for (const has of primaries(name)) {
        expect(has).toBeGreaterThanOrEqual(low(count));
        expect(has).toBeLessThanOrEqual(low(count) + 1);
      }
    }
    const moved = cluster.ballots('temp').map((ballot, index) => ballot - (ballots[index] ?? 0));
    expect([...new Set(moved)].sort()).toEqual([0, 2]);
    expect(view.balanceCounts()).toEqual({ movePrimary: 0, copyPrimary: 0, copySecondary: 0, total: 0 });
  });

  test('copies replicas to a node that holds none: ballot + 4 with the primary, + 2 without', async () => {
    await cluster.start();
    cluster.addReplica(4).start();
    await cluster.run(40_000);
    const { view } = cluster.leader.server;
    // A check looks at everything; a run does primaries first, and secondaries when those are done.
    expect(view.balanceCounts()).toEqual({ movePrimary: 0, copyPrimary: 3, copySecondary: 8, total: 11 });
    await level(500);
    await cluster.run(10_100);
    expect(view.balanceCounts()).toEqual({ movePrimary: 0, copyPrimary: 3, copySecondary: 0, total: 3 });
    // The new members are unknown to the balancer until their next config-sync.
    await cluster.run(10_000);
    expect(view.balanceCounts().total).toBe(-1);
    await cluster.run(70_000);
    expect(view.balanceCounts().total).toBe(0);
    const partitions = ['stat', 'temp'].flatMap((name) => cluster.stored(name));
    for (const { ballot, primary, secondaries } of partitions) {
      const expected = primary === R4 ? 7 : secondaries.includes(R4) ? 5 : 3;
      expect([ballot, secondaries.length]).toEqual([expected, 2]);
    }
    const held = [R1, R2, R3, R4].map(
      (node) => partitions.filter((p) => p.primary === node || p.secondaries.includes(node)).length,
    );
    expect([Math.min(...held), Math.max(...held)]).toEqual([9, 9]);
  });

  test('of a new leader counts 0, then -1 until every replica was reported, then for real', async () => {
    await cluster.start();
    await cluster.failOver(5000);
    const { view } = cluster.leader.server;
    expect(view.balanceCounts().total).toBe(0);
    await cluster.run(10_100);
    expect(view.balanceCounts()).toEqual({ movePrimary: 0, copyPrimary: 0, copySecondary: 0, total: -1 });
    await cluster.run(30_000);
    expect(view.balanceCounts().total).toBe(0);
  });

  test('of a new leader never counts -1 when every config-sync comes before its first tick', async () => {
    await cluster.start();
    // They come 30 s after the start; this leader is ready at 24 s and ticks at 34 s.
    await cluster.failOver(10_000);
    const { view } = cluster.leader.server;
    const seen = new Set<number>();
    for (let second = 0; second < 30; second += 1) {
      await cluster.run(1000);
      seen.add(view.balanceCounts().total);
    }
    expect([...seen]).toEqual([0]);
  });

  test('takes the proposals of an operator, one batch at a time', async () => {
    await cluster.start();
    const [first] = cluster.stored('temp');
    if (first?.primary === undefined) throw new Error('healthy by now');
    const [to] = first.secondaries;
    if (to === undefined) throw new Error('healthy by now');
    const action = (type: ConfigType, about: typeof R1) =>
      make(configurationProposalAction, {
        type,
        target: ADDRESSES.toRpcAddress(about),
        node: ADDRESSES.toRpcAddress(about),
      });
    const request = make(configurationBalancerRequest, {
      gpid: first.gpid,
      action_list: [
        action(ConfigType.CT_DOWNGRADE_TO_SECONDARY, first.primary),
        action(ConfigType.CT_UPGRADE_TO_PRIMARY, to),
      ],
    });
    const propose = () => cluster.leader.call(RPC.RPC_CM_PROPOSE_BALANCER, request);
    expect(await propose()).toEqual({ err: 'ERR_OK' });
    expect(await propose()).toEqual({ err: 'ERR_INVALID_PARAMETERS' });
    await cluster.run(12_000);
    expect(cluster.stored('temp')[0]).toMatchObject({ ballot: 5, primary: to });
    const nowhere = { ...request, gpid: { appId: 9, partitionIndex: 0 } };
    expect(await cluster.leader.call(RPC.RPC_CM_PROPOSE_BALANCER, nowhere)).toEqual({
      err: 'ERR_INVALID_PARAMETERS',
    });
  });
});

test('a partition nobody may lead is listed with the reason, until its nodes are back', async () => {
  await cluster.start();
  const diagnose = async (appId = -1) => {
    const request = make(dddDiagnoseRequest, { pid: { appId, partitionIndex: -1 } });
    const answer = await cluster.leader.call(RPC.RPC_CM_DDD_DIAGNOSE, request);
    return answer?.partitions ?? [];
  };
  expect(await diagnose()).toEqual([]);
  const [first] = cluster.stored('temp');
  if (first === undefined) throw new Error('there is a partition');
  const path = '/pegasus/onebox/127.0.0.1/apps/2/0';
  const dead = { ...first, ballot: 6, primary: undefined, secondaries: [], lastDrops: [R1, R2, R3] };
  cluster.store.nodes.set(
    path,
    writePartitionJson(dead, (node) => node),
  );
  for (const known of [R1, R2, R3]) cluster.replica(known).held.delete('2.0');
  await cluster.failOver(5000);
  await cluster.run(10_100);
  const [listed] = await diagnose();
  expect(listed?.reason).toBe(`${R2}, one of the last two members, has not reported its replicas`);
  await cluster.run(40_000);
  expect((await diagnose())[0]).toMatchObject({
    config: { pid: { appId: 2, partitionIndex: 0 }, ballot: 6, primary: null },
    reason: `neither ${R2} nor ${R3} has the replica any more`,
    dropped: [R1, R2, R3].map((known) => ({
      node: ADDRESSES.toRpcAddress(known),
      is_alive: true,
      is_collected: true,
      ballot: -1,
    })),
  });
  expect(await diagnose(1)).toEqual([]);
});
