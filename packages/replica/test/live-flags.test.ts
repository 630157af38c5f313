import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Gpid } from '@onebox/base';
import { PROFILES, configHandlers } from '@onebox/server';
import { FakeCluster, META, R1, R2, R3 } from './support/fake-cluster';

const P0: Gpid = { appId: 1, partitionIndex: 0 };

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
  cluster.meta.add(P0);
});
afterEach(() => cluster.close());

async function healthy(): Promise<void> {
  await cluster.start(R1, R2, R3);
  cluster.meta.cures = [R1, R2, R3];
  cluster.meta.cure(P0);
  await cluster.pass(200);
}

/** As an operator changes a flag of the running server R1. */
async function update(name: string, value: string): Promise<void> {
  const flags = cluster.flags.get(R1)?.flags;
  if (flags === undefined) throw new Error('R1 does not run');
  const answer = await configHandlers(flags, PROFILES.master.variants)['/updateConfig']?.({
    method: 'GET',
    path: 'updateConfig',
    rawUrl: `/updateConfig?${name}=${value}`,
    args: new Map([[name, value]]),
    body: Buffer.alloc(0),
  });
  expect(answer).toEqual({ status: 200, body: '{"update_status":"ERR_OK"}\n' });
}

/** How many config-syncs R1 sends to the meta server while so many Pegasus milliseconds pass. */
async function syncsDuring(ms: number): Promise<number> {
  const before = cluster.network.sent.length;
  await cluster.pass(ms, 500);
  return cluster.network.sent
    .slice(before)
    .filter(({ from, to, code }) => from === R1 && to === META && code === 'RPC_CM_CONFIG_SYNC').length;
}

test('no mutable flag is read by a starting replica server and then never again', async () => {
  await cluster.start(R1);
  const atStart = cluster.flags.get(R1)?.taken() ?? [];
  await cluster.start(R2, R3);
  cluster.meta.cures = [R1, R2, R3];
  cluster.meta.cure(P0);
  await cluster.pass(1_300_000, 5000);
  const watched = cluster.flags.get(R1);
  const live = [...(watched?.taken() ?? []), ...(watched?.listenedTo() ?? [])];
  expect(atStart.filter((name) => !live.includes(name))).toEqual([]);
  expect(live).toEqual(
    expect.arrayContaining([
      'config_sync_interval_ms',
      'disk_min_available_space_ratio',
      'empty_write_disabled',
      'gc_disk_error_replica_interval_seconds',
      'gc_disk_garbage_replica_interval_seconds',
      'replicas_stat_interval_ms',
    ]),
  );
});

test('config_sync_interval_ms: the running server reports to its leader as often as it now says', async () => {
  await healthy();
  expect(await syncsDuring(60_000)).toBe(2);
  await update('config_sync_interval_ms', '2000');
  expect(await syncsDuring(60_000)).toBe(30);
  await update('config_sync_interval_ms', '20000');
  expect(await syncsDuring(60_000)).toBe(3);
});

test('empty_write_disabled: decrees stand still, and climb again', async () => {
  await healthy();
  const decree = async (): Promise<number> =>
    Number(/decree (\d+)/.exec(await cluster.replica(R1, P0))?.[1] ?? '-1');
  await update('empty_write_disabled', 'true');
  await cluster.pass(250_000, 1000);
  const still = await decree();
  await cluster.pass(250_000, 1000);
  expect(await decree()).toBe(still);
  await update('empty_write_disabled', 'FALSE');
  await cluster.pass(250_000, 1000);
  expect(await decree()).toBeGreaterThan(still);
});

test('disk_min_available_space_ratio: the next look at the disk finds it full', async () => {
  await cluster.start(R1);
  expect(cluster.server(R1).describe()).toMatchObject({ disk: { status: 'NORMAL' } });
  await update('disk_min_available_space_ratio', '100');
  await cluster.pass(600_000, 5000);
  expect(cluster.server(R1).describe()).toMatchObject({ disk: { status: 'SPACE_INSUFFICIENT' } });
});

test.each([
  ['gar', 'gc_disk_garbage_replica_interval_seconds'],
  ['err', 'gc_disk_error_replica_interval_seconds'],
])('a .%s directory goes as early as %s now says', async (kind, flag) => {
  // Set aside when the clock of the test begins.
  const directory = join(cluster.reps(R1), `9.0.pegasus.${cluster.clock.unixMs()}000.${kind}`);
  mkdirSync(directory, { recursive: true });
  await cluster.start(R1);
  await cluster.pass(1_200_000, 5000);
  expect(existsSync(directory)).toBe(true);
  await update(flag, '1300');
  await cluster.pass(600_000, 5000);
  expect(existsSync(directory)).toBe(false);
});

test('replicas_stat_interval_ms: the census comes as often as it now says', async () => {
  await cluster.start(R1);
  await update('replicas_stat_interval_ms', '100000');
  const primaries = (): unknown => cluster.metrics.get(R1)?.server.gauge('primary_replicas').value;
  cluster.meta.cures = [R1];
  cluster.meta.cure(P0);
  // With the interval it started with, the census would have come within 30 s.
  await cluster.pass(60_000, 500);
  expect(primaries()).toBe(0);
  await update('replicas_stat_interval_ms', '5000');
  await cluster.pass(5000, 500);
  expect(primaries()).toBe(1);
});
