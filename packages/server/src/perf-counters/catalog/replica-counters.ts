import type { MetricEntity } from '../../metrics';
import { ITS_OWN_NAME, ofEntity, percentileOfEntity } from '../counter-definition';
import type { CounterDefinition } from '../counter-definition';

const SINCE_2_4 = { since: '2.4' } as const;
const OWN_NAME = { description: ITS_OWN_NAME } as const;
const OWN_NAME_SINCE_2_4 = { ...OWN_NAME, ...SINCE_2_4 } as const;

/** Of a replica's storage engine: what is read, written and stored (reference/metrics.md 4.7, section `app.pegasus`). */
const STORAGE: readonly CounterDefinition<MetricEntity>[] = [
  ofEntity('get_qps', 'RATE', 'get_requests'),
  ofEntity('multi_get_qps', 'RATE', 'multi_get_requests'),
  ofEntity('batch_get_qps', 'RATE', 'batch_get_requests', SINCE_2_4),
  ofEntity('scan_qps', 'RATE', 'scan_requests'),
  ofEntity('put_qps', 'RATE', 'put_requests'),
  ofEntity('multi_put_qps', 'RATE', 'multi_put_requests'),
  ofEntity('remove_qps', 'RATE', 'remove_requests'),
  ofEntity('multi_remove_qps', 'RATE', 'multi_remove_requests'),
  ofEntity('incr_qps', 'RATE', 'incr_requests'),
  ofEntity('check_and_set_qps', 'RATE', 'check_and_set_requests'),
  ofEntity('check_and_mutate_qps', 'RATE', 'check_and_mutate_requests'),
  ofEntity('duplicate_qps', 'RATE', 'dup_requests'),
  ofEntity('dup_shipped_ops', 'RATE', 'dup_shipped_successful_requests'),
  ofEntity('dup_failed_shipping_ops', 'RATE', 'dup_shipped_failed_requests'),

  percentileOfEntity('get_latency', 'get_latency_ns'),
  percentileOfEntity('multi_get_latency', 'multi_get_latency_ns'),
  percentileOfEntity('batch_get_latency', 'batch_get_latency_ns', SINCE_2_4),
  percentileOfEntity('scan_latency', 'scan_latency_ns'),
  percentileOfEntity('put_latency', 'put_latency_ns'),
  percentileOfEntity('multi_put_latency', 'multi_put_latency_ns'),
  percentileOfEntity('remove_latency', 'remove_latency_ns'),
  percentileOfEntity('multi_remove_latency', 'multi_remove_latency_ns'),
  percentileOfEntity('incr_latency', 'incr_latency_ns'),
  percentileOfEntity('check_and_set_latency', 'check_and_set_latency_ns'),
  percentileOfEntity('check_and_mutate_latency', 'check_and_mutate_latency_ns'),

  ofEntity('get_bytes', 'RATE', 'get_bytes'),
  ofEntity('multi_get_bytes', 'RATE', 'multi_get_bytes'),
  ofEntity('batch_get_bytes', 'RATE', 'batch_get_bytes', SINCE_2_4),
  ofEntity('scan_bytes', 'RATE', 'scan_bytes'),
  ofEntity('put_bytes', 'RATE', 'put_bytes'),
  ofEntity('multi_put_bytes', 'RATE', 'multi_put_bytes'),
  ofEntity('check_and_set_bytes', 'RATE', 'check_and_set_bytes'),
  ofEntity('check_and_mutate_bytes', 'RATE', 'check_and_mutate_bytes'),
  ofEntity('backup_request_bytes', 'RATE', 'backup_request_bytes', SINCE_2_4),

  ofEntity('recent.read.cu', 'VOLATILE_NUMBER', 'read_capacity_units'),
  ofEntity('recent.write.cu', 'VOLATILE_NUMBER', 'write_capacity_units'),
  ofEntity('recent.expire.count', 'VOLATILE_NUMBER', 'read_expired_values'),
  ofEntity('recent.filter.count', 'VOLATILE_NUMBER', 'read_filtered_values'),
  ofEntity('recent.abnormal.count', 'VOLATILE_NUMBER', 'abnormal_read_requests'),
  ofEntity('recent_rdb_compaction_input_bytes', 'VOLATILE_NUMBER', 'rdb_compaction_input_bytes', SINCE_2_4),
  ofEntity('recent_rdb_compaction_output_bytes', 'VOLATILE_NUMBER', 'rdb_compaction_output_bytes', SINCE_2_4),
  ofEntity('recent_corrupt_write_count', 'VOLATILE_NUMBER', 'corrupt_writes', SINCE_2_4),

  ofEntity('disk.storage.sst(MB)', 'NUMBER', 'rdb_total_sst_size_mb'),
  ofEntity('disk.storage.sst.count', 'NUMBER', 'rdb_total_sst_files'),
  ofEntity('rdb.block_cache.hit_count', 'NUMBER', 'rdb_block_cache_hit_count'),
  ofEntity('rdb.block_cache.total_count', 'NUMBER', 'rdb_block_cache_total_count'),
  ofEntity(
    'rdb.index_and_filter_blocks.memory_usage',
    'NUMBER',
    'rdb_index_and_filter_blocks_mem_usage_bytes',
  ),
  ofEntity('rdb.memtable.memory_usage', 'NUMBER', 'rdb_memtable_mem_usage_bytes'),
  ofEntity('rdb.estimate_num_keys', 'NUMBER', 'rdb_estimated_keys'),
  ofEntity('rdb.bf_seek_negatives', 'NUMBER', 'rdb_bloom_filter_seek_negatives'),
  ofEntity('rdb.bf_seek_total', 'NUMBER', 'rdb_bloom_filter_seek_total'),
  ofEntity('rdb.bf_point_positive_true', 'NUMBER', 'rdb_bloom_filter_point_lookup_true_positives'),
  ofEntity('rdb.bf_point_positive_total', 'NUMBER', 'rdb_bloom_filter_point_lookup_positives'),
  ofEntity('rdb.bf_point_negatives', 'NUMBER', 'rdb_bloom_filter_point_lookup_negatives'),
  ofEntity('rdb.write_amplification', 'NUMBER', 'rdb_write_amplification', SINCE_2_4),
  ofEntity('rdb.read_amplification', 'NUMBER', 'rdb_read_amplification', SINCE_2_4),
  ofEntity('rdb.read_memtable_hit_count', 'NUMBER', 'rdb_memtable_hit_count', SINCE_2_4),
  ofEntity('rdb.read_memtable_total_count', 'NUMBER', 'rdb_memtable_total_count', SINCE_2_4),
  ofEntity('rdb.read_l0_hit_count', 'NUMBER', 'rdb_l0_hit_count', SINCE_2_4),
  ofEntity('rdb.read_l1_hit_count', 'NUMBER', 'rdb_l1_hit_count', SINCE_2_4),
  ofEntity('rdb.read_l2andup_hit_count', 'NUMBER', 'rdb_l2_and_up_hit_count', SINCE_2_4),
];

