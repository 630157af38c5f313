import type { PerfCounterType } from '../../src/perf-counters';
import { rowsOf } from '../../src/perf-counters/snapshot';
import type { Role } from '../../src/process/role';
import { CountersUnderTest } from './counters-under-test';

/** Short names for types, as reference/metrics.md 4.3. */
const TYPES = { N: 'NUMBER', V: 'VOLATILE_NUMBER', R: 'RATE', P: 'PERCENTILE' } as const;

let server: CountersUnderTest;
afterEach(() => server.close());

async function rows(): Promise<Map<string, PerfCounterType>> {
  await server.counters.takeSnapshot();
  const all = server.counters.snapshot.parts.flatMap((part) => [...rowsOf(part)]);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  return new Map(all.map(({ name, type }) => [name, type]));
}

/** What a server shows of a section, e.g. `get_qps R`, percentiles once; in the order of names. */
async function section(prefix: string, suffix = ''): Promise<string[]> {
  const shown: string[] = [];
  for (const [name, type] of await rows()) {
    if (!name.startsWith(prefix) || !name.endsWith(suffix) || name.endsWith('.p999')) continue;
    const letter = Object.entries(TYPES).find(([, word]) => word === type)?.[0];
    shown.push(`${name.slice(prefix.length, name.length - suffix.length)} ${letter}`);
  }
  return shown.sort();
}

/** `a b R` → `a R`, `b R`. */
const all = (names: string, type: keyof typeof TYPES): string[] =>
  names
    .split(/\s+/)
    .filter(Boolean)
    .map((name) => `${name} ${type}`);

const QPS = `get_qps multi_get_qps scan_qps put_qps multi_put_qps remove_qps multi_remove_qps incr_qps check_and_set_qps
  check_and_mutate_qps duplicate_qps`;
const LATENCY = `get_latency multi_get_latency scan_latency put_latency multi_put_latency remove_latency multi_remove_latency
  incr_latency check_and_set_latency check_and_mutate_latency`;
const BYTES = `get_bytes multi_get_bytes scan_bytes put_bytes multi_put_bytes check_and_set_bytes check_and_mutate_bytes`;
const RECENT = `recent.read.cu recent.write.cu recent.expire.count recent.filter.count recent.abnormal.count`;
const STORED = `disk.storage.sst(MB) disk.storage.sst.count rdb.block_cache.hit_count rdb.block_cache.total_count
  rdb.index_and_filter_blocks.memory_usage rdb.memtable.memory_usage rdb.estimate_num_keys rdb.bf_seek_negatives
  rdb.bf_seek_total rdb.bf_point_positive_true rdb.bf_point_positive_total rdb.bf_point_negatives`;
const ENGINE_2_0 = [
  ...all(QPS, 'R'),
  ...all(LATENCY, 'P'),
  ...all(BYTES, 'R'),
  ...all(RECENT, 'V'),
  ...all(STORED, 'N'),
];
const ENGINE_2_4 = [
  ...ENGINE_2_0,
  ...all('batch_get_qps batch_get_bytes backup_request_bytes', 'R'),
  ...all('batch_get_latency', 'P'),
  ...all(
    `rdb.write_amplification rdb.read_amplification rdb.read_memtable_hit_count rdb.read_memtable_total_count
     rdb.read_l0_hit_count rdb.read_l1_hit_count rdb.read_l2andup_hit_count`,
    'N',
  ),
  ...all(
    'recent_rdb_compaction_input_bytes recent_rdb_compaction_output_bytes recent_corrupt_write_count',
    'V',
  ),
];
const REPLICATION_2_0 = [
  ...all('private.log.size(MB)', 'N'),
  ...all('recent.write.throttling.delay.count recent.write.throttling.reject.count', 'V'),
];
const REPLICATION_2_4 = [
  ...REPLICATION_2_0,
  ...all(
    `recent.read.throttling.delay.count recent.read.throttling.reject.count recent.read.splitting.reject.count
     recent.write.splitting.reject.count recent.write.bulk.load.ingestion.reject.count`,
    'V',
  ),
];

const LEARNING = `start.count round.start.count copy.file.count copy.file.size copy.buffer.size learn.cache.count
  learn.app.count learn.log.count learn.reset.count learn.fail.count learn.succ.count`;
