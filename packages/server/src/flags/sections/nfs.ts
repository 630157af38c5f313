import { inSection, int32, int64, uint32 } from '../flag-definition';

/** Flags of section `[nfs]`. */
export const NFS_FLAGS = inSection('nfs', {
  file_close_expire_time_ms: int32(60000, 'replica'),
  file_close_timer_interval_ms_on_server: int32(30000, 'replica'),
  high_priority_speed_rate: int32(2, 'replica'),
  max_buffered_local_writes: int32(500, 'replica'),
  max_concurrent_local_writes: int32(50, 'replica'),
  max_concurrent_remote_copy_requests: int32(50, 'replica'),
  max_copy_rate_megabytes_per_disk: int64(0, 'replica', { mutable: true }),
  max_file_copy_request_count_per_file: int32(2, 'replica'),
  max_retry_count_per_copy_request: int32(2, 'replica'),
  max_send_rate_megabytes_per_disk: int64(0, 'replica', { mutable: true }),
  nfs_copy_block_bytes: uint32(4194304, 'replica'),
  rpc_timeout_ms: int32(100000, 'replica'),
});
