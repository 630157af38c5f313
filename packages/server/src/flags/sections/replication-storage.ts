import { bool, inSection, int32, string, uint32, uint64 } from '../flag-definition';
import { positive } from '../rule';

/** Flags of section `[replication]` about what lies on disks and in the block service. */
export const REPLICATION_STORAGE_FLAGS = inSection('replication', {
  checkpoint_disabled: bool(false, 'replica', 'Whether replicas make no checkpoints by themselves.'),
  checkpoint_interval_seconds: int32(
    100,
    'replica',
    'Period in which replicas look whether a checkpoint is due, in seconds.',
  ),
  checkpoint_max_interval_hours: int32(
    2,
    'replica',
    'Longest time between two checkpoints of a replica, in hours.',
  ),
  cold_backup_checkpoint_reserve_minutes: int32(
    10,
    'common',
    'How long a checkpoint made for a backup is kept on the replica server, in minutes.',
  ),
  cold_backup_root: string(
    '',
    'common',
    'Directory of the block service below which backups of this cluster lie.',
  ),
  data_dirs: string(
    '',
    'common',
    "Directories of the replicas, one per disk, as tag:path separated by commas; empty means one in the server's own.",
  ),
  data_dirs_black_list_file: string(
    '/home/work/.pegasus_data_dirs_black_list',
    'common',
    'File that names the data directories which must not be used.',
  ),
  disk_min_available_space_ratio: int32(
    10,
    'common',
    'Free space, in percent, below which a disk counts as full.',
    {
      mutable: true,
    },
  ),
  disk_stat_disabled: bool(
    false,
    'replica',
    'Whether the space of the disks is never looked at after the start.',
  ),
  disk_stat_interval_seconds: int32(
    600,
    'replica',
    'Period in which the space of the disks and old replica directories are looked at, in seconds.',
  ),
  enable_direct_io: bool(
    false,
    'common',
    'Whether files go past the page cache of the system while they are copied to or from the block service.',
    { mutable: true },
  ),
  gc_disk_error_replica_interval_seconds: uint64(
    604800,
    'replica',
    'Age from which the directory of a replica that was closed in error is removed, in seconds.',
    {
      mutable: true,
    },
  ),
  gc_disk_garbage_replica_interval_seconds: uint64(
    86400,
    'replica',
    'Age from which the directory of a replica that nobody needs is removed, in seconds.',
    {
      mutable: true,
    },
  ),
  gc_disk_migration_origin_replica_interval_seconds: uint64(
    604800,
    'replica',
    'Age from which a directory left behind by a disk migration is removed, in seconds.',
    {
      mutable: true,
    },
  ),
  gc_disk_migration_tmp_replica_interval_seconds: uint64(
    86400,
    'replica',
    'Age from which the temporary directory of a disk migration is removed, in seconds.',
    {
      mutable: true,
    },
  ),
  hdfs_read_batch_size_bytes: uint64(
    67108864,
    'common',
    'Size of the pieces in which files are read from HDFS, in bytes.',
    { mutable: true },
  ),
  hdfs_read_limit_rate_mb_per_sec: uint32(200, 'common', 'Most data read from HDFS, in megabytes a second.', {
    mutable: true,
  }),
  hdfs_write_batch_size_bytes: uint64(
    67108864,
    'common',
    'Size of the pieces in which files are written to HDFS, in bytes.',
    { mutable: true },
  ),
  hdfs_write_limit_rate_mb_per_sec: uint32(
    200,
    'common',
    'Most data written to HDFS, in megabytes a second.',
    { mutable: true },
  ),
  ignore_broken_disk: bool(
    true,
    'common',
    'Whether the server starts without the data directories that cannot be read or written.',
  ),
  load_replica_max_wait_time_ms: uint64(
    10,
    'replica',
    'How long the start waits for a replica that is being loaded before it looks at the next one, in milliseconds.',
    { mutable: true, rule: positive },
  ),
  log_private_file_size_mb: int32(
    32,
    'replica',
    'Size at which the private log of a replica begins a new file, in megabytes.',
  ),
  log_private_reserve_max_size_mb: int32(
    1000,
    'replica',
    'Size of private log kept for learners beyond what is needed, in megabytes.',
  ),
  log_private_reserve_max_time_seconds: int32(
    36000,
    'replica',
    'Age of private log kept for learners beyond what is needed, in seconds.',
  ),
  max_concurrent_uploading_file_count: uint64(
    10,
    'replica',
    'Most files of a backup that are uploaded at the same time.',
  ),
  max_replicas_on_load_for_each_disk: uint64(
    256,
    'replica',
    'Most replicas of one disk that are loaded at the same time at the start.',
    { mutable: true, rule: positive },
  ),
  plog_force_flush: bool(false, 'replica', 'Whether private logs are flushed to disk after each write.'),
  plog_gc_enabled: bool(
    true,
    'replica',
    'Whether files of private logs that are no longer needed are removed.',
  ),
  reject_write_when_disk_insufficient: bool(
    true,
    'replica',
    'Whether writes to replicas on a full disk are refused.',
    {
      mutable: true,
    },
  ),
  slog_dir: string(
    '',
    'common',
    "Directory of the shared log that old versions wrote; empty means the server's own.",
  ),
  trigger_checkpoint_retry_interval_ms: uint32(
    100,
    'replica',
    'Pause before a checkpoint on demand is tried again, in milliseconds.',
  ),
});
