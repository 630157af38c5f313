import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeClock } from '@onebox/base';
import type { Gpid, Node } from '@onebox/base';
import { MetricRegistry } from '@onebox/server';
import { readDiskSpace } from '../src/disk/disk-space';
import { ServerMetrics } from '../src/metrics';
import { META, R1, R2, R3, FakeCluster } from './support/fake-cluster';
import { moved } from '../../server/test/metrics/metric-values';

/** What a replica server's metrics show is the state of its replicas (reference/metrics.md 3). */

const P0: Gpid = { appId: 1, partitionIndex: 0 };
const P1: Gpid = { appId: 1, partitionIndex: 1 };
/** The status counts of every server are as old as this at most, Pegasus ms. */
const STAT_MS = 30_000;

let cluster: FakeCluster;
async function restart(flagLines: string): Promise<void> {
  await cluster.close();
  cluster = new FakeCluster(flagLines);
  cluster.meta.add(P0);
}

beforeEach(() => {
  cluster = new FakeCluster();
  cluster.meta.add(P0);
});
afterEach(() => cluster.close());

function metrics(node: Node): MetricRegistry {
  const registry = cluster.metrics.get(node);
  if (registry === undefined) throw new Error(`${node} was never started`);
  return registry;
}

function shown(node: Node, id = 'server'): Record<string, number> | undefined {
  return moved(metrics(node), id);
}

/** One metric of the `server` entity. */
function count(node: Node, name: string): number {
  return shown(node)?.[name] ?? 0;
}

/** Three replicas, ballot 3, R1 leads. */
async function healthy(): Promise<void> {
  await cluster.start(R1, R2, R3);
  cluster.meta.cures = [R1, R2, R3];
  cluster.meta.cure(P0);
  await cluster.pass(100);
  expect(cluster.meta.partition(P0)).toMatchObject({ ballot: 3, primary: R1, secondaries: [R2, R3] });
}

describe('the entities', () => {
  test('a replica has one from its opening to its close, with its ids as attributes', async () => {
    await cluster.start(R1);
    expect(metrics(R1).find('replica@1.0')).toBeUndefined();
    expect(metrics(R1).server.has('rdb_block_cache_mem_usage_bytes')).toBe(false);
    cluster.meta.cures = [R1];
    cluster.meta.cure(P0);
    await cluster.pass(100);
    const entity = metrics(R1).find('replica@1.0');
    expect(entity?.attributes).toEqual({ table_id: '1', partition_id: '0' });
    expect(entity?.layout.metrics).toHaveLength(123);
    // The storage engine's metrics of the server come with its first replica.
    expect(metrics(R1).server.has('rdb_block_cache_mem_usage_bytes')).toBe(true);
    await cluster.kill(R1);
    expect(entity?.stale).toBe(true);
  });

  test('the disk is the real one, looked at when the server starts', async () => {
    await cluster.start(R1);
    expect(metrics(R1).find('disk@default')?.attributes).toEqual({
      tag: 'default',
      data_dir: cluster.reps(R1),
    });
    const { capacityMb } = readDiskSpace(cluster.reps(R1));
    const disk = shown(R1, 'disk@default');
    expect(disk?.['disk_capacity_total_mb']).toBe(capacityMb);
    expect(disk?.['disk_capacity_avail_mb']).toBeLessThanOrEqual(capacityMb);
  });
});

