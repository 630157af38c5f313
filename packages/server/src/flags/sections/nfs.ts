import { inSection, int32, int64, uint32 } from '../flag-definition';

/** Flags of section `[nfs]`. */
export const NFS_FLAGS = inSection('nfs', {
  file_close_expire_time_ms: int32(
    60000,
    'replica',
    'How long a file opened for another server may go unread before it is closed, in milliseconds.',
  ),
  file_close_timer_interval_ms_on_server: int32(
    30000,
    'replica',
    'Period in which files that nobody reads any more are looked for and closed, in milliseconds.',
  ),
  high_priority_speed_rate: int32(
    2,
    'replica',
    'How many copy requests of high priority are served for each one of low priority.',
  ),
  max_buffered_local_writes: int32(
    500,
    'replica',
    'Most copied blocks that may wait in memory to be written to disk.',
  ),
  max_concurrent_local_writes: int32(
    50,
    'replica',
    'Most copied blocks that are written to disk at the same time.',
  ),
  max_concurrent_remote_copy_requests: int32(
    50,
    'replica',
    'Most blocks that are asked for from other servers at the same time.',
  ),
  max_copy_rate_megabytes_per_disk: int64(
    0,
    'replica',
    'Most data copied to one disk, in megabytes a second; 0 is no limit, otherwise more than one copy block.',
    { mutable: true },
  ),
  max_file_copy_request_count_per_file: int32(
    2,
    'replica',
    'Most blocks of one file that are asked for at the same time.',
  ),
  max_retry_count_per_copy_request: int32(
    2,
    'replica',
    'How many times a failed request for a block is repeated before the copy fails.',
  ),
  max_send_rate_megabytes_per_disk: int64(
    0,
    'replica',
    'Most data read from one disk for other servers, in megabytes a second; 0 is no limit.',
    { mutable: true },
  ),
  nfs_copy_block_bytes: uint32(
    4194304,
    'replica',
    'Size of the blocks in which files are copied between servers, in bytes.',
  ),
  rpc_timeout_ms: int32(
    100000,
    'replica',
    'How long a request for a block of a file may take, in milliseconds.',
  ),
});