/** Of the replica around the engine (section `eon.replica`). */
const REPLICATION: readonly CounterDefinition<MetricEntity>[] = [
  ofEntity('private.log.size(MB)', 'NUMBER', 'private_log_size_mb', OWN_NAME),
  ofEntity(
    'recent.write.throttling.delay.count',
    'VOLATILE_NUMBER',
    'throttling_delayed_write_requests',
    OWN_NAME,
  ),
  ofEntity(
    'recent.write.throttling.reject.count',
    'VOLATILE_NUMBER',
    'throttling_rejected_write_requests',
    OWN_NAME,
  ),
  ofEntity(
    'recent.read.throttling.delay.count',
    'VOLATILE_NUMBER',
    'throttling_delayed_read_requests',
    OWN_NAME_SINCE_2_4,
  ),
  ofEntity(
    'recent.read.throttling.reject.count',
    'VOLATILE_NUMBER',
    'throttling_rejected_read_requests',
    OWN_NAME_SINCE_2_4,
  ),
  ofEntity(
    'recent.read.splitting.reject.count',
    'VOLATILE_NUMBER',
    'splitting_rejected_read_requests',
    OWN_NAME_SINCE_2_4,
  ),
  ofEntity(
    'recent.write.splitting.reject.count',
    'VOLATILE_NUMBER',
    'splitting_rejected_write_requests',
    OWN_NAME_SINCE_2_4,
  ),
  ofEntity(
    'recent.write.bulk.load.ingestion.reject.count',
    'VOLATILE_NUMBER',
    'bulk_load_ingestion_rejected_write_requests',
    OWN_NAME_SINCE_2_4,
  ),
  ofEntity(
    'dup_recent_mutation_loss_count',
    'VOLATILE_NUMBER',
    'dup_recent_lost_mutations',
    OWN_NAME_SINCE_2_4,
  ),
];

/** The counters of every replica; their names end with `@<table id>.<partition>`. */
export const REPLICA_COUNTERS: readonly CounterDefinition<MetricEntity>[] = [
  ...inSection('replica*app.pegasus*', STORAGE),
  ...inSection('replica*eon.replica*', REPLICATION),
];

function inSection(
  section: string,
  definitions: readonly CounterDefinition<MetricEntity>[],
): readonly CounterDefinition<MetricEntity>[] {
  return definitions.map((definition) => ({ ...definition, name: section + definition.name }));
}