describe('the replica counts', () => {
  test('the total is never old, the statuses are counted every 30 s', async () => {
    await cluster.start(R1, R2, R3);
    await cluster.pass(STAT_MS, 1000);
    cluster.meta.cures = [R1, R2, R3];
    cluster.meta.cure(P0);
    await cluster.pass(100);
    expect([count(R1, 'total_replicas'), count(R2, 'total_replicas')]).toEqual([1, 1]);
    await cluster.pass(STAT_MS, 1000);
    expect([count(R1, 'primary_replicas'), count(R1, 'secondary_replicas')]).toEqual([1, 0]);
    expect([count(R2, 'primary_replicas'), count(R2, 'secondary_replicas')]).toEqual([0, 1]);

    cluster.network.freeze(META);
    await cluster.pass(24_000 + STAT_MS, 1000);
    expect([count(R1, 'primary_replicas'), count(R1, 'inactive_replicas')]).toEqual([0, 1]);
  });

  test('a replica nobody wants is closing for ten minutes; closed, its entity is stale', async () => {
    await restart('gc_disk_garbage_replica_interval_seconds = 1000');
    await healthy();
    cluster.meta.cures = [R1, R2];
    cluster.meta.propose('CT_REMOVE', R1, R3, P0);
    await cluster.pass(31_000, 500);
    expect([count(R3, 'total_replicas'), count(R3, 'closing_replicas')]).toEqual([0, 1]);
    await cluster.pass(STAT_MS, 1000);
    expect(count(R3, 'inactive_replicas')).toBe(0);
    expect(metrics(R3).find('replica@1.0')?.stale).toBe(false);
    await cluster.pass(631_000, 1000);
    expect([count(R3, 'total_replicas'), count(R3, 'closing_replicas')]).toEqual([0, 0]);
    expect(metrics(R3).find('replica@1.0')?.stale).toBe(true);

    cluster.meta.garbage = [P0];
    await cluster.pass(31_000, 1000);
    expect(count(R3, 'moved_garbage_replicas')).toBe(1);
    // The disk is looked at every ten minutes.
    await cluster.pass(601_000, 1000);
    expect(count(R3, 'replica_garbage_dirs')).toBe(1);
    cluster.meta.garbage = [];
    await cluster.pass(1_201_000, 3000);
    expect([count(R3, 'replica_garbage_dirs'), count(R3, 'replica_removed_dirs')]).toEqual([0, 1]);
  });

  test('a broken replica is in error until it is set aside', async () => {
    await restart('replicas_stat_interval_ms = 1000');
    await healthy();
    rmSync(join(cluster.reps(R3), '1.0.pegasus'), { recursive: true });
    cluster.meta.propose('CT_DOWNGRADE_TO_INACTIVE', R1, R2, P0);
    await cluster.pass(100);
    mkdirSync(join(cluster.reps(R3), '1.0.pegasus'));
    expect(await cluster.replica(R3, P0)).toBe('PS_ERROR 3 decree 0/0');
    await cluster.pass(2000, 500);
    expect([count(R3, 'error_replicas'), count(R3, 'moved_error_replicas')]).toEqual([1, 0]);
    await cluster.pass(31_000, 500);
    expect([count(R3, 'error_replicas'), count(R3, 'moved_error_replicas')]).toEqual([0, 1]);
    await cluster.pass(601_000, 1000);
    expect(count(R3, 'replica_error_dirs')).toBe(1);
  });

  test('a record that cannot be read is an error that was moved, before anything is served', async () => {
    await healthy();
    await cluster.kill(R3);
    writeFileSync(join(cluster.reps(R3), '1.0.pegasus/replica.json'), 'torn');
    mkdirSync(join(cluster.reps(R3), '1.1.pegasus.disk.migrate.tmp'));
    mkdirSync(join(cluster.reps(R3), '1.1.pegasus.disk.balance.ori'));
    await cluster.start(R3);
    expect([count(R3, 'moved_error_replicas'), count(R3, 'total_replicas')]).toEqual([1, 0]);
    await cluster.pass(601_000, 1000);
    expect([count(R3, 'replica_tmp_dirs'), count(R3, 'replica_origin_dirs')]).toEqual([1, 1]);
  });
});

