import type { CounterName, GaugeName } from '../../metrics';
import type { CounterGeneration, PerfCounterType } from '../counter-definition';

/** Where a counter of a whole replica server comes from: its own metric, all of its replicas together, or the largest of theirs. */
export type Scope = 'server' | 'all' | 'largest';

export type ServerCounterRow = readonly [
  name: string,
  type: Exclude<PerfCounterType, 'PERCENTILE'>,
  scope: Scope,
  metric: GaugeName | CounterName,
  since?: CounterGeneration,
];

/** The storage engines of all replicas, section `app.pegasus` (reference/metrics.md 4.7). */
export const ENGINE_ROWS: readonly ServerCounterRow[] = [
  ['manual.compact.enqueue.count', 'NUMBER', 'all', 'rdb_manual_compact_queued_tasks'],
  ['manual.compact.running.count', 'NUMBER', 'all', 'rdb_manual_compact_running_tasks'],
  ['rdb.block_cache.memory_usage', 'NUMBER', 'server', 'rdb_block_cache_mem_usage_bytes'],
  ['rdb.write_limiter_rate_bytes', 'NUMBER', 'server', 'rdb_write_rate_limiter_through_bytes_per_sec', '2.4'],
  ['recent.flush.completed.count', 'VOLATILE_NUMBER', 'all', 'rdb_flush_completed_count'],
  ['recent.flush.output.bytes', 'VOLATILE_NUMBER', 'all', 'rdb_flush_output_bytes'],
  ['recent.compaction.completed.count', 'VOLATILE_NUMBER', 'all', 'rdb_compaction_completed_count'],
  ['recent.compaction.input.bytes', 'VOLATILE_NUMBER', 'all', 'rdb_compaction_input_bytes'],
  ['recent.compaction.output.bytes', 'VOLATILE_NUMBER', 'all', 'rdb_compaction_output_bytes'],
  ['recent.write.change.delayed.count', 'VOLATILE_NUMBER', 'all', 'rdb_changed_delayed_writes'],
  ['recent.write.change.stopped.count', 'VOLATILE_NUMBER', 'all', 'rdb_changed_stopped_writes'],
];

/** The replicas as such, section `eon.replica_stub`. */
export const STUB_ROWS: readonly ServerCounterRow[] = [
  ['replica(Count)', 'NUMBER', 'server', 'total_replicas'],
  ['opening.replica(Count)', 'NUMBER', 'server', 'opening_replicas'],
  ['closing.replica(Count)', 'NUMBER', 'server', 'closing_replicas'],
  ['replicas.commit.qps', 'RATE', 'all', 'committed_requests'],
  ['replicas.learning.count', 'NUMBER', 'server', 'learning_replicas'],
  ['replicas.learning.max.duration.time(ms)', 'NUMBER', 'server', 'learning_replicas_max_duration_ms'],
  ['replicas.learning.max.copy.file.size', 'NUMBER', 'server', 'learning_replicas_max_copy_file_bytes'],
  ['replicas.learning.recent.start.count', 'VOLATILE_NUMBER', 'all', 'learn_count'],
  ['replicas.learning.recent.round.start.count', 'VOLATILE_NUMBER', 'all', 'learn_rounds'],
  ['replicas.learning.recent.copy.file.count', 'VOLATILE_NUMBER', 'all', 'learn_copy_files'],
  ['replicas.learning.recent.copy.file.size', 'VOLATILE_NUMBER', 'all', 'learn_copy_file_bytes'],
  ['replicas.learning.recent.copy.buffer.size', 'VOLATILE_NUMBER', 'all', 'learn_copy_buffer_bytes'],
  ['replicas.learning.recent.learn.cache.count', 'VOLATILE_NUMBER', 'all', 'learn_lt_cache_responses'],
  ['replicas.learning.recent.learn.app.count', 'VOLATILE_NUMBER', 'all', 'learn_lt_app_responses'],
  ['replicas.learning.recent.learn.log.count', 'VOLATILE_NUMBER', 'all', 'learn_lt_log_responses'],
  ['replicas.learning.recent.learn.reset.count', 'VOLATILE_NUMBER', 'all', 'learn_resets'],
  ['replicas.learning.recent.learn.fail.count', 'VOLATILE_NUMBER', 'all', 'learn_failed_count'],
  ['replicas.learning.recent.learn.succ.count', 'VOLATILE_NUMBER', 'all', 'learn_successful_count'],
  ['replicas.recent.prepare.fail.count', 'VOLATILE_NUMBER', 'all', 'prepare_failed_requests'],
  ['replicas.recent.replica.move.error.count', 'VOLATILE_NUMBER', 'server', 'moved_error_replicas'],
  ['replicas.recent.replica.move.garbage.count', 'VOLATILE_NUMBER', 'server', 'moved_garbage_replicas'],
  ['replicas.recent.replica.remove.dir.count', 'VOLATILE_NUMBER', 'server', 'replica_removed_dirs'],
  ['replicas.error.replica.dir.count', 'NUMBER', 'server', 'replica_error_dirs'],
  ['replicas.garbage.replica.dir.count', 'NUMBER', 'server', 'replica_garbage_dirs'],
  ['replicas.tmp.replica.dir.count', 'NUMBER', 'server', 'replica_tmp_dirs', '2.4'],
  ['replicas.origin.replica.dir.count', 'NUMBER', 'server', 'replica_origin_dirs', '2.4'],
  ['replicas.recent.group.check.fail.count', 'VOLATILE_NUMBER', 'all', 'group_check_failed_requests', '2.4'],
  ['recent.trigger.emergency.checkpoint.count', 'VOLATILE_NUMBER', 'all', 'emergency_checkpoints'],
  ['recent.read.fail.count', 'VOLATILE_NUMBER', 'server', 'read_failed_requests'],
  ['recent.write.fail.count', 'VOLATILE_NUMBER', 'server', 'write_failed_requests'],
  ['recent.read.busy.count', 'VOLATILE_NUMBER', 'server', 'read_busy_requests'],
  ['recent.write.busy.count', 'VOLATILE_NUMBER', 'server', 'write_busy_requests'],
  [
    'recent_write_size_exceed_threshold_count',
    'VOLATILE_NUMBER',
    'all',
    'write_size_exceed_threshold_requests',
  ],
  ['tcmalloc.release.memory.size', 'NUMBER', 'server', 'tcmalloc_released_bytes'],
];

