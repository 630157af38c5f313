import { until } from '@onebox/base';
import type { Gpid, Node } from '@onebox/base';
import { ManualCompactionStatus } from '@onebox/protocol';
import type { HttpResponse } from '@onebox/server';
import { CompactionPool } from '../src/compaction';
import { moved } from '../../server/test/metrics/metric-values';
import { FakeCluster, R1, R2, R3, settle } from './support/fake-cluster';

/** Longer than the config-sync interval, so that envs have reached every replica. */
const SYNC_MS = 31_000;

const ONCE: [string, string][] = [
  ['manual_compact.once.target_level', '-1'],
  ['manual_compact.once.bottommost_level_compaction', 'skip'],
];

let cluster: FakeCluster;

async function startCluster(flagLines = ''): Promise<void> {
  cluster = new FakeCluster(flagLines);
  await cluster.start(R1, R2, R3);
  cluster.meta.cures = [R1, R2, R3];
  for (let partitionIndex = 0; partitionIndex < 4; partitionIndex += 1) {
    const gpid: Gpid = { appId: 1, partitionIndex };
    cluster.meta.add(gpid);
    cluster.meta.cure(gpid);
  }
  await cluster.pass(200);
}

afterEach(() => cluster.close());

async function ask(node: Node, args: Record<string, string> = { app_id: '1' }): Promise<HttpResponse> {
  const path = '/replica/manual_compaction';
  const handler = cluster.server(node).httpHandlers[path];
  if (handler === undefined) throw new Error(`no ${path}`);
  const body = Buffer.alloc(0);
  return handler({
    method: 'GET',
    path: path.slice(1),
    rawUrl: path,
    args: new Map(Object.entries(args)),
    body,
  });
}

const counts = (idle: number, queuing: number, running: number, finished: number): HttpResponse => ({
  status: 200,
  body: JSON.stringify({ status: { finished, idle, queuing, running } }),
});

/** Triggers a compaction now, lets every node hear of it, and waits until the disk has done its part. */
async function compactAll(...nodes: readonly Node[]): Promise<void> {
  trigger();
  await cluster.pass(SYNC_MS, 1000);
  for (const node of nodes) await finished(node);
}

function trigger(second = Math.floor(cluster.clock.unixMs() / 1000)): void {
  cluster.meta.envs = [...ONCE, ['manual_compact.once.trigger_time', String(second)]];
}

async function finished(node: Node): Promise<void> {
  await until(
    `${node} compacts`,
    async () => {
      await settle();
      const { compactions } = cluster.server(node);
      return compactions.queuedCount === 0 && compactions.runningCount === 0;
    },
    { withinMs: 10_000, everyMs: 5 },
  );
}

/** Of the table's four replicas on a server. */
function runningTasks(node: Node): number {
  const registry = cluster.metrics.get(node);
  if (registry === undefined) return 0;
  const shown = [0, 1, 2, 3].map((index) => moved(registry, `replica@1.${index}`));
  return shown.reduce((sum, values) => sum + (values?.['rdb_manual_compact_running_tasks'] ?? 0), 0);
}

function logged(node: Node, pattern: RegExp): number {
  return (cluster.logs.get(node)?.lines ?? []).filter((line) => pattern.test(JSON.stringify(line))).length;
}

