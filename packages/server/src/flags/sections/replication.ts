import { bool, inSection, int32, string, uint32, uint64 } from '../flag-definition';
import { atLeast, positive, within } from '../rule';

/** Flags of section `[replication]` besides those of replication-storage.ts. */
export const REPLICATION_FLAGS = inSection('replication', {
  abnormal_write_trace_latency_threshold: uint64(
    1000000000,
    'replica',
    'A write that takes longer is logged with the times of its steps, in nanoseconds.',
    { mutable: true },
  ),
  batch_write_disabled: bool(
    false,
    'replica',
    'Whether each write is replicated as a mutation of its own instead of together with others.',
  ),
  cluster_name: string(
    '',
    'common',
    'Name of this cluster: the member cluster of /metrics, and its name for duplication.',
  ),
  config_sync_disabled: bool(
    false,
    'replica',
    'Whether the replica server never reports to the leader nor takes configurations from its answers.',
  ),
  config_sync_interval_ms: uint32(
    30000,
    'replica',
    'Period in which a replica server reports its replicas to the leader, in milliseconds.',
    {
      mutable: true,
      rule: positive,
    },
  ),
  delay_for_fd_timeout_on_start: bool(
    false,
    'replica',
    'Whether a starting replica server waits until the leader must have declared its last life dead.',
  ),
  deny_client_on_start: bool(
    false,
    'replica',
    'Whether replicas refuse requests of clients when they are opened.',
  ),
  dup_cluster_name: string(
    '',
    'common',
    'Name of this cluster for duplication only; empty means cluster_name.',
  ),
  dup_ignore_other_cluster_ids: bool(
    false,
    'common',
    'Whether duplicated writes from clusters without a configured id are accepted.',
  ),
  dup_load_plog_task: string(
    'LPC_REPLICATION_LONG_LOW',
    'replica',
    'Task code under which private logs are read for duplication; it decides the thread pool.',
    {
      mutable: true,
    },
  ),
  dup_max_allowed_write_size: uint64(
    1048576,
    'replica',
    'Size above which a single write is not duplicated, in bytes; 0 is no limit.',
    {
      mutable: true,
    },
  ),
  dup_no_mutation_load_delay_ms: uint64(
    100,
    'replica',
    'Pause of a duplication that finds no new mutation in the private log, in milliseconds.',
    {
      mutable: true,
    },
  ),
  dup_progress_min_report_period_ms: uint64(
    300000,
    'meta',
    "Least time between two log lines about the progress of a partition's duplication, in milliseconds.",
  ),
  dup_progress_min_update_period_ms: uint64(
    5000,
    'meta',
    "Least time between two stored progress updates of a partition's duplication, in milliseconds.",
  ),
  duplicate_log_batch_bytes: uint32(
    4096,
    'common',
    'Size of the batches in which mutations are shipped to the other cluster, in bytes; 0 ships each alone.',
    {
      mutable: true,
    },
  ),
  duplication_enabled: bool(
    true,
    'common',
    'Whether tables can be duplicated to other clusters; the duplication calls answer 404 while it is off.',
  ),
  duplication_sync_period_second: uint64(
    10,
    'replica',
    'Period in which a replica server reports the progress of its duplications to the leader, in seconds.',
  ),
  empty_write_disabled: bool(
    false,
    'common',
    'Whether idle primaries make no empty writes; without them decrees stand still.',
    {
      mutable: true,
    },
  ),
  enable_latency_tracer: bool(false, 'common', 'Whether the steps of requests and learns are timed.', {
    mutable: true,
  }),
  enable_latency_tracer_report: bool(
    false,
    'common',
    'Whether the times measured by the latency tracer become metrics.',
    { mutable: true },
  ),
  fd_beacon_interval_seconds: int32(
    3,
    'common',
    'Period in which a replica server sends beacons to the leader, in seconds; shorter than the lease.',
  ),
  fd_check_interval_seconds: int32(
    2,
    'common',
    'Period in which the failure detector looks for servers that were silent too long, in seconds.',
  ),
  fd_disabled: bool(
    false,
    'replica',
    'Whether the replica server sends no beacons; it then never gets a lease.',
  ),
  fd_grace_seconds: int32(
    22,
    'common',
    'Silence after which the leader declares a replica server dead, in seconds; longer than the lease.',
  ),
  fd_lease_seconds: int32(
    20,
    'common',
    'Time without an acknowledged beacon after which a replica server gives up its roles, in seconds.',
  ),
  gc_interval_ms: int32(
    30000,
    'common',
    'Period in which a replica server looks for replicas to close, in milliseconds.',
  ),
  gc_memory_replica_interval_ms: int32(
    600000,
    'replica',
    'How long a replica that is in no configuration stays open, in milliseconds.',
  ),
  group_check_disabled: bool(false, 'replica', 'Whether primaries never check on their secondaries.'),
  group_check_interval_ms: int32(
    100000,
    'replica',
    'Period in which a primary checks on its secondaries, in milliseconds.',
  ),
  lb_interval_ms: int32(
    10000,
    'meta',
    'Period in which the leader repairs partitions and then balances, in milliseconds.',
  ),
  learn_app_max_concurrent_count: int32(
    5,
    'replica',
    'Most replicas of a server that may copy data from their primaries at the same time.',
  ),
  max_allowed_write_size: uint64(
    1048576,
    'replica',
    'Size above which a write is refused, in bytes; 0 is no limit.',
  ),
  max_concurrent_bulk_load_downloading_count: int32(
    5,
    'replica',
    'Most replicas of a server that may download files of a bulk load at the same time.',
    {
      rule: atLeast(0),
    },
  ),
  max_concurrent_manual_emergency_checkpointing_count: uint32(
    10,
    'replica',
    'Most replicas of a server that may make a checkpoint on demand at the same time.',
    { mutable: true },
  ),
  max_mutation_count_in_prepare_list: int32(
    110,
    'replica',
    "Most mutations in a replica's prepare list; not below staleness_for_commit.",
  ),
  mem_release_check_interval_ms: int32(
    3600000,
    'replica',
    'Period in which memory that is free is given back to the system, in milliseconds.',
  ),
  mem_release_enabled: bool(
    true,
    'replica',
    'Whether memory that is free is given back to the system periodically.',
  ),
  mem_release_max_reserved_mem_percentage: int32(
    10,
    'replica',
    'Free memory that may be kept, in percent of the memory in use.',
    { rule: within(1, 100) },
  ),
  mutation_2pc_min_replica_count: int32(2, 'common', 'How many replicas a partition needs to accept writes.'),
  prepare_decree_gap_for_debug_logging: int32(
    10000,
    'replica',
    'Every so many decrees the steps of a mutation are logged; 0 switches that off.',
  ),
  prepare_timeout_ms_for_potential_secondaries: int32(
    5000,
    'replica',
    'How long a learner may take to answer a prepare, in milliseconds.',
  ),
  prepare_timeout_ms_for_secondaries: int32(
    3000,
    'replica',
    'How long a secondary may take to answer a prepare, in milliseconds.',
  ),
  replicas_stat_disabled: bool(
    false,
    'replica',
    'Whether the statistics of the replicas are never computed.',
  ),
  replicas_stat_interval_ms: uint32(
    30000,
    'replica',
    'Period in which the statistics of the replicas are computed, in milliseconds.',
    {
      mutable: true,
      rule: positive,
    },
  ),
  row_lock_map_capacity: uint64(
    1024,
    'replica',
    'How many hash keys a replica remembers to order atomic writes of the same row.',
    { mutable: true },
  ),
  staleness_for_commit: int32(
    20,
    'replica',
    'How many mutations may be prepared beyond the last committed one.',
  ),
  verbose_client_log_on_start: bool(
    false,
    'replica',
    'Whether replicas log every request of a client when they are opened.',
  ),
  verbose_commit_log_on_start: bool(
    false,
    'replica',
    'Whether replicas log every committed mutation when they are opened.',
  ),
});
