import type { CounterGeneration } from './counter-definition';
import { rowsOf } from './snapshot';
import type { Snapshot } from './snapshot';

const PROFILER = 'zion*profiler*RPC_RRDB_RRDB_';
const ENGINE = 'replica*app.pegasus*';
const STUB = 'replica*eon.replica_stub*';

/** What `server-stat` shows, and under which label (reference/metrics.md 4.9). */
const LABELS: readonly (readonly [counter: string, label: string])[] = [
  [`${PROFILER}GET.qps`, 'get_qps'],
  [`${PROFILER}GET.latency.server`, 'get_p99(ns)'],
  [`${PROFILER}MULTI_GET.qps`, 'multi_get_qps'],
  [`${PROFILER}MULTI_GET.latency.server`, 'multi_get_p99(ns)'],
  [`${PROFILER}BATCH_GET.qps`, 'batch_get_qps'],
  [`${PROFILER}BATCH_GET.latency.server`, 'batch_get_p99(ns)'],
  [`${PROFILER}PUT.qps`, 'put_qps'],
  [`${PROFILER}PUT.latency.server`, 'put_p99(ns)'],
  [`${PROFILER}MULTI_PUT.qps`, 'multi_put_qps'],
  [`${PROFILER}MULTI_PUT.latency.server`, 'multi_put_p99(ns)'],
  [`${STUB}replica(Count)`, 'serving_replica_count'],
  [`${STUB}opening.replica(Count)`, 'opening_replica_count'],
  [`${STUB}closing.replica(Count)`, 'closing_replica_count'],
  [`${STUB}replicas.commit.qps`, 'commit_throughput'],
  [`${STUB}replicas.learning.count`, 'learning_count'],
  [`${ENGINE}manual.compact.running.count`, 'manual_compact_running_count'],
  [`${ENGINE}manual.compact.enqueue.count`, 'manual_compact_enqueue_count'],
  [`${ENGINE}rdb.block_cache.memory_usage`, 'rdb_block_cache_memory_usage'],
  [`${STUB}shared.log.size(MB)`, 'shared_log_size(MB)'],
  ['replica*server*memused.virt(MB)', 'memused_virt(MB)'],
  ['replica*server*memused.res(MB)', 'memused_res(MB)'],
  [`${STUB}disk.capacity.total(MB)`, 'disk_capacity_total(MB)'],
  [`${STUB}disk.available.total.ratio`, 'disk_available_total_ratio'],
  [`${STUB}disk.available.min.ratio`, 'disk_available_min_ratio'],
  [`${STUB}disk.available.max.ratio`, 'disk_available_max_ratio'],
];

/** The labels a generation has; master, whose commands stayed, has no shared log any more. */
function labelsOf(generation: CounterGeneration | 'none'): readonly (readonly [string, string])[] {
  return LABELS.filter(([, label]) => {
    if (label.startsWith('batch_get_')) return generation !== '2.0';
    return label !== 'shared_log_size(MB)' || generation !== 'none';
  });
}

/**
 * The answer of `server-stat`, one line: the counters of the snapshot in the order of their names, then those that are not in
 * it (reference/metrics.md 4.9, 4.13).
 */
export function serverStat(snapshot: Snapshot, generation: CounterGeneration | 'none'): string {
  const labels = new Map(labelsOf(generation));
  const values = new Map<string, number>();
  for (const part of snapshot.parts) {
    for (const { name, value } of rowsOf(part)) if (labels.has(name)) values.set(name, value);
  }
  const inOrder = [...labels.keys()].sort();
  const found = inOrder.filter((name) => values.has(name));
  const missing = inOrder.filter((name) => !values.has(name));
  return [
    ...found.map((name) => `${labels.get(name)}=${wholeText(values.get(name) ?? 0)}`),
    ...missing.map((name) => `${name}=not_found`),
  ].join(', ');
}

/** Without decimals, rounded half to even, as a C++ stream with precision 0. */
function wholeText(value: number): string {
  const down = Math.floor(value);
  const half = value - down === 0.5;
  const whole = half ? (down % 2 === 0 ? down : down + 1) : Math.round(value);
  return Math.abs(whole) < 1e21 ? String(whole === 0 ? 0 : whole) : BigInt(whole).toString();
}
