import type { Gpid } from '@onebox/base';
import { FakeCluster, R1, R2, R3, settle } from './support/fake-cluster';

const P0: Gpid = { appId: 1, partitionIndex: 0 };

describe('the life of a partition (reference/cluster-behaviour.md 4.5)', () => {
  let cluster: FakeCluster;

  beforeEach(() => {
    cluster = new FakeCluster();
    cluster.meta.add(P0);
  });

  afterEach(() => cluster.close());

  /** Three replicas, ballot 3, R1 leads. */
  async function healthy(): Promise<void> {
    await cluster.start(R1, R2, R3);
    cluster.meta.cures = [R1, R2, R3];
    cluster.meta.cure(P0);
    await cluster.pass(100);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 3, primary: R1, secondaries: [R2, R3] });
  }

  test('a new partition goes from ballot 0 to 3 without any timer', async () => {
    await cluster.start(R1, R2, R3);
    cluster.meta.cures = [R1, R2, R3];
    cluster.meta.cure(P0);
    for (let turn = 0; turn < 20; turn += 1) await settle();
    expect(cluster.meta.updates).toEqual([
      `1.0 CT_ASSIGN_PRIMARY ${R1} 1 ERR_OK`,
      `1.0 CT_UPGRADE_TO_SECONDARY ${R2} 2 ERR_OK`,
      `1.0 CT_UPGRADE_TO_SECONDARY ${R3} 3 ERR_OK`,
    ]);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 3 decree 0/0');
    expect(await cluster.replica(R2, P0)).toBe('PS_SECONDARY 3 decree 0/0');
    expect(await cluster.replica(R3, P0)).toBe('PS_SECONDARY 3 decree 0/0');
  });

  test('a dead primary costs two ballots: the meta removes it, a secondary takes over', async () => {
    await healthy();
    await cluster.kill(R1);
    cluster.meta.cures = [R2, R3];
    cluster.meta.change(P0, { primary: undefined, lastDrops: [R1] });
    cluster.meta.cure(P0);
    await cluster.pass(100);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 5, primary: R2, secondaries: [R3] });
    expect(await cluster.replica(R2, P0)).toBe('PS_PRIMARY 5 decree 0/0');
    expect(await cluster.replica(R3, P0)).toBe('PS_SECONDARY 5 decree 0/0');
  });

  test('a primary that comes back is a learner, then the last secondary', async () => {
    await healthy();
    await cluster.kill(R1);
    cluster.meta.cures = [R2, R3];
    cluster.meta.change(P0, { primary: undefined, lastDrops: [R1] });
    cluster.meta.cure(P0);
    await cluster.pass(100);
    cluster.meta.cures = [R1, R2, R3];
    await cluster.start(R1);
    expect(await cluster.replica(R1, P0)).toBe('PS_INACTIVE 3 decree 0/0');
    cluster.meta.cure(P0);
    await cluster.pass(100);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 6, primary: R2, secondaries: [R3, R1] });
    expect(await cluster.replica(R1, P0)).toBe('PS_SECONDARY 6 decree 0/0');
  });

  test('a dead secondary is removed by the primary when the meta asks for it', async () => {
    await healthy();
    await cluster.kill(R3);
    cluster.meta.cures = [R1, R2];
    cluster.meta.propose('CT_DOWNGRADE_TO_INACTIVE', R1, R3, P0);
    await cluster.pass(100);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 4, primary: R1, secondaries: [R2] });
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 4 decree 0/0');
    expect(await cluster.replica(R2, P0)).toBe('PS_SECONDARY 4 decree 0/0');
  });

  test('a dead secondary is found by the group check', async () => {
    await healthy();
    await cluster.kill(R3);
    cluster.meta.cures = [R1, R2];
    // The first check after the last change is over; the next one comes an interval later and takes an RPC time-out.
    await cluster.pass(99_000, 1000);
    expect(cluster.meta.partition(P0).ballot).toBe(3);
    await cluster.pass(8000, 500);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 4, primary: R1, secondaries: [R2] });
  });

  test('move_primary costs two ballots and swaps the roles', async () => {
    await healthy();
    cluster.meta.cures = [];
    cluster.meta.propose('CT_DOWNGRADE_TO_SECONDARY', R1, R1, P0);
    await cluster.pass(100);
    expect(cluster.meta.partition(P0)).toMatchObject({
      ballot: 4,
      primary: undefined,
      secondaries: [R2, R3, R1],
    });
    expect(await cluster.replica(R1, P0)).toBe('PS_SECONDARY 4 decree 0/0');
    cluster.meta.propose('CT_UPGRADE_TO_PRIMARY', R2, R2, P0);
    await cluster.pass(100);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 5, primary: R2, secondaries: [R3, R1] });
    expect(await cluster.replica(R1, P0)).toBe('PS_SECONDARY 5 decree 0/0');
    expect(await cluster.replica(R2, P0)).toBe('PS_PRIMARY 5 decree 0/0');
  });

  test('a removed secondary is told so', async () => {
    await healthy();
    cluster.meta.cures = [];
    cluster.meta.propose('CT_REMOVE', R1, R3, P0);
    await cluster.pass(100);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 4, primary: R1, secondaries: [R2] });
    expect(await cluster.replica(R3, P0)).toBe('PS_INACTIVE 4 decree 0/0');
  });

  test('the balancer may add one secondary more than the table asks for', async () => {
    cluster.meta.add(P0, { maxReplicaCount: 2 });
    await cluster.start(R1, R2, R3);
    cluster.meta.cures = [R1, R2];
    cluster.meta.cure(P0);
    await cluster.pass(100);
    cluster.meta.cures = [];
    cluster.meta.propose('CT_ADD_SECONDARY', R1, R3, P0);
    await cluster.pass(100);
    expect(cluster.meta.partition(P0).ballot).toBe(2);
    cluster.meta.propose('CT_ADD_SECONDARY_FOR_LB', R1, R3, P0);
    await cluster.pass(100);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 3, primary: R1, secondaries: [R2, R3] });
  });

  test('a ballot the meta moved by itself reaches the primary with the next proposal', async () => {
    await healthy();
    cluster.meta.cures = [];
    cluster.meta.change(P0, { maxReplicaCount: 2 });
    cluster.meta.propose('CT_REMOVE', R1, R3, P0);
    await cluster.pass(100);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 5, primary: R1, secondaries: [R2] });
  });

  test('after a drop and a recall the old nodes are primary and learners again', async () => {
    await healthy();
    cluster.meta.cures = [];
    cluster.meta.change(P0, { primary: undefined, secondaries: [], lastDrops: [R2, R3, R1], flags: 1 });
    await cluster.pass(31_000, 1000);
    expect(await cluster.replica(R1, P0)).toBe('PS_INACTIVE 3 decree 0/0');
    expect(await cluster.replica(R2, P0)).toBe('PS_INACTIVE 3 decree 0/0');
    cluster.meta.cures = [R1, R2, R3];
    cluster.meta.cure(P0);
    await cluster.pass(100);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 7, primary: R1, secondaries: [R2, R3] });
    expect(await cluster.replica(R3, P0)).toBe('PS_SECONDARY 7 decree 0/0');
  });

  test('a proposal that overtakes the answer to the change before it is not lost', async () => {
    await cluster.start(R1, R2, R3);
    let release = (): void => undefined;
    cluster.meta.answerAfter = new Promise((resolve) => (release = resolve));
    cluster.meta.cures = [R1, R2, R3];
    cluster.meta.cure(P0);
    await settle();
    await settle();
    expect(cluster.logs.get(R1)?.lines).toContain(
      `I 1.0: CT_ADD_SECONDARY of ${R2} from ballot 1: held back, busy`,
    );
    expect(await cluster.replica(R1, P0)).toBe('PS_INACTIVE 0 decree 0/0');
    release();
    await cluster.pass(100);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 3, primary: R1, secondaries: [R2, R3] });
  });
});
