import type { Gpid, Node } from '@onebox/base';
import { FakeCluster, R1, R2, R3, settle } from './support/fake-cluster';

const P0: Gpid = { appId: 1, partitionIndex: 0 };

describe('learning', () => {
  let cluster: FakeCluster;

  async function lead(flagLines = ''): Promise<void> {
    cluster = new FakeCluster(flagLines);
    cluster.meta.add(P0);
    await cluster.start(R1, R2, R3);
    cluster.meta.cures = [R1];
    cluster.meta.cure(P0);
    await cluster.pass(100);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 1, primary: R1 });
    cluster.meta.cures = [];
  }

  afterEach(() => cluster.close());

  function secondaries(): readonly Node[] {
    return cluster.meta.partition(P0).secondaries;
  }

  test('takes one request each way, and the primary announces the new secondary', async () => {
    await lead();
    const before = cluster.network.sent.length;
    cluster.meta.propose('CT_ADD_SECONDARY', R1, R2, P0);
    for (let turn = 0; turn < 5; turn += 1) await settle();
    expect(cluster.network.sent.slice(before).map(({ from, to, code }) => `${from} ${to} ${code}`)).toEqual([
      `127.0.0.1:34601 ${R1} RPC_CONFIG_PROPOSAL`,
      `${R1} ${R2} RPC_LEARN_ADD_LEARNER`,
      `${R2} ${R1} RPC_LEARN`,
      `${R2} ${R1} RPC_LEARN_COMPLETION_NOTIFY`,
      `${R1} 127.0.0.1:34601 RPC_CM_UPDATE_PARTITION_CONFIGURATION`,
      `${R1} ${R2} RPC_GROUP_CHECK`,
    ]);
    expect(secondaries()).toEqual([R2]);
  });

  test('a learner that never hears of it learns when the proposal comes again', async () => {
    await lead();
    cluster.network.cut(R1, R2);
    cluster.meta.propose('CT_ADD_SECONDARY', R1, R2, P0);
    await cluster.pass(1000);
    expect(await cluster.replica(R2, P0)).toBe('-');
    cluster.network.mend();
    cluster.meta.propose('CT_ADD_SECONDARY', R1, R2, P0);
    await cluster.pass(100);
    expect(secondaries()).toEqual([R2]);
  });

  test('a learner that cannot reach the primary is inactive until it is asked again', async () => {
    await lead();
    cluster.network.cut(R2, R1);
    cluster.meta.propose('CT_ADD_SECONDARY', R1, R2, P0);
    await cluster.pass(1000);
    expect(await cluster.replica(R2, P0)).toBe('PS_POTENTIAL_SECONDARY 1 decree 0/0');
    await cluster.pass(4500);
    expect(await cluster.replica(R2, P0)).toBe('PS_INACTIVE 1 decree 0/0');
    cluster.network.mend();
    cluster.meta.propose('CT_ADD_SECONDARY', R1, R2, P0);
    await cluster.pass(100);
    expect(secondaries()).toEqual([R2]);
  });

  test('while the primary waits for the meta server the learner tries again every second', async () => {
    await lead();
    cluster.meta.propose('CT_ADD_SECONDARY', R1, R2, P0);
    await cluster.pass(100);
    cluster.meta.refuse = 'ERR_STATE_FREEZED';
    let blocked = true;
    cluster.network.intercept = ({ code, from }) => {
      // R1 begins another change just before R3 asks it for state.
      if (code !== 'RPC_LEARN' || from !== R3 || !blocked) return;
      blocked = false;
      cluster.meta.propose('CT_DOWNGRADE_TO_INACTIVE', R1, R2, P0);
      return settle();
    };
    cluster.meta.propose('CT_ADD_SECONDARY', R1, R3, P0);
    await cluster.pass(2500);
    expect(await cluster.replica(R3, P0)).toBe('PS_POTENTIAL_SECONDARY 2 decree 0/0');
    cluster.meta.refuse = undefined;
    await cluster.pass(3000);
    expect(secondaries()).toEqual([R3]);
    expect(await cluster.replica(R3, P0)).toBe('PS_SECONDARY 4 decree 0/0');
  });

  test('a silent learner loses its place to a living node after the grace', async () => {
    await lead('max_replica_count = 3');
    cluster.meta.add(P0, { ...cluster.meta.partition(P0), maxReplicaCount: 2, ballot: 2 });
    cluster.network.freeze(R2);
    cluster.meta.propose('CT_ADD_SECONDARY', R1, R2, P0);
    await cluster.pass(1000);
    cluster.meta.propose('CT_ADD_SECONDARY', R1, R3, P0);
    await cluster.pass(1000);
    expect(secondaries()).toEqual([]);
    await cluster.pass(21_000, 500);
    cluster.meta.propose('CT_ADD_SECONDARY', R1, R3, P0);
    await cluster.pass(100);
    expect(secondaries()).toEqual([R3]);
  });

  test('at most learn_app_max_concurrent_count replicas of a server learn at a time', async () => {
    await lead('learn_app_max_concurrent_count = 2');
    const partitions = [1, 2, 3, 4, 5].map((partitionIndex) => ({ appId: 1, partitionIndex }));
    for (const gpid of partitions) {
      cluster.meta.add(gpid);
      cluster.meta.propose('CT_ASSIGN_PRIMARY', R1, R1, gpid);
    }
    await cluster.pass(100);
    let running = 0;
    let most = 0;
    cluster.network.intercept = async ({ code }) => {
      if (code !== 'RPC_LEARN') return;
      running += 1;
      most = Math.max(most, running);
      await settle();
      running -= 1;
    };
    for (const gpid of partitions) cluster.meta.propose('CT_ADD_SECONDARY', R1, R2, gpid);
    await cluster.pass(1000);
    expect(most).toBe(2);
    for (const gpid of partitions) expect(cluster.meta.partition(gpid).secondaries).toEqual([R2]);
  });

  test('a learner gets the decrees of its primary, and takes part in the next write', async () => {
    await lead();
    await cluster.pass(301_000, 1000);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 1 decree 3/3');
    cluster.meta.propose('CT_ADD_SECONDARY', R1, R2, P0);
    await cluster.pass(100);
    expect(await cluster.replica(R2, P0)).toBe('PS_SECONDARY 2 decree 3/3');
    expect(cluster.meta.partition(P0).lastCommittedDecree).toBe(3);
    await cluster.pass(101_000, 1000);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 2 decree 4/4');
    expect(await cluster.replica(R2, P0)).toBe('PS_SECONDARY 2 decree 3/4');
  });
});

