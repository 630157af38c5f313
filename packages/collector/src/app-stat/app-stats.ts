import type { CounterGeneration } from '@onebox/server';
import type { CounterSums } from './counter-sums';

/** One statistic of a table, out of the sums of its partitions' counters. */
export interface AppStat {
  /** As in `app.stat.<name>#<table>`. */
  readonly name: string;
  readonly since: CounterGeneration;
  of(sums: CounterSums, generation: CounterGeneration): number;
}

const READS = ['get', 'multi_get', 'scan'];
const WRITES_WITH_BYTES = ['put', 'multi_put', 'check_and_set', 'check_and_mutate'];
const WRITES = [...WRITES_WITH_BYTES, 'remove', 'multi_remove', 'incr', 'duplicate'];

/** How many of a kind of operation there are; batch_get counts from 2.4 on and has no statistic of its own (reference/metrics.md 4.5). */
export function totalReads(sums: CounterSums, generation: CounterGeneration, unit: 'qps' | 'bytes'): number {
  const reads = generation === '2.0' ? READS : [...READS, 'batch_get'];
  return sums.of(...reads.map((operation) => `${operation}_${unit}`));
}

export function totalWrites(sums: CounterSums, unit: 'qps' | 'bytes'): number {
  const writes = unit === 'qps' ? WRITES : WRITES_WITH_BYTES;
  return sums.of(...writes.map((operation) => `${operation}_${unit}`));
}

/** Hits in a million; 0 of nothing. */
function perMillion(hits: number, total: number): number {
  return Math.abs(total) < 1e-6 ? 0 : (hits / total) * 1e6;
}

const sum = (name: string, counter = name, since: CounterGeneration = '2.0'): AppStat => ({
  name,
  since,
  of: (sums) => sums.of(counter),
});

const blockCacheRate = (name: string, hits: string, since: CounterGeneration): AppStat => ({
  name,
  since,
  of: (sums) => perMillion(sums.of(hits), sums.of('rdb.block_cache.total_count')),
});

const average = (name: string, counter: string): AppStat => ({
  name,
  since: '2.4',
  of: (sums) => (sums.partitions === 0 ? 0 : sums.of(counter) / sums.partitions),
});

/** Positive answers of bloom filters that were wrong. */
const falsePositives = (sums: CounterSums): number =>
  sums.of('rdb.bf_point_positive_total') - sums.of('rdb.bf_point_positive_true');

/** The statistics that the collector makes of a table, and of all together (reference/metrics.md 4.5). */
export const APP_STATS: readonly AppStat[] = [
  sum('get_qps'),
  sum('multi_get_qps'),
  sum('put_qps'),
  sum('multi_put_qps'),
  sum('remove_qps'),
  sum('multi_remove_qps'),
  sum('incr_qps'),
  sum('check_and_set_qps'),
  sum('check_and_mutate_qps'),
  sum('scan_qps'),
  sum('duplicate_qps'),
  sum('dup_shipped_ops'),
  sum('dup_failed_shipping_ops'),
  sum('dup_recent_mutation_loss_count', 'dup_recent_mutation_loss_count', '2.4'),
  sum('recent_read_cu', 'recent.read.cu'),
  sum('recent_write_cu', 'recent.write.cu'),
  sum('recent_expire_count', 'recent.expire.count'),
  sum('recent_filter_count', 'recent.filter.count'),
  sum('recent_abnormal_count', 'recent.abnormal.count'),
  sum('recent_write_throttling_delay_count', 'recent.write.throttling.delay.count'),
  sum('recent_write_throttling_reject_count', 'recent.write.throttling.reject.count'),
  sum('recent_read_throttling_delay_count', 'recent.read.throttling.delay.count', '2.4'),
  sum('recent_read_throttling_reject_count', 'recent.read.throttling.reject.count', '2.4'),
  sum('recent_backup_request_throttling_delay_count', 'recent.backup.request.throttling.delay.count', '2.4'),
  sum(
    'recent_backup_request_throttling_reject_count',
    'recent.backup.request.throttling.reject.count',
    '2.4',
  ),
  sum('recent_write_splitting_reject_count', 'recent.write.splitting.reject.count', '2.4'),
  sum('recent_read_splitting_reject_count', 'recent.read.splitting.reject.count', '2.4'),
  sum(
    'recent_write_bulk_load_ingestion_reject_count',
    'recent.write.bulk.load.ingestion.reject.count',
    '2.4',
  ),
  sum('storage_mb', 'disk.storage.sst(MB)'),
  sum('storage_count', 'disk.storage.sst.count'),
  blockCacheRate('rdb_block_cache_hit_rate', 'rdb.block_cache.hit_count', '2.0'),
  sum('rdb_index_and_filter_blocks_mem_usage', 'rdb.index_and_filter_blocks.memory_usage'),
  sum('rdb_memtable_mem_usage', 'rdb.memtable.memory_usage'),
  sum('rdb_estimate_num_keys', 'rdb.estimate_num_keys'),
  {
    name: 'rdb_bf_seek_negatives_rate',
    since: '2.0',
    of: (sums) => perMillion(sums.of('rdb.bf_seek_negatives'), sums.of('rdb.bf_seek_total')),
  },
  {
    name: 'rdb_bf_point_negatives_rate',
    since: '2.0',
    of: (sums) => {
      const negatives = sums.of('rdb.bf_point_negatives');
      return perMillion(negatives, negatives + sums.of('rdb.bf_point_positive_total'));
    },
  },
  {
    name: 'rdb_bf_point_false_positive_rate',
    since: '2.0',
    of: (sums) => perMillion(falsePositives(sums), falsePositives(sums) + sums.of('rdb.bf_point_negatives')),
  },
  { name: 'read_qps', since: '2.0', of: (sums, generation) => totalReads(sums, generation, 'qps') },
  { name: 'write_qps', since: '2.0', of: (sums) => totalWrites(sums, 'qps') },
  sum('backup_request_qps'),
  sum('backup_request_bytes', 'backup_request_bytes', '2.4'),
  sum('get_bytes'),
  sum('multi_get_bytes'),
  sum('scan_bytes'),
  sum('put_bytes'),
  sum('multi_put_bytes'),
  sum('check_and_set_bytes'),
  sum('check_and_mutate_bytes'),
  { name: 'read_bytes', since: '2.0', of: (sums, generation) => totalReads(sums, generation, 'bytes') },
  { name: 'write_bytes', since: '2.0', of: (sums) => totalWrites(sums, 'bytes') },
  sum('recent_rdb_compaction_input_bytes', 'recent_rdb_compaction_input_bytes', '2.4'),
  sum('recent_rdb_compaction_output_bytes', 'recent_rdb_compaction_output_bytes', '2.4'),
  blockCacheRate('rdb_read_l2andup_hit_rate', 'rdb.read_l2andup_hit_count', '2.4'),
  blockCacheRate('rdb_read_l1_hit_rate', 'rdb.read_l1_hit_count', '2.4'),
  blockCacheRate('rdb_read_l0_hit_rate', 'rdb.read_l0_hit_count', '2.4'),
  blockCacheRate('rdb_read_memtable_hit_rate', 'rdb.read_memtable_hit_count', '2.4'),
  average('rdb_write_amplification', 'rdb.write_amplification'),
  average('rdb_read_amplification', 'rdb.read_amplification'),
];

/** The statistics a generation has. */
export function appStatsOf(generation: CounterGeneration): readonly AppStat[] {
  return APP_STATS.filter(({ since }) => since <= generation);
}