const STUB_2_0 = [
  ...all(
    `replica(Count) opening.replica(Count) closing.replica(Count) replicas.learning.count
     replicas.learning.max.duration.time(ms) replicas.learning.max.copy.file.size replicas.error.replica.dir.count
     replicas.garbage.replica.dir.count shared.log.size(MB) cold.backup.running.count cold.backup.max.duration.time.ms
     cold.backup.max.upload.file.size tcmalloc.release.memory.size disk.capacity.total(MB) disk.available.total(MB)
     disk.available.total.ratio disk.available.min.ratio disk.available.max.ratio`,
    'N',
  ),
  ...all('replicas.commit.qps dup.confirmed_rate', 'R'),
  ...LEARNING.split(/\s+/).map((name) => `replicas.learning.recent.${name} V`),
  ...all(
    `replicas.recent.prepare.fail.count replicas.recent.replica.move.error.count
     replicas.recent.replica.move.garbage.count replicas.recent.replica.remove.dir.count shared.log.recent.write.size
     recent.trigger.emergency.checkpoint.count recent.read.fail.count recent.write.fail.count recent.read.busy.count
     recent.write.busy.count recent_write_size_exceed_threshold_count dup.pending_mutations_count
     cold.backup.recent.start.count cold.backup.recent.succ.count cold.backup.recent.fail.count
     cold.backup.recent.cancel.count cold.backup.recent.pause.count cold.backup.recent.upload.file.succ.count
     cold.backup.recent.upload.file.fail.count cold.backup.recent.upload.file.size`,
    'V',
  ),
];
const DUP_LOADS = 'dup.load_file_failed_count dup.load_skipped_bytes_count';
const STUB_2_4 = [
  ...STUB_2_0,
  ...all(
    `replicas.tmp.replica.dir.count replicas.origin.replica.dir.count bulk.load.max.ingestion.duration.time.ms
     bulk.load.max.duration.time.ms replicas.splitting.count replicas.splitting.max.duration.time(ms)
     replicas.splitting.max.async.learn.time(ms) replicas.splitting.max.copy.file.size`,
    'N',
  ),
  ...all(
    `replicas.recent.group.check.fail.count bulk.load.running.count bulk.load.downloading.count bulk.load.ingestion.count
     bulk.load.succeed.count bulk.load.failed.count bulk.load.download.file.success.count
     bulk.load.download.file.fail.count bulk.load.download.file.size replicas.splitting.recent.start.count
     replicas.splitting.recent.copy.file.count replicas.splitting.recent.copy.file.size
     replicas.splitting.recent.copy.mutation.count replicas.splitting.recent.split.succ.count
     replicas.splitting.recent.split.fail.count`,
    'V',
  ),
];

const STORAGE_RPCS =
  `PUT MULTI_PUT REMOVE MULTI_REMOVE INCR CHECK_AND_SET CHECK_AND_MUTATE DUPLICATE GET MULTI_GET TTL
  SORTKEY_COUNT GET_SCANNER SCAN CLEAR_SCANNER`.split(/\s+/);
const tableLevel = (rpcs: readonly string[]) =>
  rpcs.map((rpc) => `eon.replica*table.level.RPC_RRDB_RRDB_${rpc}.latency(ns) P`);

describe('a replica server', () => {
  const start = (generation: '2.0' | '2.4') => {
    server = new CountersUnderTest({ generation });
    server.counters.nameTables(() => 'temp');
    server.replica(1, 0);
  };

  test.each([
    ['2.0', ENGINE_2_0, REPLICATION_2_0],
    ['2.4', ENGINE_2_4, REPLICATION_2_4],
  ] as const)('has counters for each replica in %s', async (generation, engine, replication) => {
    start(generation);
    expect(await section('replica*app.pegasus*', '@1.0')).toEqual([...engine].sort());
    expect(await section('replica*eon.replica*', '@1.0')).toEqual([...replication].sort());
  });

  test('has more for a replica that is duplicated', async () => {
    start('2.4');
    const before = await rows();
    server.replica(1, 0).admit('dup-source');
    const more = [...(await rows())].filter(([name]) => !before.has(name));
    expect(more).toEqual([
      ['replica*eon.replica_stub*dup.shipped_bytes_rate', 'RATE'],
      ['replica*eon.replica_stub*dup.log_read_bytes_rate', 'RATE'],
      ['replica*eon.replica_stub*dup.log_read_mutations_rate', 'RATE'],
      ['replica*app.pegasus*dup_shipped_ops@1.0', 'RATE'],
      ['replica*app.pegasus*dup_failed_shipping_ops@1.0', 'RATE'],
      ['replica*eon.replica*dup_recent_mutation_loss_count@1.0', 'VOLATILE_NUMBER'],
    ]);
  });

  test('has counters for each table', async () => {
    start('2.0');
    const of2 = [
      ...tableLevel(STORAGE_RPCS),
      'eon.replica*backup_request_qps R',
      'eon.replica*dup.disabled_non_idempotent_write_count V',
      'app.pegasus*dup.time_lag_ms P',
      'app.pegasus*dup.lagging_writes V',
    ];
    expect(await section('replica*', '@temp')).toEqual([...of2].sort());
    server.close();
    start('2.4');
    const since2_4 = [
      ...tableLevel(['BATCH_GET', 'BULK_LOAD']),
      'eon.replica*recent.backup.request.throttling.delay.count V',
      'eon.replica*recent.backup.request.throttling.reject.count V',
    ];
    expect(await section('replica*', '@temp')).toEqual([...of2, ...since2_4].sort());
  });

  test('has counters of its own', async () => {
    start('2.0');
    expect(await section('replica*eon.replica_stub*')).toEqual([...STUB_2_0, ...all(DUP_LOADS, 'N')].sort());
    server.close();
    start('2.4');
    expect(await section('replica*eon.replica_stub*')).toEqual([...STUB_2_4, ...all(DUP_LOADS, 'V')].sort());
    expect(await section('replica*eon.nfs_client*')).toEqual(
      all('recent_copy_data_size recent_copy_fail_count recent_write_data_size recent_write_fail_count', 'V'),
    );
    expect(await section('replica*eon.nfs_server*')).toEqual(
      all('recent_copy_data_size recent_copy_fail_count', 'V'),
    );
    expect(await section('replica*eon.failure_detector*')).toEqual(['recent_beacon_fail_count V']);
  });

  test('has those of the storage engine from the first replica on', async () => {
    start('2.4');
    const engine = async () => (await section('replica*app.pegasus*')).filter((name) => !name.includes('@'));
    const always = [
      ...all('manual.compact.enqueue.count manual.compact.running.count', 'N'),
      ...all(
        `recent.compaction.completed.count recent.compaction.input.bytes recent.compaction.output.bytes
         recent.flush.completed.count recent.flush.output.bytes recent.write.change.delayed.count
         recent.write.change.stopped.count`,
        'V',
      ),
    ];
    expect(await engine()).toEqual(always.sort());
    server.metrics.server.admit('first-replica');
    const later = all('rdb.block_cache.memory_usage rdb.write_limiter_rate_bytes', 'N');
    expect(await engine()).toEqual([...always, ...later].sort());
  });
});

