import {
  MetaFunctionLevel,
  PartitionStatus,
  RPC,
  configurationMetaControlRequest,
  configurationQueryByNodeRequest,
  make,
  replicaInfo,
  toWireHostPort,
} from '@onebox/protocol';
import { checkConfig, configHandlers, parseIni, PROFILES } from '@onebox/server';
import { WatchedFlags } from '../../server/test/flags/watched-flags';
import { R4 } from './cluster-fixture';
import { ADDRESSES } from './simulation/addresses';
import { MIN_INI } from './simulation/meta-under-test';
import { SimulatedCluster } from './simulation/simulated-cluster';
import { tableRequests } from './simulation/table-requests';

let watched: WatchedFlags;
let cluster: SimulatedCluster;
beforeEach(() => {
  watched = new WatchedFlags(checkConfig(parseIni(MIN_INI, 'config.ini')).flags);
  cluster = new SimulatedCluster(3, { context: { flags: watched.flags } });
});
afterEach(() => cluster.close());

const { create, setReplicaCount } = tableRequests(() => cluster.leader);

/** As an operator changes a flag of the running leader. */
async function update(name: string, value: string): Promise<unknown> {
  const handlers = configHandlers(watched.flags, PROFILES.master.variants);
  const answer = await handlers['/updateConfig']?.({
    method: 'GET',
    path: 'updateConfig',
    rawUrl: `/updateConfig?${name}=${value}`,
    args: new Map([[name, value]]),
    body: Buffer.alloc(0),
  });
  return answer?.body;
}

const OK = '{"update_status":"ERR_OK"}\n';

async function level(value: MetaFunctionLevel): Promise<void> {
  await cluster.leader.call(RPC.RPC_CM_CONTROL_META, make(configurationMetaControlRequest, { level: value }));
}

test('no mutable flag is read by a starting leader and then never again', async () => {
  await cluster.elect();
  const atStart = watched.taken();
  for (const replica of cluster.replicas.values()) replica.start();
  await cluster.run(14_000);
  await level(MetaFunctionLevel.fl_lively);
  await create('t');
  await cluster.run(20_000);
  const live = [...watched.taken(), ...watched.listenedTo()];
  expect(atStart.filter((name) => !live.includes(name))).toEqual([]);
  expect(live).toEqual(
    expect.arrayContaining([
      'balance_cluster',
      'balance_op_count_per_round',
      'max_allowed_replica_count',
      'min_allowed_replica_count',
      'min_live_node_count_for_unfreeze',
    ]),
  );
});

test('balance_cluster and balance_op_count_per_round: the running balancer evens out the whole cluster', async () => {
  await cluster.close();
  cluster = new SimulatedCluster(2, { context: { flags: watched.flags } });
  await cluster.start();
  for (const name of ['a', 'b', 'c', 'd']) {
    expect((await create(name, { partition_count: 2, replica_count: 1 }))[0]).toBe('ERR_OK');
    await cluster.run(10_000);
  }
  cluster.addReplica(3).start();
  await level(MetaFunctionLevel.fl_lively);
  await cluster.run(60_000);
  // Each table is even by itself: two partitions, three servers.
  const total = (): number => cluster.leader.server.view.balanceCounts().total;
  expect(total()).toBe(0);

  expect(await update('balance_op_count_per_round', '1')).toBe(OK);
  expect(await update('balance_cluster', 'true')).toBe(OK);
  const seen = new Set<number>();
  for (let round = 0; round < 4; round += 1) {
    await cluster.run(10_000);
    seen.add(total());
  }
  expect(Math.max(...seen)).toBe(1);
});

test('min_ and max_allowed_replica_count: the next table obeys them', async () => {
  await cluster.start();
  expect(await update('max_allowed_replica_count', '2')).toBe(OK);
  expect((await create('three', { replica_count: 3 }))[0]).toBe('ERR_INVALID_PARAMETERS');
  expect(await setReplicaCount('temp', 3)).toEqual([
    'ERR_INVALID_PARAMETERS',
    3,
    'requested replica count(3) must be within the range of [min=1, max=2]',
  ]);
  expect((await create('two', { replica_count: 2 }))[0]).toBe('ERR_OK');
  expect(await update('min_allowed_replica_count', '3')).toBe(
    '{"update_status":"ERR_INVALID_PARAMETERS: group validator \\"min_max_allowed_replica_count\\" failed: ' +
      '\\"meta_server.min_allowed_replica_count(3) should be <= meta_server.max_allowed_replica_count(2)\\""}\n',
  );
  expect(await update('min_allowed_replica_count', '2')).toBe(OK);
  expect((await create('one', { replica_count: 1 }))[0]).toBe('ERR_INVALID_PARAMETERS');
});

test('min_live_node_count_for_unfreeze: the leader freezes itself at once, and comes back', async () => {
  await cluster.start();
  const { view } = cluster.leader.server;
  expect(view.functionLevel()).toBe('steady');
  expect(await update('min_live_node_count_for_unfreeze', '4')).toBe(OK);
  expect(view.functionLevel()).toBe('freezed');
  expect(await update('min_live_node_count_for_unfreeze', '3')).toBe(OK);
  expect(view.functionLevel()).toBe('steady');
});

test('max_reserved_dropped_replicas: a replica too many is garbage as soon as none shall be kept', async () => {
  await cluster.start();
  cluster.addReplica(4).start();
  await cluster.run(50);
  await level(MetaFunctionLevel.fl_lively);
  // A fourth server reports a replica of a partition that has its three members.
  const gpid = { appId: cluster.table('temp').info.appId, partitionIndex: 0 };
  const garbage = async (): Promise<unknown> => {
    const answer = await cluster.leader.call(
      RPC.RPC_CM_CONFIG_SYNC,
      make(configurationQueryByNodeRequest, {
        node: ADDRESSES.toRpcAddress(R4),
        hp_node: toWireHostPort(R4),
        stored_replicas: [make(replicaInfo, { pid: gpid, ballot: 1, status: PartitionStatus.PS_INACTIVE })],
      }),
      { framing: 'rdsn' },
    );
    return (answer?.gc_replicas ?? []).map(({ pid }) => pid);
  };
  expect(await garbage()).toEqual([]);
  expect(await update('max_reserved_dropped_replicas', '0')).toBe(OK);
  expect(await garbage()).toEqual([gpid]);
  expect(await update('max_reserved_dropped_replicas', '1')).toBe(OK);
  expect(await garbage()).toEqual([]);
});
