import type { Gpid } from '@onebox/base';
import {
  DiskStatus,
  PartitionStatus,
  RPC,
  addNewDiskRequest,
  detectHotkeyRequest,
  groupCheckRequest,
  make,
  queryAppInfoRequest,
  queryDiskInfoRequest,
  queryReplicaDecreeRequest,
  replicaConfiguration,
  replicaDiskMigrateRequest,
} from '@onebox/protocol';
import { FakeCluster, R1, R2, TOOL } from './support/fake-cluster';

const P0: Gpid = { appId: 1, partitionIndex: 0 };
const P1: Gpid = { appId: 1, partitionIndex: 1 };
const Q0: Gpid = { appId: 2, partitionIndex: 0 };

describe('what tools ask a replica server (reference/rpc-protocol.md 4.5)', () => {
  let cluster: FakeCluster;

  beforeAll(async () => {
    cluster = new FakeCluster();
    await cluster.start(R1, R2);
    cluster.meta.cures = [R1, R2];
    for (const gpid of [P0, P1, Q0]) {
      cluster.meta.add(gpid, { maxReplicaCount: 2 });
      cluster.meta.cure(gpid);
    }
    await cluster.pass(200);
  });

  afterAll(() => cluster.close());

  const ask: ReturnType<FakeCluster['network']['from']>['call'] = (to, rpc, request) =>
    cluster.network.from(TOOL).call(to, rpc, request);

  test('the disk and the replicas on it', async () => {
    const answer = await ask(R1, RPC.RPC_QUERY_DISK_INFO, make(queryDiskInfoRequest, {}));
    const { disk_capacity_mb: capacity, disk_available_mb: available, ...disk } = answer.disk_infos[0] ?? {};
    expect(disk).toEqual({
      tag: 'default',
      full_dir: cluster.reps(R1),
      holding_primary_replicas: [
        [1, [P0]],
        [2, [Q0]],
      ],
      holding_secondary_replicas: [[1, [P1]]],
    });
    expect(answer).toMatchObject({
      err: 'ERR_OK',
      total_capacity_mb: capacity,
      total_available_mb: available,
    });
    expect(capacity).toBeGreaterThan(0);
  });

  test('the disk as far as one table is concerned', async () => {
    const answer = await ask(R1, RPC.RPC_QUERY_DISK_INFO, make(queryDiskInfoRequest, { app_name: 'table2' }));
    expect(answer.disk_infos[0]).toMatchObject({
      holding_primary_replicas: [[2, [Q0]]],
      holding_secondary_replicas: [],
    });
    const none = await ask(R1, RPC.RPC_QUERY_DISK_INFO, make(queryDiskInfoRequest, { app_name: 'nosuch' }));
    expect(none).toMatchObject({ err: 'ERR_OBJECT_NOT_FOUND', disk_infos: [] });
  });

  test('the tables it has replicas of', async () => {
    const { err, apps } = await ask(R2, RPC.RPC_QUERY_APP_INFO, make(queryAppInfoRequest, {}));
    expect([err, apps.map((app) => `${app.app_id} ${app.app_name}`)]).toEqual([
      'ERR_OK',
      ['1 table1', '2 table2'],
    ]);
  });

  test('the last decree of a partition', async () => {
    const request = (pid: Gpid) => make(queryReplicaDecreeRequest, { pid });
    expect(await ask(R1, RPC.RPC_QUERY_PN_DECREE, request(P0))).toEqual({ err: 'ERR_OK', last_decree: 0 });
    expect(await ask(R1, RPC.RPC_QUERY_PN_DECREE, request({ appId: 9, partitionIndex: 0 }))).toEqual({
      err: 'ERR_OBJECT_NOT_FOUND',
      last_decree: 0,
    });
  });

  test('what this build does not model is refused in the struct a tool expects', async () => {
    expect(await ask(R1, RPC.RPC_REPLICA_DISK_MIGRATE, make(replicaDiskMigrateRequest, {}))).toEqual({
      err: 'ERR_NOT_IMPLEMENTED',
      hint: 'this server has one disk only',
    });
    expect(await ask(R1, RPC.RPC_ADD_NEW_DISK, make(addNewDiskRequest, {}))).toEqual({
      err: 'ERR_NOT_IMPLEMENTED',
      err_hint: 'this server has one disk only',
    });
    expect(await ask(R1, RPC.RPC_DETECT_HOTKEY, make(detectHotkeyRequest, {}))).toEqual({
      err: 'ERR_NOT_IMPLEMENTED',
      err_hint: 'this server keeps no user data yet',
    });
  });

  test('status shows the lease, the replicas and their ballots', () => {
    expect(cluster.server(R1).describe()).toEqual({
      lease: {
        state: 'connected',
        meta: '127.0.0.1:34601',
        target: '127.0.0.1:34601',
        sinceLastAckMs: 200,
        sinceConfigSyncMs: 200,
      },
      replicas: { total: 3, primary: 2, secondary: 1, learning: 0, inactive: 0, error: 0, stored: 0 },
      compactions: { queued: 0, running: 0 },
      usageScenarios: {},
      learningNow: 0,
      disk: expect.objectContaining({ directory: cluster.reps(R1) }) as unknown,
      ballots: { '1.0': 2, '1.1': 2, '2.0': 2 },
    });
  });
});

test('a disk that is nearly full is reported to the primary', async () => {
  const cluster = new FakeCluster('disk_min_available_space_ratio = 99');
  cluster.meta.add(P0, { maxReplicaCount: 2 });
  await cluster.start(R1, R2);
  cluster.meta.cures = [R1, R2];
  cluster.meta.cure(P0);
  await cluster.pass(200);
  const { ballot } = cluster.meta.partition(P0);
  const answer = await cluster.network.from(R1).call(
    R2,
    RPC.RPC_GROUP_CHECK,
    make(groupCheckRequest, {
      config: make(replicaConfiguration, { pid: P0, ballot, status: PartitionStatus.PS_SECONDARY }),
    }),
  );
  expect([answer.err, answer.disk_status]).toEqual(['ERR_OK', DiskStatus.SPACE_INSUFFICIENT]);
  expect(cluster.server(R2).describe()).toMatchObject({ disk: { status: 'SPACE_INSUFFICIENT' } });
  await cluster.close();
});

test('a closed server leaves no timer behind', async () => {
  const cluster = new FakeCluster();
  cluster.meta.add(P0);
  await cluster.start(R1);
  cluster.meta.cures = [R1];
  cluster.meta.cure(P0);
  await cluster.pass(100);
  await cluster.close();
  // Calls that were under way end by their own time-outs.
  await cluster.pass(6000, 500);
  expect(cluster.clock.pending).toBe(0);
});
