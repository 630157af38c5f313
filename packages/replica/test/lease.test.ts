import type { Gpid } from '@onebox/base';
import { FakeCluster, META, R1, R2, R3, settle } from './support/fake-cluster';

const P0: Gpid = { appId: 1, partitionIndex: 0 };

describe('a replica server without its lease (reference/cluster-behaviour.md 3.2, 4.6)', () => {
  let cluster: FakeCluster;

  beforeEach(async () => {
    cluster = new FakeCluster();
    cluster.meta.add(P0);
    await cluster.start(R1, R2, R3);
    cluster.meta.cures = [R1, R2, R3];
    cluster.meta.cure(P0);
    await cluster.pass(100);
    cluster.meta.updates.length = 0;
  });

  afterEach(() => cluster.close());

  async function loseLeases(): Promise<void> {
    cluster.network.freeze(META);
    await cluster.pass(20_000, 500);
  }

  test('has only inactive replicas, ignores proposals and answers no group check', async () => {
    await loseLeases();
    expect(await cluster.replica(R1, P0)).toBe('PS_INACTIVE 3 decree 0/0');
    expect(await cluster.replica(R2, P0)).toBe('PS_INACTIVE 3 decree 0/0');
    cluster.meta.propose('CT_DOWNGRADE_TO_INACTIVE', R1, R3, P0);
    await cluster.pass(5000, 500);
    expect(cluster.meta.updates).toEqual([]);
    expect(cluster.logs.get(R1)?.lines).toContain('I 1.0: proposal ignored: no lease');
  });

  test('takes its roles back from the next config-sync; a primary made by this process moves one ballot the first time only', async () => {
    await loseLeases();
    cluster.network.thaw(META);
    await cluster.pass(6000, 500);
    expect(cluster.meta.updates).toEqual([`1.0 CT_PRIMARY_FORCE_UPDATE_BALLOT ${R1} 4 ERR_OK`]);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 4 decree 0/0');
    expect(await cluster.replica(R2, P0)).toBe('PS_SECONDARY 4 decree 0/0');
    await loseLeases();
    expect(await cluster.replica(R1, P0)).toBe('PS_INACTIVE 4 decree 0/0');
    cluster.network.thaw(META);
    await cluster.pass(6000, 500);
    expect(cluster.meta.updates).toHaveLength(1);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 4 decree 0/0');
    expect(await cluster.replica(R3, P0)).toBe('PS_SECONDARY 4 decree 0/0');
  });

  test('is waited for by a primary that has its lease back sooner', async () => {
    await loseLeases();
    cluster.network.cut(R3, META);
    cluster.network.thaw(META);
    await cluster.pass(12_000, 500);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 4 decree 0/0');
    expect(await cluster.replica(R3, P0)).toBe('PS_INACTIVE 3 decree 0/0');
    cluster.network.mend();
    await cluster.pass(6000, 500);
    expect(await cluster.replica(R3, P0)).toBe('PS_SECONDARY 4 decree 0/0');
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 4, primary: R1, secondaries: [R2, R3] });
  });

  test('gives up the change it was asking for', async () => {
    cluster.meta.refuse = 'ERR_STATE_FREEZED';
    cluster.meta.propose('CT_DOWNGRADE_TO_INACTIVE', R1, R3, P0);
    await cluster.pass(100);
    await loseLeases();
    cluster.meta.refuse = undefined;
    cluster.meta.updates.length = 0;
    cluster.network.thaw(META);
    await cluster.pass(6000, 500);
    expect(cluster.meta.updates).toEqual([`1.0 CT_PRIMARY_FORCE_UPDATE_BALLOT ${R1} 4 ERR_OK`]);
    expect(cluster.meta.partition(P0)).toMatchObject({ primary: R1, secondaries: [R2, R3] });
  });

  test('is still told by the meta server what others decided meanwhile', async () => {
    await loseLeases();
    cluster.meta.change(P0, { primary: undefined, lastDrops: [R1] });
    cluster.meta.change(P0, { primary: R2, secondaries: [R3] });
    cluster.meta.cures = [];
    cluster.network.thaw(META);
    await cluster.pass(6000, 500);
    expect(await cluster.replica(R1, P0)).toBe('PS_INACTIVE 3 decree 0/0');
    // Made by this process, and not seen in another role yet: the quirk again.
    expect(await cluster.replica(R2, P0)).toMatch(/^PS_PRIMARY 6 /);
    expect(await cluster.replica(R3, P0)).toMatch(/^PS_SECONDARY 6 /);
  });

  test('a leader that changes in time costs nothing', async () => {
    cluster.network.freeze(META);
    await cluster.pass(12_000, 500);
    cluster.network.thaw(META);
    await cluster.pass(10_000, 500);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 3 decree 0/0');
    expect(cluster.meta.updates).toEqual([]);
  });
});