describe('empty writes (reference/cluster-behaviour.md 11.3)', () => {
  let cluster: FakeCluster;

  afterEach(() => cluster.close());

  async function healthy(flagLines: string): Promise<void> {
    cluster = new FakeCluster(flagLines);
    cluster.meta.add(P0);
    await cluster.start(R1, R2, R3);
    cluster.meta.cures = [R1, R2, R3];
    cluster.meta.cure(P0);
    await cluster.pass(100);
  }

  test('an idle primary moves its decree once per group-check interval', async () => {
    await healthy('group_check_interval_ms = 10000');
    await cluster.pass(30_000, 500);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 3 decree 3/3');
    expect(await cluster.replica(R2, P0)).toBe('PS_SECONDARY 3 decree 2/3');
  });

  test('not when empty_write_disabled is set', async () => {
    await healthy('group_check_interval_ms = 10000\nempty_write_disabled = true');
    await cluster.pass(30_000, 500);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 3 decree 0/0');
  });

  test('a secondary that cannot be reached is removed, and the write is committed without it', async () => {
    await healthy('group_check_interval_ms = 30000');
    cluster.meta.cures = [R1, R2];
    await cluster.kill(R3);
    await cluster.pass(32_000, 200);
    expect(cluster.meta.partition(P0).ballot).toBe(3);
    await cluster.pass(2000, 200);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 4, primary: R1, secondaries: [R2] });
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 4 decree 1/1');
    expect(await cluster.replica(R2, P0)).toBe('PS_SECONDARY 4 decree 0/1');
  });

  test('what an old primary had only prepared is committed by the new one', async () => {
    await healthy('group_check_interval_ms = 10000');
    await cluster.pass(10_000, 200);
    expect(await cluster.replica(R2, P0)).toBe('PS_SECONDARY 3 decree 0/1');
    await cluster.kill(R1);
    cluster.meta.cures = [R2, R3];
    cluster.meta.change(P0, { primary: undefined, lastDrops: [R1] });
    cluster.meta.cure(P0);
    await cluster.pass(100);
    expect(await cluster.replica(R2, P0)).toBe('PS_PRIMARY 5 decree 1/1');
    expect(await cluster.replica(R3, P0)).toBe('PS_SECONDARY 5 decree 0/1');
  });
});
