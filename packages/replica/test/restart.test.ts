import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gpid } from '@onebox/base';
import { FakeCluster, R1, R2, R3 } from './support/fake-cluster';

const P0: Gpid = { appId: 1, partitionIndex: 0 };
const P1: Gpid = { appId: 1, partitionIndex: 1 };

describe('a replica server that was killed', () => {
  let cluster: FakeCluster;

  beforeEach(async () => {
    cluster = new FakeCluster();
    cluster.meta.add(P0);
    cluster.meta.add(P1);
    await cluster.start(R1, R2, R3);
    cluster.meta.cures = [R1, R2, R3];
    cluster.meta.cure(P0);
    cluster.meta.cure(P1);
    await cluster.pass(200);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 3, primary: R1 });
    expect(cluster.meta.partition(P1)).toMatchObject({ ballot: 3, primary: R2 });
    cluster.meta.updates.length = 0;
  });

  afterEach(() => cluster.close());

  test('comes back within the grace: what it led moves one ballot, what it followed none', async () => {
    await cluster.kill(R1);
    await cluster.pass(1000);
    await cluster.start(R1);
    await cluster.pass(100);
    expect(cluster.meta.updates).toEqual([`1.0 CT_PRIMARY_FORCE_UPDATE_BALLOT ${R1} 4 ERR_OK`]);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 4 decree 0/0');
    expect(await cluster.replica(R1, P1)).toBe('PS_SECONDARY 3 decree 0/0');
    expect(await cluster.replica(R3, P0)).toBe('PS_SECONDARY 4 decree 0/0');
  });

  test('a whole cluster that comes back moves every partition one ballot, with the same primaries', async () => {
    for (const node of [R1, R2, R3]) await cluster.kill(node);
    // One after the other: the first primary checks its group while the others are still starting.
    for (const node of [R1, R2, R3]) {
      await cluster.start(node);
      await cluster.pass(7000, 500);
    }
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 4, primary: R1, secondaries: [R2, R3] });
    expect(cluster.meta.partition(P1)).toMatchObject({ ballot: 4, primary: R2 });
    expect(await cluster.replica(R3, P0)).toBe('PS_SECONDARY 4 decree 0/0');
  });

  test('a secondary that was away for long learns again', async () => {
    await cluster.kill(R3);
    cluster.meta.cures = [R1, R2];
    cluster.meta.propose('CT_DOWNGRADE_TO_INACTIVE', R1, R3, P0);
    await cluster.pass(100);
    cluster.meta.cures = [R1, R2, R3];
    await cluster.start(R3);
    expect(await cluster.replica(R3, P0)).toBe('PS_INACTIVE 3 decree 0/0');
    cluster.meta.cure(P0);
    await cluster.pass(100);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 5, primary: R1, secondaries: [R2, R3] });
  });

  test('decrees survive', async () => {
    await cluster.pass(201_000, 1000);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 3 decree 2/2');
    expect(await cluster.replica(R3, P0)).toBe('PS_SECONDARY 3 decree 1/2');
    await cluster.kill(R1);
    await cluster.kill(R3);
    await cluster.start(R1, R3);
    await cluster.pass(100);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 4 decree 2/2');
    expect(await cluster.replica(R3, P0)).toBe('PS_SECONDARY 4 decree 2/2');
  });

  test('the record on disk is one line of JSON', () => {
    const record: unknown = JSON.parse(
      readFileSync(join(cluster.reps(R2), '1.0.pegasus/replica.json'), 'utf8'),
    );
    expect(record).toEqual({
      format: 'pegasus-onebox replica',
      version: 1,
      gpid: '1.0',
      ballot: 3,
      lastCommittedDecree: 0,
      lastCompactionFinishMs: 0,
      uncommitted: [],
      table: {
        status: 1,
        appType: 'pegasus',
        appName: 'table1',
        appId: 1,
        partitionCount: 8,
        envs: {},
        isStateful: true,
        maxReplicaCount: 3,
        expireSecond: 0,
        createSecond: 1_714_000_000,
        dropSecond: 0,
        duplicating: false,
        initPartitionCount: -1,
        isBulkLoading: false,
        atomicIdempotent: false,
      },
    });
  });

  test.each([
    ['torn', '{"format":"pegasus-onebox rep', 'it is not complete JSON'],
    ['empty', '', 'it is not complete JSON'],
    ['foreign', '{"hello":"world"}', 'format is not a text'],
    ['of a later version', '{"format":"pegasus-onebox replica","version":2}', 'its version is 2, not 1'],
  ])('a record that is %s is set aside, and the partition gets a new replica', async (_name, text, why) => {
    await cluster.kill(R3);
    writeFileSync(join(cluster.reps(R3), '1.0.pegasus/replica.json'), text);
    await cluster.start(R3);
    expect(cluster.logs.get(R3)?.lines).toContain(
      `E replica 1.0.pegasus: PS_ERROR, set aside: replica.json: ONEBOX_BAD_REPLICA_RECORD: ${why}`,
    );
    expect(readdirSync(cluster.reps(R3)).map((name) => name.replace(/\d{16}/, 'TIME'))).toEqual([
      '1.0.pegasus.TIME.err',
      '1.1.pegasus',
    ]);
    expect(await cluster.replica(R3, P0)).toBe('-');
    expect(await cluster.replica(R3, P1)).toBe('PS_SECONDARY 3 decree 0/0');
    // The next group check finds it out; then the meta adds the node again.
    await cluster.pass(101_000, 1000);
    expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 5, primary: R1, secondaries: [R2, R3] });
    expect(await cluster.replica(R3, P0)).toMatch(/^PS_SECONDARY 5 /);
  });

  test('a primary without its data asks to be removed', async () => {
    await cluster.kill(R1);
    writeFileSync(join(cluster.reps(R1), '1.0.pegasus/replica.json'), '?');
    cluster.meta.cures = [];
    await cluster.start(R1);
    await cluster.pass(100);
    expect(cluster.meta.updates).toEqual([`1.0 CT_DOWNGRADE_TO_INACTIVE ${R1} 4 ERR_OK`]);
    expect(cluster.meta.partition(P0)).toMatchObject({ primary: undefined, secondaries: [R2, R3] });
  });

  test('foreign directories and a half-written record do not matter', async () => {
    await cluster.kill(R3);
    mkdirSync(join(cluster.reps(R3), 'lost+found'));
    writeFileSync(join(cluster.reps(R3), '1.0.pegasus/replica.json.tmp'), '{"format":');
    await cluster.start(R3);
    expect(await cluster.replica(R3, P0)).toBe('PS_SECONDARY 3 decree 0/0');
    expect(cluster.logs.get(R3)?.lines).toContain(
      `W ${cluster.reps(R3)}/lost+found: not a replica, left alone`,
    );
  });
});