describe('config-sync (reference/cluster-behaviour.md 3.5)', () => {
  let cluster: FakeCluster;

  beforeEach(() => {
    cluster = new FakeCluster();
    cluster.meta.add(P0);
  });

  afterEach(() => cluster.close());

  test('comes at once with the first lease, then every 30 s', async () => {
    await cluster.start(R1);
    expect(cluster.network.count('RPC_CM_CONFIG_SYNC')).toBe(1);
    await cluster.pass(29_500, 500);
    expect(cluster.network.count('RPC_CM_CONFIG_SYNC')).toBe(1);
    await cluster.pass(500, 500);
    expect(cluster.network.count('RPC_CM_CONFIG_SYNC')).toBe(2);
  });

  test('a busy meta server is asked again after 500 ms; a proposal waits so long', async () => {
    cluster.meta.busySyncs = 2;
    await cluster.start(R1);
    cluster.meta.propose('CT_ASSIGN_PRIMARY', R1, R1, P0);
    await cluster.pass(900);
    expect(cluster.meta.updates).toEqual([]);
    await cluster.pass(200);
    expect(cluster.meta.updates).toEqual([`1.0 CT_ASSIGN_PRIMARY ${R1} 1 ERR_OK`]);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 1 decree 0/0');
  });

  test('reports every replica', async () => {
    await cluster.start(R1, R2);
    cluster.meta.cures = [R1, R2];
    cluster.meta.cure(P0);
    await cluster.pass(31_000, 500);
    expect(cluster.meta.reports.get(R2)).toEqual([
      {
        pid: P0,
        ballot: 2,
        status: 4,
        last_committed_decree: 0,
        last_prepared_decree: 0,
        last_durable_decree: 0,
        app_type: 'pegasus',
        disk_tag: 'default',
        manual_compact_status: 0,
      },
    ]);
  });

  test('a replica of no partition is inactive at once, closed after 10 minutes, garbage when the meta says so', async () => {
    await cluster.start(R1);
    cluster.meta.cures = [R1];
    cluster.meta.cure(P0);
    await cluster.pass(100);
    cluster.meta.change(P0, { primary: undefined, lastDrops: [R1] });
    cluster.meta.cures = [];
    await cluster.pass(31_000, 500);
    expect(await cluster.replica(R1, P0)).toBe('PS_INACTIVE 1 decree 0/0');
    cluster.meta.garbage = [P0];
    await cluster.pass(540_000, 3000);
    expect(cluster.server(R1).describe()).toMatchObject({ replicas: { total: 1, inactive: 1, stored: 0 } });
    cluster.meta.garbage = [];
    await cluster.pass(90_000, 3000);
    expect(cluster.server(R1).describe()).toMatchObject({ replicas: { total: 0, stored: 1 } });
    // It is still reported, and can be opened again.
    expect(await cluster.replica(R1, P0)).toBe('PS_INACTIVE 1 decree 0/0');
    cluster.meta.garbage = [P0];
    await cluster.pass(31_000, 1000);
    expect(cluster.server(R1).describe()).toMatchObject({ replicas: { total: 0, stored: 0 } });
    expect(await cluster.replica(R1, P0)).toBe('-');
  });

  test('a closed replica leads again when it is assigned', async () => {
    await cluster.start(R1);
    cluster.meta.cures = [R1];
    cluster.meta.cure(P0);
    await cluster.pass(100);
    cluster.meta.change(P0, { primary: undefined, lastDrops: [R1] });
    cluster.meta.cures = [];
    await cluster.pass(680_000, 1500);
    expect(cluster.server(R1).describe()).toMatchObject({ replicas: { total: 0, stored: 1 } });
    cluster.meta.propose('CT_ASSIGN_PRIMARY', R1, R1, P0);
    await settle();
    await settle();
    expect(await cluster.replica(R1, P0)).toMatch(/^PS_PRIMARY 3 decree \d+\/\d+$/);
  });
});