test('a meta server has sums over the cluster', async () => {
  server = new CountersUnderTest({ role: 'meta' });
  server.metrics.entity('backup_policy', 'backup_policy@daily', { policy_name: 'daily' });
  const counters = [
    ...all(
      `eon.server_state*dead_partition_count eon.server_state*unreadable_partition_count
       eon.server_state*unwritable_partition_count eon.server_state*writable_ill_partition_count
       eon.server_state*healthy_partition_count eon.greedy_balancer*balance_operation_count
       eon.meta_service*unalive_nodes eon.meta_service*alive_nodes eon.meta.policy*daily.recent.backup.duration(ms)`,
      'N',
    ),
    ...all(
      `eon.server_state*recent_update_config_count eon.server_state*recent_partition_change_unwritable_count
       eon.server_state*recent_partition_change_writable_count eon.greedy_balancer*recent_balance_move_primary_count
       eon.greedy_balancer*recent_balance_copy_primary_count eon.greedy_balancer*recent_balance_copy_secondary_count
       eon.meta_service*recent_disconnect_count eon.server_load_balancer*recent_choose_primary_fail_count
       eon.failure_detector*recent_beacon_fail_count`,
      'V',
    ),
  ];
  expect(await section('meta*')).toEqual(counters.sort());
  server.close();
  server = new CountersUnderTest({ role: 'meta', generation: '2.0' });
  expect(await section('meta*eon.meta_service*')).toEqual(['recent_disconnect_count V', 'unalive_nodes N']);
});

describe.each(['meta', 'replica', 'collector'] as const)('every process, a %s', (role: Role) => {
  test('shows its memory under the name replica, and its sessions since 2.4', async () => {
    server = new CountersUnderTest({ role });
    expect(await section('replica*server*')).toEqual(['memused.res(MB) N', 'memused.virt(MB) N']);
    expect(await section('server*network*')).toEqual(['client_session_count N']);
    server.close();
    server = new CountersUnderTest({ role, generation: '2.0' });
    expect(await section('server*network*')).toEqual([]);
  });

  test('shows its queues and profiled tasks', async () => {
    server = new CountersUnderTest({ role });
    server.metrics.entity('queue', 'queue@default.0', { queue_name: 'default.0' });
    const get = server.metrics.entity('profiler', 'task@RPC_RRDB_RRDB_GET', {
      task_name: 'RPC_RRDB_RRDB_GET',
    });
    get.admitMetric('profiler_server_rpc_latency_ns');
    expect(await section(`${role}*engine*`)).toEqual([
      'default.0.queue.delay_task V',
      'default.0.queue.length N',
      'default.0.queue.reject_task V',
    ]);
    expect(await section('zion*profiler*RPC_RRDB_RRDB_GET.')).toEqual([
      'cancelled N',
      'exec(ns) P',
      'inqueue N',
      'latency.server P',
      'qps R',
      'queue(ns) P',
    ]);
  });
});

test('2.0.0 does not know BATCH_GET', async () => {
  server = new CountersUnderTest({ generation: '2.0' });
  for (const task_name of ['RPC_RRDB_RRDB_GET', 'RPC_RRDB_RRDB_BATCH_GET', 'RPC_RRDB_RRDB_BATCH_GET_ACK']) {
    server.metrics.entity('profiler', `task@${task_name}`, { task_name });
  }
  expect(await section('zion*profiler*', '.qps')).toEqual(['RPC_RRDB_RRDB_GET R']);
});