describe('learning', () => {
  test('is counted by the learner: one attempt, one round, one answer of type LT_APP', async () => {
    await healthy();
    const learned = {
      learn_count: 1,
      learn_rounds: 1,
      learn_lt_app_responses: 1,
      learn_successful_count: 1,
    };
    expect([R1, R2, R3].map((node) => shown(node, 'replica@1.0'))).toEqual([{}, learned, learned]);
  });

  test('one that fails is counted, and the next attempt is another one', async () => {
    await cluster.start(R1, R2);
    cluster.meta.cures = [R1];
    cluster.meta.cure(P0);
    await cluster.pass(100);
    cluster.meta.cures = [];
    cluster.network.cut(R2, R1);
    cluster.meta.propose('CT_ADD_SECONDARY', R1, R2, P0);
    await cluster.pass(4000);
    expect(shown(R2, 'replica@1.0')).toEqual({ learn_count: 1, learn_rounds: 1 });
    await cluster.pass(2000);
    expect(shown(R2, 'replica@1.0')).toEqual({ learn_count: 1, learn_rounds: 1, learn_failed_count: 1 });
    cluster.network.mend();
    cluster.meta.propose('CT_ADD_SECONDARY', R1, R2, P0);
    await cluster.pass(100);
    expect(shown(R2, 'replica@1.0')).toEqual({
      learn_count: 2,
      learn_rounds: 2,
      learn_failed_count: 1,
      learn_lt_app_responses: 1,
      learn_successful_count: 1,
    });
  });

  test('a learner in the making shows in the counts, with the time it has taken', async () => {
    await restart('replicas_stat_interval_ms = 1000');
    await cluster.start(R1, R2);
    cluster.meta.cures = [R1];
    cluster.meta.cure(P0);
    await cluster.pass(100);
    cluster.meta.cures = [];
    // The primary asks in vain for its learner's new role.
    cluster.meta.refuse = 'ERR_STATE_FREEZED';
    cluster.meta.propose('CT_ADD_SECONDARY', R1, R2, P0);
    await cluster.pass(5000, 500);
    expect(count(R2, 'learning_replicas')).toBe(1);
    const duration = count(R2, 'learning_replicas_max_duration_ms');
    expect(duration).toBeGreaterThanOrEqual(3000);
    expect(duration).toBeLessThanOrEqual(5000);
  });

  test('what a learner has and its primary has not is thrown away, and counted', async () => {
    await healthy();
    await cluster.kill(R3);
    cluster.meta.cures = [R1, R2];
    cluster.meta.propose('CT_DOWNGRADE_TO_INACTIVE', R1, R3, P0);
    await cluster.pass(100);
    const file = join(cluster.reps(R3), '1.0.pegasus/replica.json');
    const record = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...record, lastCommittedDecree: 7 }));
    cluster.meta.cures = [R1, R2, R3];
    await cluster.start(R3);
    cluster.meta.cure(P0);
    await cluster.pass(100);
    expect(shown(R3, 'replica@1.0')).toMatchObject({ learn_resets: 1, learn_successful_count: 1 });
  });
});

describe('a primary', () => {
  test('counts a prepare that failed', async () => {
    await healthy();
    cluster.network.intercept = ({ code, to }) => {
      if (code === 'RPC_PREPARE' && to === R3) cluster.network.freeze(R3);
    };
    cluster.meta.cures = [R1, R2];
    await cluster.pass(120_000, 1000);
    expect(shown(R1, 'replica@1.0')).toMatchObject({ prepare_failed_requests: 1 });
  });

  test('counts a group check that failed', async () => {
    await restart('empty_write_disabled = true');
    await healthy();
    cluster.network.cut(R1, R3);
    cluster.meta.cures = [R1, R2];
    await cluster.pass(120_000, 1000);
    expect(shown(R1, 'replica@1.0')).toEqual({ group_check_failed_requests: 1 });
    expect(shown(R2, 'replica@1.0')).toMatchObject({ learn_count: 1 });
  });

  test('the empty writes of an idle partition are nobody’s requests', async () => {
    await healthy();
    await cluster.pass(201_000, 1000);
    expect(await cluster.replica(R1, P0)).toBe('PS_PRIMARY 3 decree 2/2');
    expect(shown(R1, 'replica@1.0')).toEqual({});
  });
});

test('a beacon without an answer is counted', async () => {
  await cluster.start(R1);
  expect(count(R1, 'beacon_failed_count')).toBe(0);
  cluster.network.freeze(META);
  // One goes at 3 s and is given up at 5 s, the next one follows a second later and is given up at 8 s.
  await cluster.pass(9000);
  expect(count(R1, 'beacon_failed_count')).toBe(2);
});

test('clients are told busy or failed, and each is counted by what it asked for', () => {
  const registry = new MetricRegistry({
    clock: new FakeClock(),
    role: 'replica',
    retirementDelayMs: 600_000,
  });
  const server = new ServerMetrics(registry);
  for (const error of ['ERR_OK', 'ERR_BUSY', 'ERR_INVALID_STATE', 'ERR_TIMEOUT'] as const) {
    server.onClientAnswered('read', error);
  }
  for (const error of ['ERR_BUSY', 'ERR_BUSY', 'ERR_SPLITTING'] as const) {
    server.onClientAnswered('write', error);
  }
  expect(moved(registry, 'server')).toEqual({
    read_busy_requests: 1,
    read_failed_requests: 2,
    write_busy_requests: 2,
    write_failed_requests: 1,
  });
  const replica = server.replica(P1);
  replica.onCommitted({
    decree: 1,
    ballot: 1,
    timestampUs: 0,
    updates: ['RPC_REPLICATION_WRITE_EMPTY', 'RPC_RRDB_RRDB_PUT', 'RPC_RRDB_RRDB_PUT'].map((code) => ({
      code,
      data: Buffer.alloc(0),
    })),
  });
  expect(moved(registry, 'replica@1.1')).toEqual({ committed_requests: 2 });
  registry.close();
});
