import type { Gpid } from '@onebox/base';
import { FakeCluster, R1, R2, R3 } from './support/fake-cluster';

const P0: Gpid = { appId: 1, partitionIndex: 0 };

describe('a replica that asks the meta server for a change (reference/cluster-behaviour.md 4.2)', () => {
  let cluster: FakeCluster;

  beforeEach(async () => {
    cluster = new FakeCluster();
    cluster.meta.add(P0);
    await cluster.start(R1, R2, R3);
    cluster.meta.cures = [R1, R2, R3];
    cluster.meta.cure(P0);
    await cluster.pass(100);
    cluster.meta.updates.length = 0;
    cluster.meta.cures = [];
  });

  afterEach(() => cluster.close());

  test('asks again every second while the level is freezed, and is inactive meanwhile', async () => {
    cluster.meta.refuse = 'ERR_STATE_FREEZED';
    cluster.meta.propose('CT_DOWNGRADE_TO_INACTIVE', R1, R3, P0);
    await cluster.pass(2500);
    const refused = `1.0 CT_DOWNGRADE_TO_INACTIVE ${R3} 4 ERR_STATE_FREEZED`;
    expect(cluster.meta.updates).toEqual([refused, refused, refused]);
    expect(await cluster.replica(R1, P0)).toBe('PS_INACTIVE 3 decree 0/0');
    cluster.meta.refuse = undefined;
    await cluster.pass(1000);
    expect(cluster.meta.updates.slice(3)).toEqual([`1.0 CT_DOWNGRADE_TO_INACTIVE ${R3} 4 ERR_OK`]);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 4 decree 0/0');
  });

  test('no answer at all costs the RPC time-out and a second', async () => {
    cluster.meta.refuse = 'silence';
    cluster.meta.propose('CT_DOWNGRADE_TO_INACTIVE', R1, R3, P0);
    await cluster.pass(5900, 100);
    expect(cluster.meta.updates).toHaveLength(1);
    await cluster.pass(200, 100);
    expect(cluster.meta.updates).toHaveLength(2);
  });

  test('a lost answer is recognised by the meta server: the same request again is accepted', async () => {
    cluster.meta.refuse = 'lost answer';
    cluster.meta.propose('CT_DOWNGRADE_TO_INACTIVE', R1, R3, P0);
    await cluster.pass(100);
    cluster.meta.refuse = undefined;
    await cluster.pass(6000, 100);
    const accepted = `1.0 CT_DOWNGRADE_TO_INACTIVE ${R3} 4 ERR_OK`;
    expect(cluster.meta.updates).toEqual([accepted, accepted]);
    expect(cluster.meta.partition(P0).ballot).toBe(4);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 4 decree 0/0');
  });

  test('a change that was overtaken ends with the configuration that holds', async () => {
    cluster.meta.refuse = 'ERR_STATE_FREEZED';
    cluster.meta.propose('CT_DOWNGRADE_TO_INACTIVE', R1, R3, P0);
    await cluster.pass(100);
    cluster.meta.change(P0, { primary: undefined, lastDrops: [R1] });
    cluster.meta.change(P0, { primary: R2, secondaries: [R3] });
    cluster.meta.refuse = undefined;
    await cluster.pass(1000);
    expect(cluster.meta.updates.at(-1)).toBe(`1.0 CT_DOWNGRADE_TO_INACTIVE ${R3} 4 ERR_INVALID_VERSION`);
    expect(await cluster.replica(R1, P0)).toBe('PS_INACTIVE 5 decree 0/0');
  });

  test('a busy primary ignores a second proposal: the other dead secondary stays listed', async () => {
    cluster.meta.refuse = 'ERR_STATE_FREEZED';
    cluster.meta.propose('CT_DOWNGRADE_TO_INACTIVE', R1, R3, P0);
    cluster.meta.propose('CT_DOWNGRADE_TO_INACTIVE', R1, R2, P0);
    await cluster.pass(100);
    expect(cluster.logs.get(R1)?.lines).toContain(
      `I 1.0: CT_DOWNGRADE_TO_INACTIVE of ${R2} from ballot 3: ignored, busy`,
    );
    cluster.meta.refuse = undefined;
    await cluster.pass(2000);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 4, primary: R1, secondaries: [R2] });
  });

  test('a proposal from an old ballot changes nothing', async () => {
    const before = cluster.meta.partition(P0);
    cluster.meta.add(P0, { ...before, ballot: 2 });
    cluster.meta.propose('CT_DOWNGRADE_TO_INACTIVE', R1, R3, P0);
    await cluster.pass(100);
    expect(cluster.meta.updates).toEqual([]);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 3 decree 0/0');
  });

  test('a node asked to lead what it does not have asks to be removed', async () => {
    const P1: Gpid = { appId: 1, partitionIndex: 1 };
    cluster.meta.add(P1, { ballot: 5, secondaries: [R2, R3] });
    cluster.meta.propose('CT_UPGRADE_TO_PRIMARY', R2, R2, P1);
    await cluster.pass(100);
    expect(cluster.meta.updates).toEqual([`1.1 CT_DOWNGRADE_TO_INACTIVE ${R2} 6 ERR_OK`]);
    expect(await cluster.replica(R2, P1)).toBe('-');
  });
});
