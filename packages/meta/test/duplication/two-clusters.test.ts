import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  DuplicationFailMode,
  DuplicationStatus,
  RPC,
  duplicationAddRequest,
  duplicationModifyRequest,
  duplicationQueryRequest,
  make,
} from '@onebox/protocol';
import type { DuplicationAddRequest } from '@onebox/protocol';
import { WholeCluster } from '../simulation/whole-cluster';

const EMPTY_WRITES_MS = 100_000;

let near: WholeCluster;
let far: WholeCluster | undefined;

beforeEach(async () => {
  near = await WholeCluster.start();
});
afterEach(async () => {
  await far?.close();
  far = undefined;
  await near.close();
});

async function add(request: Partial<DuplicationAddRequest> = {}, from = near, remote = 'onebox2') {
  const added = await from.ask(
    RPC.RPC_CM_ADD_DUPLICATION,
    make(duplicationAddRequest, { app_name: 'stat', remote_cluster_name: remote, ...request }),
  );
  return { ...added, from };
}

function modify(dupId: number, status: DuplicationStatus) {
  const request = make(duplicationModifyRequest, { app_name: 'stat', dupid: dupId, status });
  return near.ask(RPC.RPC_CM_MODIFY_DUPLICATION, request);
}

/** What a tool sees of the only duplication of `stat`: its status, and of each partition confirmed / last committed. */
async function seen(of = near): Promise<string> {
  const request = make(duplicationQueryRequest, { app_name: 'stat' });
  const { entry_list: entries } = await of.ask(RPC.RPC_CM_QUERY_DUPLICATION, request);
  return entries
    .map(({ status, partition_states: states = [] }) => {
      const name = Object.entries(DuplicationStatus).find(([, value]) => value === status)?.[0];
      return [
        name,
        ...states.map(([, state]) => `${state.confirmed_decree}/${state.last_committed_decree}`),
      ].join(' ');
    })
    .join('; ');
}

const status = async (): Promise<string> => (await seen()).split(' ')[0] ?? '';

/** The confirmed decrees of the partitions as ZooKeeper has them. */
function stored(dupId: number): (string | undefined)[] {
  return [0, 1].map((index) =>
    near.store.text(`/pegasus/onebox/127.0.0.1/apps/1/duplication/${dupId}/${index}`),
  );
}

const shipped = (): number => near.network.count('RPC_RRDB_RRDB_DUPLICATE');

/** Lets the primaries write once more, and everything of it be confirmed and stored. */
async function untilConfirmed(decree: number): Promise<void> {
  await near.until(`decree ${decree} confirmed`, async () => (await seen()).includes(` ${decree}/`));
}

test('with the checkpoint: the follower is made, then what is written here is confirmed there', async () => {
  far = await near.beside({ app_name: 'other' });
  const { err, dupid: dupId } = await add();
  expect(err).toBe('ERR_OK');
  expect(await seen()).toBe('DS_PREPARE -1/-1 -1/-1');
  expect(stored(dupId)).toEqual(['-1', '-1']);
  expect(near.tables()[0]?.info.duplicating).toBe(true);

  await near.until('DS_APP', async () => (await status()) === 'DS_APP');
  const follower = far.tables().find(({ info }) => info.appName === 'stat')?.info;
  expect(follower).toMatchObject({ partitionCount: 2, maxReplicaCount: 3, status: 'AS_AVAILABLE' });
  expect(Object.fromEntries(follower?.envs ?? [])).toEqual({
    'duplication.master_cluster': 'onebox',
    'duplication.master_metas': '127.0.0.1:34601,127.0.0.1:34602,127.0.0.1:34603',
    'duplication.master_app_name': 'stat',
    'duplication.follower_app_status': 'creating',
  });

  await near.until('DS_LOG', async () => (await status()) === 'DS_LOG');
  const { envs } = far.tables().find(({ info }) => info.appName === 'stat')?.info ?? {};
  expect(envs?.get('duplication.follower_app_status')).toBe('created');
  // The checkpoint has one write: a replica that was never written to gets one.
  expect(stored(dupId)).toEqual(['1', '1']);
  expect(shipped()).toBe(0);

  await untilConfirmed(3);
  expect(shipped()).toBeGreaterThanOrEqual(4);
  await near.pass(20_000);
  expect(stored(dupId)).toEqual(['3', '3']);
});

test('to a cluster that does not run: with the checkpoint it stays in DS_PREPARE, without it nothing is confirmed', async () => {
  const { dupid: dupId } = await add();
  await near.pass(15_000);
  expect(await status()).toBe('DS_PREPARE');
  await near.pass(60_000);
  expect(await status()).toBe('DS_PREPARE');
  await modify(dupId, DuplicationStatus.DS_REMOVED);
  expect(await seen()).toBe('');

  await add({ is_duplicating_checkpoint: false });
  expect(await status()).toBe('DS_LOG');
  await near.pass(3 * EMPTY_WRITES_MS);
  expect(await seen()).toMatch(/^DS_LOG -1\/[34] -1\/[34]$/);
});

