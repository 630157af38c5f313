import type { Flags } from '@onebox/server';

/** What the flags say that a replica server obeys. Durations are Pegasus ms; values of mutable flags change while it runs. */
export interface ReplicaSettings {
  readonly beaconIntervalMs: number;
  readonly checkIntervalMs: number;
  readonly leaseMs: number;
  readonly graceMs: number;
  readonly failureDetectorDisabled: boolean;
  readonly configSyncDisabled: boolean;
  readonly configSyncIntervalMs: number;
  readonly groupCheckDisabled: boolean;
  readonly groupCheckIntervalMs: number;
  readonly emptyWriteDisabled: boolean;
  readonly learnMaxConcurrentCount: number;
  readonly minReplicaCountFor2pc: number;
  readonly prepareTimeoutMs: number;
  readonly prepareTimeoutForLearnersMs: number;
  readonly gcIntervalMs: number;
  readonly gcMemoryReplicaIntervalMs: number;
  readonly gcGarbageReplicaIntervalMs: number;
  readonly gcErrorReplicaIntervalMs: number;
  readonly checkpointDisabled: boolean;
  readonly checkpointIntervalMs: number;
  /** Least time between two manual compactions of a replica; 0 is no limit. */
  readonly manualCompactMinIntervalMs: number;
  /** How many levels a replica's storage has. */
  readonly storageLevels: number;
  readonly diskStatDisabled: boolean;
  readonly diskStatIntervalMs: number;
  readonly diskMinAvailableSpaceRatio: number;
  readonly duplicationEnabled: boolean;
  readonly duplicationSyncPeriodMs: number;
  readonly dupNoMutationLoadDelayMs: number;
  /** Never above `dup_max_allowed_write_size`. */
  readonly duplicateLogBatchBytes: number;
  readonly dupLaggingWriteThresholdMs: number;
  readonly maxAllowedWriteSize: number;
}

/** A view on the flags, never a copy. */
export function settingsOf(flags: Pick<Flags, 'get'>): ReplicaSettings {
  return {
    beaconIntervalMs: flags.get('fd_beacon_interval_seconds') * 1000,
    checkIntervalMs: flags.get('fd_check_interval_seconds') * 1000,
    leaseMs: flags.get('fd_lease_seconds') * 1000,
    graceMs: flags.get('fd_grace_seconds') * 1000,
    failureDetectorDisabled: flags.get('fd_disabled'),
    configSyncDisabled: flags.get('config_sync_disabled'),
    get configSyncIntervalMs() {
      return flags.get('config_sync_interval_ms');
    },
    groupCheckDisabled: flags.get('group_check_disabled'),
    groupCheckIntervalMs: flags.get('group_check_interval_ms'),
    get emptyWriteDisabled() {
      return flags.get('empty_write_disabled');
    },
    learnMaxConcurrentCount: flags.get('learn_app_max_concurrent_count'),
    minReplicaCountFor2pc: flags.get('mutation_2pc_min_replica_count'),
    prepareTimeoutMs: flags.get('prepare_timeout_ms_for_secondaries'),
    prepareTimeoutForLearnersMs: flags.get('prepare_timeout_ms_for_potential_secondaries'),
    gcIntervalMs: flags.get('gc_interval_ms'),
    gcMemoryReplicaIntervalMs: flags.get('gc_memory_replica_interval_ms'),
    get gcGarbageReplicaIntervalMs() {
      return flags.get('gc_disk_garbage_replica_interval_seconds') * 1000;
    },
    get gcErrorReplicaIntervalMs() {
      return flags.get('gc_disk_error_replica_interval_seconds') * 1000;
    },
    checkpointDisabled: flags.get('checkpoint_disabled'),
    checkpointIntervalMs: flags.get('checkpoint_interval_seconds') * 1000,
    manualCompactMinIntervalMs: flags.get('manual_compact_min_interval_seconds') * 1000,
    storageLevels: flags.get('rocksdb_num_levels'),
    diskStatDisabled: flags.get('disk_stat_disabled'),
    diskStatIntervalMs: flags.get('disk_stat_interval_seconds') * 1000,
    get diskMinAvailableSpaceRatio() {
      return flags.get('disk_min_available_space_ratio');
    },
    duplicationEnabled: flags.get('duplication_enabled'),
    duplicationSyncPeriodMs: Number(flags.get('duplication_sync_period_second')) * 1000,
    get dupNoMutationLoadDelayMs() {
      return Number(flags.get('dup_no_mutation_load_delay_ms'));
    },
    get duplicateLogBatchBytes() {
      const largest = Number(flags.get('dup_max_allowed_write_size'));
      const batch = flags.get('duplicate_log_batch_bytes');
      return largest > 0 ? Math.min(batch, largest) : batch;
    },
    dupLaggingWriteThresholdMs: Number(flags.get('dup_lagging_write_threshold_ms')),
    get maxAllowedWriteSize() {
      return Number(flags.get('max_allowed_write_size'));
    },
  };
}
