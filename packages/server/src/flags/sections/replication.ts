import { bool, inSection, int32, string, uint32, uint64 } from '../flag-definition';
import { atLeast, positive, within } from '../rule';

/** Flags of section `[replication]`. */
export const REPLICATION_FLAGS = inSection('replication', {
  abnormal_write_trace_latency_threshold: uint64(1000000000, 'replica', { mutable: true }),
  batch_write_disabled: bool(false, 'replica'),
  checkpoint_disabled: bool(false, 'replica', { summary: 'turns checkpointing off' }),
  checkpoint_interval_seconds: int32(100, 'replica', { summary: 'period of checkpoint checks' }),
  checkpoint_max_interval_hours: int32(2, 'replica', { summary: 'upper bound between two checkpoints' }),
  cluster_name: string('', 'common', {
    summary: 'name of this cluster; also the "cluster" field of /metrics',
  }),
  cold_backup_checkpoint_reserve_minutes: int32(10, 'common', {
    summary: 'how long a backup checkpoint is kept locally',
  }),
  cold_backup_root: string('', 'common', { summary: 'remote root directory for cold backup' }),
  config_sync_disabled: bool(false, 'replica', { summary: 'turns the configuration sync off' }),
  config_sync_interval_ms: uint32(30000, 'replica', {
    mutable: true,
    rule: positive,
    summary: 'period of the replica-to-meta configuration sync',
  }),
  data_dirs: string('', 'common'),
  data_dirs_black_list_file: string('/home/work/.pegasus_data_dirs_black_list', 'common'),
  delay_for_fd_timeout_on_start: bool(false, 'replica', {
    summary: 'replica start waits for its old session to be declared dead',
  }),
  deny_client_on_start: bool(false, 'replica', {
    summary: 'replica refuses client requests right after start',
  }),
  disk_min_available_space_ratio: int32(10, 'common', {
    mutable: true,
    summary: 'free space percentage below which a disk counts as full',
  }),
  disk_stat_disabled: bool(false, 'replica', { summary: 'turns disk statistics off' }),
  disk_stat_interval_seconds: int32(600, 'replica', { summary: 'period of disk statistics' }),
  dup_cluster_name: string('', 'common', { summary: 'alternative cluster name used only for duplication' }),
  dup_ignore_other_cluster_ids: bool(false, 'common', {
    summary: 'accept writes from clusters with unknown ids',
  }),
  dup_load_plog_task: string('LPC_REPLICATION_LONG_LOW', 'replica', {
    mutable: true,
    summary: 'task code used to load private logs for duplication',
  }),
  dup_max_allowed_write_size: uint64(1048576, 'replica', {
    mutable: true,
    summary: 'largest single duplicated write',
  }),
  dup_no_mutation_load_delay_ms: uint64(100, 'replica', {
    mutable: true,
    summary: 'pause when there is nothing to load from the private log',
  }),
  dup_progress_min_report_period_ms: uint64(300000, 'meta', {
    summary: 'minimum time between progress log lines',
  }),
  dup_progress_min_update_period_ms: uint64(5000, 'meta', {
    summary: 'minimum time between stored progress updates per partition',
  }),
  duplicate_log_batch_bytes: uint32(4096, 'common', {
    mutable: true,
    summary: 'batch size when shipping mutations to the follower',
  }),
  duplication_enabled: bool(true, 'common', {
    summary: 'master switch of duplication; when false the duplication endpoints answer 404',
  }),
  duplication_sync_period_second: uint64(10, 'replica', {
    summary: 'period of the replica-to-meta duplication sync',
  }),
  empty_write_disabled: bool(false, 'common', {
    mutable: true,
    summary: 'turns off the periodic empty writes of primaries',
  }),
  enable_direct_io: bool(false, 'common', { mutable: true }),
  enable_latency_tracer: bool(false, 'common', { mutable: true }),
  enable_latency_tracer_report: bool(false, 'common', { mutable: true }),
  fd_beacon_interval_seconds: int32(3, 'common', {
    summary: 'failure detector: period between beacons from replica to meta',
  }),
  fd_check_interval_seconds: int32(2, 'common', {
    summary: 'failure detector: period of the liveness check',
  }),
  fd_disabled: bool(false, 'replica', { summary: 'disables the failure detector on the replica side' }),
  fd_grace_seconds: int32(22, 'common', {
    summary:
      'failure detector: meta declares a replica dead after this long without beacons; must exceed the lease',
  }),
  fd_lease_seconds: int32(20, 'common', {
    summary: 'failure detector: a replica considers itself disconnected after this long without beacon acks',
  }),
  gc_disk_error_replica_interval_seconds: uint64(604800, 'replica', {
    mutable: true,
    summary: 'age before an error replica directory is removed',
  }),
  gc_disk_garbage_replica_interval_seconds: uint64(86400, 'replica', {
    mutable: true,
    summary: 'age before a garbage replica directory is removed',
  }),
  gc_disk_migration_origin_replica_interval_seconds: uint64(604800, 'replica', {
    mutable: true,
    summary: 'age before a migrated-away directory is removed',
  }),
  gc_disk_migration_tmp_replica_interval_seconds: uint64(86400, 'replica', {
    mutable: true,
    summary: 'age before a temporary migration directory is removed',
  }),
  gc_interval_ms: int32(30000, 'common', { summary: 'period of garbage collection on the replica' }),
  gc_memory_replica_interval_ms: int32(600000, 'replica', {
    summary: 'how long a closed replica stays in memory',
  }),
  group_check_disabled: bool(false, 'replica', { summary: 'turns group checks off' }),
  group_check_interval_ms: int32(100000, 'replica', {
    summary: 'period of primary-to-secondary group checks',
  }),
  hdfs_read_batch_size_bytes: uint64(67108864, 'common', { mutable: true }),
  hdfs_read_limit_rate_mb_per_sec: uint32(200, 'common', { mutable: true }),
  hdfs_write_batch_size_bytes: uint64(67108864, 'common', { mutable: true }),
  hdfs_write_limit_rate_mb_per_sec: uint32(200, 'common', { mutable: true }),
  ignore_broken_disk: bool(true, 'common'),
  lb_interval_ms: int32(10000, 'meta', { summary: 'period of the balancing and repair scan' }),
  learn_app_max_concurrent_count: int32(5, 'replica', { summary: 'concurrent learning replicas per server' }),
  load_replica_max_wait_time_ms: uint64(10, 'replica', { mutable: true, rule: positive }),
  log_private_file_size_mb: int32(32, 'replica'),
  log_private_reserve_max_size_mb: int32(1000, 'replica'),
  log_private_reserve_max_time_seconds: int32(36000, 'replica'),
  max_allowed_write_size: uint64(1048576, 'replica', { summary: 'largest accepted write request in bytes' }),
  max_concurrent_bulk_load_downloading_count: int32(5, 'replica', {
    rule: atLeast(0),
    summary: 'downloading replicas allowed per replica server',
  }),
  max_concurrent_manual_emergency_checkpointing_count: uint32(10, 'replica', { mutable: true }),
  max_concurrent_uploading_file_count: uint64(10, 'replica', {
    summary: 'files uploaded in parallel by a backup',
  }),
  max_mutation_count_in_prepare_list: int32(110, 'replica', { summary: 'capacity of the prepare list' }),
  max_replicas_on_load_for_each_disk: uint64(256, 'replica', { mutable: true, rule: positive }),
  mem_release_check_interval_ms: int32(3600000, 'replica'),
  mem_release_enabled: bool(true, 'replica'),
  mem_release_max_reserved_mem_percentage: int32(10, 'replica', { rule: within(1, 100) }),
  mutation_2pc_min_replica_count: int32(2, 'common', {
    summary: 'minimum replicas required to accept a write',
  }),
  plog_force_flush: bool(false, 'replica'),
  plog_gc_enabled: bool(true, 'replica'),
  prepare_decree_gap_for_debug_logging: int32(10000, 'replica'),
  prepare_timeout_ms_for_potential_secondaries: int32(5000, 'replica'),
  prepare_timeout_ms_for_secondaries: int32(3000, 'replica'),
  reject_write_when_disk_insufficient: bool(true, 'replica', {
    mutable: true,
    summary: 'reject writes on a full disk',
  }),
  replicas_stat_disabled: bool(false, 'replica', { summary: 'turns replica statistics off' }),
  replicas_stat_interval_ms: uint32(30000, 'replica', {
    mutable: true,
    rule: positive,
    summary: 'period of per-replica statistics',
  }),
  row_lock_map_capacity: uint64(1024, 'replica', { mutable: true }),
  slog_dir: string('', 'common'),
  staleness_for_commit: int32(20, 'replica', {
    summary: 'how many uncommitted prepares a replica group allows',
  }),
  trigger_checkpoint_retry_interval_ms: uint32(100, 'replica'),
  verbose_client_log_on_start: bool(false, 'replica'),
  verbose_commit_log_on_start: bool(false, 'replica'),
});