/** Duplication, backup, bulk load and split; section `eon.replica_stub` as well. */
export const FEATURE_ROWS: readonly ServerCounterRow[] = [
  ['dup.confirmed_rate', 'RATE', 'all', 'dup_confirmed_mutations'],
  ['dup.pending_mutations_count', 'VOLATILE_NUMBER', 'all', 'dup_pending_mutations'],
  ['cold.backup.running.count', 'NUMBER', 'all', 'backup_running_count'],
  ['cold.backup.recent.start.count', 'VOLATILE_NUMBER', 'all', 'backup_started_count'],
  ['cold.backup.recent.succ.count', 'VOLATILE_NUMBER', 'all', 'backup_successful_count'],
  ['cold.backup.recent.fail.count', 'VOLATILE_NUMBER', 'all', 'backup_failed_count'],
  ['cold.backup.recent.cancel.count', 'VOLATILE_NUMBER', 'all', 'backup_cancelled_count'],
  [
    'cold.backup.recent.upload.file.succ.count',
    'VOLATILE_NUMBER',
    'all',
    'backup_file_upload_successful_count',
  ],
  ['cold.backup.recent.upload.file.fail.count', 'VOLATILE_NUMBER', 'all', 'backup_file_upload_failed_count'],
  ['cold.backup.recent.upload.file.size', 'VOLATILE_NUMBER', 'all', 'backup_file_upload_total_bytes'],
  ['cold.backup.max.duration.time.ms', 'NUMBER', 'largest', 'backup_max_duration_ms'],
  ['cold.backup.max.upload.file.size', 'NUMBER', 'largest', 'backup_file_upload_max_bytes'],
  ['bulk.load.running.count', 'VOLATILE_NUMBER', 'server', 'bulk_load_running_count', '2.4'],
  ['bulk.load.downloading.count', 'VOLATILE_NUMBER', 'all', 'bulk_load_downloading_count', '2.4'],
  ['bulk.load.ingestion.count', 'VOLATILE_NUMBER', 'all', 'bulk_load_ingesting_count', '2.4'],
  ['bulk.load.succeed.count', 'VOLATILE_NUMBER', 'all', 'bulk_load_successful_count', '2.4'],
  ['bulk.load.failed.count', 'VOLATILE_NUMBER', 'all', 'bulk_load_failed_count', '2.4'],
  [
    'bulk.load.download.file.success.count',
    'VOLATILE_NUMBER',
    'all',
    'bulk_load_download_file_successful_count',
    '2.4',
  ],
  [
    'bulk.load.download.file.fail.count',
    'VOLATILE_NUMBER',
    'all',
    'bulk_load_download_file_failed_count',
    '2.4',
  ],
  ['bulk.load.download.file.size', 'VOLATILE_NUMBER', 'all', 'bulk_load_download_file_bytes', '2.4'],
  [
    'bulk.load.max.ingestion.duration.time.ms',
    'NUMBER',
    'server',
    'bulk_load_ingestion_max_duration_ms',
    '2.4',
  ],
  ['bulk.load.max.duration.time.ms', 'NUMBER', 'server', 'bulk_load_max_duration_ms', '2.4'],
  ['replicas.splitting.count', 'NUMBER', 'server', 'splitting_replicas', '2.4'],
  [
    'replicas.splitting.max.duration.time(ms)',
    'NUMBER',
    'server',
    'splitting_replicas_max_duration_ms',
    '2.4',
  ],
  [
    'replicas.splitting.max.async.learn.time(ms)',
    'NUMBER',
    'server',
    'splitting_replicas_async_learn_max_duration_ms',
    '2.4',
  ],
  [
    'replicas.splitting.max.copy.file.size',
    'NUMBER',
    'server',
    'splitting_replicas_max_copy_file_bytes',
    '2.4',
  ],
  ['replicas.splitting.recent.start.count', 'VOLATILE_NUMBER', 'all', 'splitting_started_count', '2.4'],
  ['replicas.splitting.recent.copy.file.count', 'VOLATILE_NUMBER', 'all', 'splitting_copy_file_count', '2.4'],
  ['replicas.splitting.recent.copy.file.size', 'VOLATILE_NUMBER', 'all', 'splitting_copy_file_bytes', '2.4'],
  [
    'replicas.splitting.recent.copy.mutation.count',
    'VOLATILE_NUMBER',
    'all',
    'splitting_copy_mutation_count',
    '2.4',
  ],
  [
    'replicas.splitting.recent.split.succ.count',
    'VOLATILE_NUMBER',
    'all',
    'splitting_successful_count',
    '2.4',
  ],
  ['replicas.splitting.recent.split.fail.count', 'VOLATILE_NUMBER', 'all', 'splitting_failed_count', '2.4'],
];

