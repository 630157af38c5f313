import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRIC_CATALOG } from '@onebox/server';

/*
 * No metric that state or requests move in a real server stands still here in silence: each is named either by a test in which it
 * moves, or by a row of docs/compatibility.md that says why nothing can move it yet.
 */

const ROOT = join(__dirname, '../..');
const META = 'packages/meta/test/table-metrics.test.ts';
const REPLICA = 'packages/replica/test/metrics.test.ts';
const FEATURES = 'packages/replica/test/feature-metrics.test.ts';
const COMPACTION = 'packages/replica/test/compaction.test.ts';
const POLICIES = 'packages/meta/test/backup/scheduler.test.ts';
const BUILT_IN = 'packages/server/test/metrics/built-in-metrics.test.ts';

/** The tests, with the metrics that move in them. */
const MOVED: Readonly<Record<string, string>> = {
  [META]: `replica_server_disconnections unalive_replica_servers alive_replica_servers dead_partitions
    unreadable_partitions unwritable_partitions healthy_partitions partition_configuration_changes
    unwritable_partition_changes writable_partition_changes greedy_recent_balance_operations
    greedy_move_primary_operations greedy_copy_primary_operations greedy_copy_secondary_operations
    choose_primary_failed_operations`,
  'test/scenarios/state-everywhere.test.ts': 'writable_ill_partitions',
  [REPLICA]: `beacon_failed_count total_replicas closing_replicas inactive_replicas error_replicas primary_replicas
    secondary_replicas learning_replicas learning_replicas_max_duration_ms moved_error_replicas moved_garbage_replicas
    replica_removed_dirs replica_error_dirs replica_garbage_dirs replica_tmp_dirs replica_origin_dirs
    read_failed_requests read_busy_requests write_busy_requests disk_capacity_total_mb disk_capacity_avail_mb
    learn_count learn_rounds learn_lt_app_responses learn_resets learn_failed_count learn_successful_count
    prepare_failed_requests group_check_failed_requests committed_requests`,
  [FEATURES]: `write_failed_requests write_size_exceed_threshold_requests bulk_load_running_count
    bulk_load_ingestion_max_duration_ms bulk_load_max_duration_ms backup_running_count backup_max_duration_ms
    backup_file_upload_max_bytes bulk_load_downloading_count bulk_load_ingesting_count bulk_load_successful_count
    bulk_load_failed_count bulk_load_download_file_successful_count bulk_load_download_file_failed_count
    bulk_load_download_file_bytes bulk_load_ingestion_rejected_write_requests dup_shipped_bytes
    dup_confirmed_mutations dup_pending_mutations dup_shipped_successful_requests dup_shipped_failed_requests
    dup_requests dup_time_lag_ms dup_lagging_writes learn_copy_files learn_copy_buffer_bytes
    learn_lt_cache_responses learn_lt_log_responses backup_started_count backup_failed_count
    backup_successful_count backup_cancelled_count backup_file_upload_failed_count
    backup_file_upload_successful_count backup_file_upload_total_bytes`,
  [COMPACTION]:
    'rdb_manual_compact_queued_tasks rdb_manual_compact_running_tasks rdb_compaction_completed_count',
  [POLICIES]: 'backup_recent_duration_ms',
  [BUILT_IN]: `profiler_queue_latency_ns profiler_execute_latency_ns profiler_executed_tasks
    profiler_server_rpc_latency_ns profiler_server_rpc_request_bytes profiler_server_rpc_response_bytes
    profiler_client_rpc_latency_ns`,
};

/** Why nothing moves them yet: each reason is a row of docs/compatibility.md, which names the metrics in this form. */
const STILL: Readonly<Record<string, string>> = {
  'user data: reads': `get_requests multi_get_requests batch_get_requests scan_requests get_latency_ns
    multi_get_latency_ns batch_get_latency_ns scan_latency_ns get_bytes multi_get_bytes batch_get_bytes scan_bytes
    read_capacity_units read_expired_values read_filtered_values abnormal_read_requests backup_requests
    backup_request_bytes`,
  'user data: writes': `put_requests multi_put_requests remove_requests multi_remove_requests incr_requests
    check_and_set_requests check_and_mutate_requests put_latency_ns multi_put_latency_ns remove_latency_ns
    multi_remove_latency_ns incr_latency_ns check_and_set_latency_ns check_and_mutate_latency_ns put_bytes
    multi_put_bytes check_and_set_bytes check_and_mutate_bytes write_capacity_units
    make_incr_idempotent_latency_ns make_check_and_set_idempotent_latency_ns
    make_check_and_mutate_idempotent_latency_ns dup_rejected_non_idempotent_write_requests`,
  'throttling of requests': `throttling_delayed_write_requests throttling_rejected_write_requests
    throttling_delayed_read_requests throttling_rejected_read_requests throttling_delayed_backup_requests
    throttling_rejected_backup_requests`,
  'files of the storage engine': `rdb_total_sst_files rdb_total_sst_size_mb rdb_estimated_keys
    rdb_index_and_filter_blocks_mem_usage_bytes rdb_memtable_mem_usage_bytes rdb_compaction_input_bytes
    rdb_compaction_output_bytes learn_copy_file_bytes learning_replicas_max_copy_file_bytes private_log_size_mb`,
  'partition split': `splitting_replicas splitting_replicas_max_duration_ms
    splitting_replicas_async_learn_max_duration_ms splitting_replicas_max_copy_file_bytes
    splitting_rejected_write_requests splitting_rejected_read_requests splitting_started_count
    splitting_copy_file_count splitting_copy_file_bytes splitting_copy_mutation_count splitting_failed_count
    splitting_successful_count`,
  'opening of replicas': 'opening_replicas',
};

const names = (text: string): string[] => text.trim().split(/\s+/);
const driven = METRIC_CATALOG.filter(({ drive }) => drive === 'state' || drive === 'traffic');

test('every metric that state or requests move is in exactly one of the two lists', () => {
  const listed = [...Object.values(MOVED), ...Object.values(STILL)].flatMap(names);
  expect(listed.toSorted()).toEqual(driven.map(({ name }) => name).toSorted());
});

test.each(Object.entries(MOVED))('%s names what moves in it', (file, list) => {
  expect(existsSync(join(ROOT, file))).toBe(true);
  const text = readFileSync(join(ROOT, file), 'utf8');
  // One test spells `greedy_<kind>_operations` and `<health>_partitions` out of their parts.
  const parts = (name: string): string => name.replace(/^greedy_(copy_\w+|move_\w+)_operations$/, '$1');
  expect(names(list).filter((name) => !text.includes(parts(name)))).toEqual([]);
});

const compatibility = readFileSync(join(ROOT, 'docs/compatibility.md'), 'utf8');

test.each(Object.entries(STILL))('docs/compatibility.md says why %s moves nothing', (reason, list) => {
  const row = compatibility.split('\n').find((line) => line.startsWith(`| ${reason} |`));
  expect(names(list).filter((name) => row?.includes(`\`${name}\``) !== true)).toEqual([]);
});
