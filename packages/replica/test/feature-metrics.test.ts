import { FakeClock } from '@onebox/base';
import type { Gpid } from '@onebox/base';
import { DiskStatus, LearnType, duplicateRequest, make } from '@onebox/protocol';
import type { DuplicateRequest } from '@onebox/protocol';
import { MetricRegistry } from '@onebox/server';
import type { RpcCallContext, RpcHandler, RpcRegistry } from '@onebox/server';
import { backupEvents, measureBackups } from '../src/backup/backup-metrics';
import type { ColdBackup } from '../src/backup/cold-backup';
import { BulkLoadMetrics } from '../src/bulk-load/bulk-load-metrics';
import { ReplicaMetrics, ServerMetrics, takeCensus } from '../src/metrics';
import { DuplicationMetrics } from '../src/metrics/duplication-metrics';
import { serveDuplicate } from '../src/rpc/duplicate-rpc';
import { FakeCluster, R1, R2, R3 } from './support/fake-cluster';
import { moved } from '../../server/test/metrics/metric-values';

/** What the events of backups, bulk loads, duplications and clients' writes count on a replica (reference/metrics.md 3). */

const P0: Gpid = { appId: 1, partitionIndex: 0 };

let clock: FakeClock;
let registry: MetricRegistry;
let replica: ReplicaMetrics;
beforeEach(() => {
  clock = new FakeClock();
  registry = new MetricRegistry({ clock, role: 'replica', retirementDelayMs: 600_000 });
  replica = new ReplicaMetrics(registry, P0);
});
afterEach(() => registry.close());

const shown = () => moved(registry, 'replica@1.0');

test('backups count how they begin and end, and what they upload', () => {
  const events = backupEvents(replica.entity);
  events.onStarted();
  events.onFileUploaded(700);
  events.onFileUploadFailed();
  events.onFailed();
  events.onSucceeded();
  events.onCancelled();
  expect(shown()).toEqual({
    backup_started_count: 1,
    backup_failed_count: 1,
    backup_successful_count: 1,
    backup_cancelled_count: 1,
    backup_file_upload_failed_count: 1,
    backup_file_upload_successful_count: 1,
    backup_file_upload_total_bytes: 700,
  });
});

test('backups that run are measured: how many, the longest upload, the largest one', () => {
  const running = (status: ColdBackup['status'], runningMs: number, uploadedBytes: number) =>
    ({ status, runningMs, uploadedBytes }) as ColdBackup;
  measureBackups(
    replica.entity,
    [running('uploading', 40, 300), running('uploading', 90, 100), running('completed', 500, 900)],
    true,
  );
  expect(shown()).toEqual({
    backup_running_count: 2,
    backup_max_duration_ms: 90,
    backup_file_upload_max_bytes: 300,
  });
  measureBackups(replica.entity, [], true);
  expect(shown()).toEqual({});
});

test('bulk loads count their stages, their files, and the writes they refuse', () => {
  const metrics = new BulkLoadMetrics(replica.entity);
  metrics.onDownloading();
  metrics.onFile(4096);
  metrics.onFileFailed();
  metrics.onIngesting();
  metrics.onWriteRejected();
  metrics.onSuccess();
  metrics.onFailed();
  expect(shown()).toEqual({
    bulk_load_downloading_count: 1,
    bulk_load_ingesting_count: 1,
    bulk_load_successful_count: 1,
    bulk_load_failed_count: 1,
    bulk_load_download_file_successful_count: 1,
    bulk_load_download_file_failed_count: 1,
    bulk_load_download_file_bytes: 4096,
    bulk_load_ingestion_rejected_write_requests: 1,
  });
});

test('a duplication counts what it ships, confirms and still has before it', () => {
  const metrics = new DuplicationMetrics(replica.entity);
  metrics.onPending(5);
  expect(shown()).toEqual({ dup_pending_mutations: 5 });
  expect(replica.entity.has('dup_shipped_bytes')).toBe(false);
  metrics.onStarted();
  metrics.onShipped(64);
  metrics.onShipFailed();
  metrics.onConfirmed(3);
  expect(shown()).toEqual({
    dup_pending_mutations: 5,
    dup_shipped_successful_requests: 1,
    dup_shipped_failed_requests: 1,
    dup_shipped_bytes: 64,
    dup_confirmed_mutations: 3,
  });
});

test('what another cluster ships is counted with its age', () => {
  new DuplicationMetrics(replica.entity).onReceived([5, 20_000], 10_000);
  clock.advance(12_000);
  expect(shown()).toMatchObject({ dup_requests: 2, dup_lagging_writes: 1 });
  expect(replica.entity.percentile('dup_time_lag_ms').read('p99')).toBe(20_000);
});

test('learning counts files, bytes in memory and what kind of answer came, whichever it is', () => {
  replica.onLearnAnswered(12);
  for (const type of [LearnType.LT_CACHE, LearnType.LT_LOG, LearnType.LT_INVALID]) replica.onLearned(type, 2);
  expect(shown()).toEqual({
    learn_copy_buffer_bytes: 12,
    learn_copy_files: 6,
    learn_lt_cache_responses: 1,
    learn_lt_log_responses: 1,
  });
});

test('bulk loads of a server are counted, with the longest of them', () => {
  const loading = (durationMs: number, ingestionMs: number) => ({
    status: 'PS_PRIMARY' as const,
    learningMs: undefined,
    load: { durationMs, ingestionMs },
  });
  new ServerMetrics(registry).measureReplicas(takeCensus([loading(80, 10), loading(20, 30)]));
  expect(moved(registry, 'server')).toEqual({
    primary_replicas: 2,
    bulk_load_running_count: 2,
    bulk_load_max_duration_ms: 80,
    bulk_load_ingestion_max_duration_ms: 30,
  });
});

describe('a client’s write', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = new FakeCluster();
    cluster.meta.add(P0);
    await cluster.start(R1, R2, R3);
    cluster.meta.cures = [R1, R2, R3];
    cluster.meta.cure(P0);
    await cluster.pass(100);
  });
  afterEach(() => cluster.close());

  /** Ships an empty batch to a server's replica, over the handler the server registered. */
  async function write(node: typeof R1, maxBytes = 0): Promise<string> {
    const server = cluster.server(node);
    let handler: RpcHandler<DuplicateRequest, unknown> | undefined;
    const metrics = new ServerMetrics(registry);
    serveDuplicate({ on: (_rpc: unknown, given: never) => (handler = given) } as unknown as RpcRegistry, {
      stub: (server as unknown as { stub: never }).stub,
      clusters: { accepts: () => true, ownId: 1 },
      diskStatus: () => DiskStatus.NORMAL,
      maxWriteBytes: () => maxBytes,
      clock,
      laggingFromMs: 10_000,
      metrics,
    });
    const call = { gpid: P0, partitionHash: 0n } as RpcCallContext;
    return Promise.resolve(handler?.(make(duplicateRequest, {}), call)).then(
      () => 'ERR_OK',
      (error: Error) => error.message,
    );
  }

  test('is counted by the error it is answered with, and refused above the size limit', async () => {
    expect(await write(R2)).toBe('ERR_INVALID_STATE');
    expect(moved(registry, 'server')).toEqual({ write_failed_requests: 1 });
    expect(await write(R1, 1)).toBe('ERR_INVALID_DATA');
    expect(moved(registry, 'server')).toEqual({ write_failed_requests: 2 });
    const primary = cluster.metrics.get(R1);
    if (primary === undefined) throw new Error('R1 runs');
    expect(moved(primary, 'replica@1.0')).toMatchObject({ write_size_exceed_threshold_requests: 1 });
  });
});
