import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Gpid } from '@onebox/base';
import { FakeCluster, R1, R2, R3 } from './support/fake-cluster';

const P0: Gpid = { appId: 1, partitionIndex: 0 };

describe('a replica whose record cannot be written', () => {
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

  test('never takes a ballot it could not store: its primary removes it, then it learns anew', async () => {
    rmSync(join(cluster.reps(R3), '1.0.pegasus'), { recursive: true });
    cluster.meta.propose('CT_DOWNGRADE_TO_INACTIVE', R1, R2, P0);
    await cluster.pass(100);
    expect(await cluster.replica(R3, P0)).toBe('PS_ERROR 3 decree 0/0');
    // The broken replica is closed at the next garbage collection; until then it refuses to learn.
    await cluster.pass(31_000, 500);
    expect(await cluster.replica(R3, P0)).toBe('-');
    cluster.meta.cure(P0);
    await cluster.pass(100);
    expect(await cluster.replica(R3, P0)).toMatch(/^PS_SECONDARY \d+ decree 0\/0$/);
    expect(cluster.meta.partition(P0).secondaries).toContain(R3);
  });

  test('asks to be removed when it was the primary', async () => {
    rmSync(join(cluster.reps(R1), '1.0.pegasus'), { recursive: true });
    cluster.meta.cures = [];
    cluster.meta.propose('CT_DOWNGRADE_TO_INACTIVE', R1, R3, P0);
    await cluster.pass(100);
    expect(await cluster.replica(R1, P0)).toBe('PS_ERROR 3 decree 0/0');
    await cluster.pass(30_000, 500);
    expect(cluster.meta.updates.at(-1)).toBe(`1.0 CT_DOWNGRADE_TO_INACTIVE ${R1} 5 ERR_OK`);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 5, primary: undefined, secondaries: [R2] });
  });
});