test('the other cluster goes away and comes back: what was written meanwhile is confirmed then', async () => {
  far = await near.beside();
  const { dupid: dupId } = await add({ is_duplicating_checkpoint: false });
  await untilConfirmed(2);
  for (const index of [1, 2, 3]) near.network.freeze(far.node(index));
  near.network.freeze(far.leader.self);
  await near.pass(3 * EMPTY_WRITES_MS);
  const behind = await near.get('/replica/duplication?appid=1', leaderOf(0));
  expect(behind).toMatch(
    new RegExp(
      `"${dupId}":{"1\\.0":{"duplicating":true,"fail_mode":"FAIL_SLOW","not_confirmed_mutations_num":[34],`,
    ),
  );
  for (const index of [1, 2, 3]) near.network.thaw(far.node(index));
  near.network.thaw(far.leader.self);
  await untilConfirmed(5);
});

test('a paused duplication ships nothing and goes on where it stopped', async () => {
  far = await near.beside();
  const { dupid: dupId } = await add({ is_duplicating_checkpoint: false });
  await untilConfirmed(2);
  expect((await modify(dupId, DuplicationStatus.DS_PAUSE)).err).toBe('ERR_OK');
  await near.pass(15_000);
  const before = shipped();
  await near.pass(2 * EMPTY_WRITES_MS);
  expect(shipped()).toBe(before);
  expect(await status()).toBe('DS_PAUSE');
  expect(await near.get('/replica/duplication?appid=1', leaderOf(0))).toContain('"duplicating":false');
  expect((await modify(dupId, DuplicationStatus.DS_LOG)).err).toBe('ERR_OK');
  await untilConfirmed(4);
});

test('a new leader goes on with what is in ZooKeeper', async () => {
  far = await near.beside();
  await add({ is_duplicating_checkpoint: false });
  await untilConfirmed(3);
  await near.pass(20_000);
  const before = await near.get('/meta/app/duplication?name=stat');
  await near.failOver();
  const after = await near.get('/meta/app/duplication?name=stat');
  // What replica servers say is not stored: it is unknown until they have said it again.
  expect(after).toBe(before.replaceAll(/"last_committed_decree":\d+/g, '"last_committed_decree":-1'));
  await untilConfirmed(5);
});

test('a new primary goes on with the decree that is confirmed, with mutations it did not write itself', async () => {
  far = await near.beside();
  await add({ is_duplicating_checkpoint: false });
  await untilConfirmed(3);
  for (const index of [1, 2, 3]) near.network.cut(near.node(index), far.leader.self);
  for (const from of [1, 2, 3]) for (const to of [1, 2, 3]) near.network.cut(near.node(from), far.node(to));
  await near.pass(2 * EMPTY_WRITES_MS);
  const old = leaderOf(0);
  await near.killReplica(old);
  await near.until('another primary', () => leaderOf(0) !== old);
  near.network.mend();
  await untilConfirmed(6);
  expect(near.log.lines.filter((line) => line.includes('in the log no more'))).toEqual([]);
});

test('replica servers that are all killed and started again ship what they had not shipped', async () => {
  far = await near.beside();
  await add({ is_duplicating_checkpoint: false });
  await untilConfirmed(3);
  for (const index of [1, 2, 3]) near.network.freeze(far.node(index));
  await near.pass(2 * EMPTY_WRITES_MS);
  for (const index of [1, 2, 3]) await near.killReplica(index);
  for (const index of [1, 2, 3]) near.network.thaw(far.node(index));
  for (const index of [1, 2, 3]) await near.startReplica(index);
  const before = shipped();
  await untilConfirmed(5);
  expect(shipped()).toBeGreaterThan(before);
  expect(near.log.lines.filter((line) => line.includes('in the log no more'))).toEqual([]);
});

test('FAIL_FAST ends the replica servers whose mutations are lost', async () => {
  far = await near.beside();
  const { dupid: dupId } = await add({ is_duplicating_checkpoint: false });
  await untilConfirmed(3);
  const request = make(duplicationModifyRequest, {
    app_name: 'stat',
    dupid: dupId,
    fail_mode: DuplicationFailMode.FAIL_FAST,
  });
  expect((await near.ask(RPC.RPC_CM_MODIFY_DUPLICATION, request)).err).toBe('ERR_OK');
  for (const index of [1, 2, 3]) near.network.freeze(far.node(index));
  await near.pass(2 * EMPTY_WRITES_MS);
  for (const index of [1, 2, 3]) await near.killReplica(index);
  for (const index of [1, 2, 3]) {
    const reps = join(near.root, `replica${index}`, 'data', 'replica', 'reps');
    for (const name of readdirSync(reps)) rmSync(join(reps, name, 'mutations.log'), { force: true });
  }
  for (const index of [1, 2, 3]) near.network.thaw(far.node(index));
  for (const index of [1, 2, 3]) await near.startReplica(index);
  await near.until('a replica server to end', () => near.exits.length > 0);
  expect(near.exits[0]).toMatch(
    /^replica\d 1: 1\.\d: duplication \d+: decrees \d+ to \d+ are in the log no more \(FAIL_FAST\)$/,
  );
});

test('two clusters that duplicate to each other come to rest', async () => {
  far = await near.beside();
  await add({ is_duplicating_checkpoint: false });
  await add({ is_duplicating_checkpoint: false }, far, 'onebox');
  await untilConfirmed(3);
  const before = shipped();
  await near.pass(EMPTY_WRITES_MS);
  // Each partition of each cluster writes once by itself and ships that; what it is sent it does not send back.
  expect(shipped() - before).toBeLessThanOrEqual(8);
});

function leaderOf(partition: number): number {
  const primary = near.tables()[0]?.partitions[partition]?.primary;
  return [1, 2, 3].find((index) => near.node(index) === primary) ?? 0;
}