describe('a compaction that runs once', () => {
  test('is done by every replica of the table, at the next config-sync, one at a time, and is not repeated', async () => {
    await startCluster();
    expect(await ask(R1)).toEqual(counts(4, 0, 0, 0));
    trigger();
    let [mostRunning, mostShown] = [0, 0];
    await until(
      'R1 compacts',
      async () => {
        cluster.clock.advance(500);
        await settle();
        const { compactions } = cluster.server(R1);
        mostRunning = Math.max(mostRunning, compactions.runningCount);
        mostShown = Math.max(mostShown, runningTasks(R1));
        return JSON.stringify(await ask(R1)) === JSON.stringify(counts(0, 0, 0, 4));
      },
      { withinMs: 20_000, everyMs: 1 },
    );
    expect([mostRunning, mostShown]).toEqual([1, 1]);
    await cluster.pass(2 * SYNC_MS, 1000);
    for (const node of [R1, R2, R3]) {
      await finished(node);
      expect(await ask(node)).toEqual(counts(0, 0, 0, 4));
      expect(logged(node, /manual compaction: begins/)).toBe(4);
    }
  });

  test('queued, running and finished are counted, and reported to the meta server', async () => {
    await startCluster();
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    cluster.server(R1).compactions.add(() => gate);
    trigger();
    await cluster.pass(2 * SYNC_MS, 1000);
    // Somebody else has the only worker.
    expect(await ask(R1)).toEqual(counts(0, 4, 0, 0));
    expect(cluster.server(R1).compactions.queuedCount).toBe(4);
    const tasks = () => {
      const registry = cluster.metrics.get(R1);
      return registry === undefined ? undefined : moved(registry, 'replica@1.0');
    };
    expect(tasks()).toMatchObject({ rdb_manual_compact_queued_tasks: 1 });
    const reported = () => (cluster.meta.reports.get(R1) ?? []).map((info) => info.manual_compact_status);
    expect(reported()).toEqual(Array(4).fill(ManualCompactionStatus.QUEUING));
    release();
    await finished(R1);
    expect(tasks()).not.toMatchObject({ rdb_manual_compact_queued_tasks: 1 });
    expect(tasks()).toMatchObject({ rdb_compaction_completed_count: 1 });
    await cluster.pass(SYNC_MS, 1000);
    expect(reported()).toEqual(Array(4).fill(ManualCompactionStatus.FINISHED));
  });

  test('after a restart the replicas are idle, and do not compact again', async () => {
    await startCluster();
    await compactAll(R1, R2, R3);
    await cluster.kill(R1);
    await cluster.pass(1000);
    await cluster.start(R1);
    await cluster.pass(2 * SYNC_MS, 1000);
    await finished(R1);
    expect(await ask(R1)).toEqual(counts(4, 0, 0, 0));
    expect(logged(R1, /manual compaction/)).toBe(0);
    expect(await ask(R2)).toEqual(counts(0, 0, 0, 4));
    await compactAll(R1);
    expect(await ask(R1)).toEqual(counts(0, 0, 0, 4));
  });

  test('makes durable what was applied', async () => {
    await startCluster('checkpoint_disabled = true\n');
    await cluster.pass(201_000, 1000);
    const durable = () => (cluster.meta.reports.get(R1) ?? []).map((info) => info.last_durable_decree);
    expect(durable()).toEqual([0, 0, 0, 0]);
    await compactAll(R1);
    await cluster.pass(SYNC_MS, 1000);
    expect(Math.min(...durable())).toBeGreaterThan(0);
  });

  test('is given up when it is disabled while it waits', async () => {
    await startCluster();
    let release = (): void => undefined;
    cluster.server(R1).compactions.add(() => new Promise<void>((resolve) => (release = resolve)));
    trigger();
    await cluster.pass(SYNC_MS, 1000);
    expect(await ask(R1)).toEqual(counts(0, 4, 0, 0));
    cluster.meta.envs = [...cluster.meta.envs, ['manual_compact.disabled', 'true']];
    await cluster.pass(SYNC_MS, 1000);
    release();
    await finished(R1);
    expect(await ask(R1)).toEqual(counts(4, 0, 0, 0));
    // Enabled again, it is still due.
    cluster.meta.envs = cluster.meta.envs.slice(0, -1);
    await cluster.pass(SYNC_MS, 1000);
    await finished(R1);
    expect(await ask(R1)).toEqual(counts(0, 0, 0, 4));
  });

  test('waits for the least interval since the last one', async () => {
    await startCluster('[pegasus.server]\nmanual_compact_min_interval_seconds = 600\n');
    await compactAll(R1);
    expect(logged(R1, /manual compaction: finished/)).toBe(4);
    await cluster.pass(1000);
    trigger();
    await cluster.pass(10 * SYNC_MS, 1000);
    expect(logged(R1, /manual compaction: finished/)).toBe(4);
    await cluster.pass(12 * SYNC_MS, 1000);
    await finished(R1);
    expect(logged(R1, /manual compaction: finished/)).toBe(8);
  });
});

describe('/replica/manual_compaction', () => {
  test('counts the replicas of one table; an unknown one has none', async () => {
    await startCluster();
    expect(await ask(R1, { app_id: '0x1' })).toEqual(counts(4, 0, 0, 0));
    expect(await ask(R1, { app_id: '2', more: 'words' })).toEqual(counts(0, 0, 0, 0));
    expect(await ask(R1, { app_id: '2147483647' })).toEqual(counts(0, 0, 0, 0));
  });

  test('needs the id of a table', async () => {
    await startCluster();
    expect(await ask(R1, {})).toEqual({ status: 400, body: 'app_id should not be empty' });
    expect(await ask(R1, { appid: '1' })).toEqual({ status: 400, body: 'app_id should not be empty' });
    for (const app_id of ['', 'abc', '-1', '1.5', '2147483648', '1 '])
      expect(await ask(R1, { app_id })).toEqual({ status: 400, body: `invalid app_id=${app_id}` });
  });
});

describe('the usage scenario', () => {
  test('is switched at the next config-sync, and kept over a restart', async () => {
    await startCluster();
    expect(cluster.server(R1).describe()['usageScenarios']).toEqual({});
    cluster.meta.envs = [['rocksdb.usage_scenario', 'bulk_load']];
    await cluster.pass(SYNC_MS, 1000);
    expect(cluster.server(R1).describe()['usageScenarios']).toEqual({ 1: 'bulk_load' });
    await cluster.kill(R1);
    await cluster.start(R1);
    expect(cluster.server(R1).describe()['usageScenarios']).toEqual({ 1: 'bulk_load' });
    expect(logged(R1, /usage scenario/)).toBe(0);
    cluster.meta.envs = [['rocksdb.usage_scenario', 'fast']];
    await cluster.pass(SYNC_MS, 1000);
    expect(cluster.server(R1).describe()['usageScenarios']).toEqual({ 1: 'bulk_load' });
    cluster.meta.envs = [];
    await cluster.pass(SYNC_MS, 1000);
    expect(cluster.server(R1).describe()['usageScenarios']).toEqual({});
  });
});

describe('the pool', () => {
  test('has one worker, and begins nothing once it is closed', async () => {
    await startCluster();
    const pool = new CompactionPool();
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    for (let job = 1; job <= 3; job += 1)
      pool.add(() => {
        begun.push(job);
        return new Promise((resolve) => ends.push(resolve));
      });
    expect([begun, pool.runningCount, pool.queuedCount]).toEqual([[1], 1, 2]);
    ends[0]?.();
    await settle();
    expect([begun, pool.runningCount, pool.queuedCount]).toEqual([[1, 2], 1, 1]);
    const closed = pool.close();
    ends[1]?.();
    await closed;
    pool.add(() => Promise.reject(new Error('too late')));
    expect([begun, pool.runningCount, pool.queuedCount]).toEqual([[1, 2], 0, 0]);
  });
});