/** Counters of {@link FEATURE_ROWS}'s section that 2.0.0 has as plain numbers. */
export const NUMBERS_IN_2_0_ROWS: readonly ServerCounterRow[] = [
  ['dup.load_file_failed_count', 'VOLATILE_NUMBER', 'all', 'dup_log_file_load_failed_count'],
  ['dup.load_skipped_bytes_count', 'VOLATILE_NUMBER', 'all', 'dup_log_file_load_skipped_bytes'],
];

/** File transfer and failure detector, full names. */
export const OTHER_ROWS: readonly ServerCounterRow[] = [
  ['replica*eon.nfs_client*recent_copy_data_size', 'VOLATILE_NUMBER', 'server', 'nfs_client_copy_bytes'],
  [
    'replica*eon.nfs_client*recent_copy_fail_count',
    'VOLATILE_NUMBER',
    'server',
    'nfs_client_copy_failed_requests',
  ],
  ['replica*eon.nfs_client*recent_write_data_size', 'VOLATILE_NUMBER', 'server', 'nfs_client_write_bytes'],
  ['replica*eon.nfs_client*recent_write_fail_count', 'VOLATILE_NUMBER', 'server', 'nfs_client_failed_writes'],
  ['replica*eon.nfs_server*recent_copy_data_size', 'VOLATILE_NUMBER', 'server', 'nfs_server_copy_bytes'],
  [
    'replica*eon.nfs_server*recent_copy_fail_count',
    'VOLATILE_NUMBER',
    'server',
    'nfs_server_copy_failed_requests',
  ],
  [
    'replica*eon.failure_detector*recent_beacon_fail_count',
    'VOLATILE_NUMBER',
    'server',
    'beacon_failed_count',
  ],
];
