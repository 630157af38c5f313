import {
  counter,
  EVERY_ROLE,
  gauge,
  META,
  META_AND_REPLICA,
  metricsOf,
  percentile,
  REPLICA,
} from '../metric-definition';

const OF_META_AND_REPLICA_SERVERS = metricsOf('server', META_AND_REPLICA, 'always', {
  beacon_failed_count: counter(
    'Beacons',
    'state',
    'failed failure-detector beacons this process sent to its master',
  ),
  virtual_mem_usage_mb: gauge('MegaBytes', 'process', 'process virtual memory, in MB'),
  resident_mem_usage_mb: gauge('MegaBytes', 'process', 'process resident memory, in MB'),
});

const OF_META_SERVERS = metricsOf('server', META, 'always', {
  replica_server_disconnections: counter(
    'Disconnections',
    'state',
    'replica servers declared dead, cumulative',
  ),
  unalive_replica_servers: gauge('Servers', 'state', 'replica servers currently in the dead set'),
  alive_replica_servers: gauge('Servers', 'state', 'replica servers currently in the alive set'),
});

const OF_REPLICA_SERVERS = metricsOf('server', REPLICA, 'always', {
  nfs_client_copy_bytes: counter('Bytes', 'zero', 'bytes fetched from other servers by file copy'),
  nfs_client_copy_failed_requests: counter('Requests', 'zero', 'failed outgoing copy requests'),
  nfs_client_write_bytes: counter('Bytes', 'zero', 'copied bytes written locally'),
  nfs_client_failed_writes: counter('Writes', 'zero', 'failed local writes of copied data'),
  nfs_server_copy_bytes: counter('Bytes', 'zero', 'bytes read locally to serve other servers'),
  nfs_server_copy_failed_requests: counter(
    'Requests',
    'zero',
    'served copy requests that could not read the local file',
  ),
  total_replicas: gauge('Replicas', 'state', 'replicas held open by this server'),
  opening_replicas: gauge('Replicas', 'state', 'replicas being opened'),
  closing_replicas: gauge('Replicas', 'state', 'replicas being closed'),
  inactive_replicas: gauge('Replicas', 'state', 'replicas whose partition status is PS_INACTIVE'),
  error_replicas: gauge('Replicas', 'state', 'replicas whose partition status is PS_ERROR'),
  primary_replicas: gauge('Replicas', 'state', 'replicas whose partition status is PS_PRIMARY'),
  secondary_replicas: gauge('Replicas', 'state', 'replicas whose partition status is PS_SECONDARY'),
  learning_replicas: gauge('Replicas', 'state', 'replicas whose partition status is PS_POTENTIAL_SECONDARY'),
  learning_replicas_max_duration_ms: gauge('MilliSeconds', 'state', 'longest-running current learn'),
  learning_replicas_max_copy_file_bytes: gauge(
    'Bytes',
    'state',
    'largest file volume copied by a current learn',
  ),
  moved_error_replicas: counter('Replicas', 'state', 'replica directories renamed to *.err'),
  moved_garbage_replicas: counter('Replicas', 'state', 'replica directories renamed to *.gar'),
  replica_removed_dirs: counter('Dirs', 'state', 'replica directories deleted by the disk cleaner'),
  replica_error_dirs: gauge('Dirs', 'state', '*.err directories now on disk'),
  replica_garbage_dirs: gauge('Dirs', 'state', '*.gar directories now on disk'),
  replica_tmp_dirs: gauge('Dirs', 'state', '*.tmp disk-migration directories now on disk'),
  replica_origin_dirs: gauge('Dirs', 'state', '*.ori disk-migration directories now on disk'),
  read_failed_requests: counter('Requests', 'traffic', 'reads answered with an error other than ERR_BUSY'),
  write_failed_requests: counter('Requests', 'traffic', 'writes answered with an error other than ERR_BUSY'),
  read_busy_requests: counter('Requests', 'traffic', 'reads answered ERR_BUSY'),
  write_busy_requests: counter('Requests', 'traffic', 'writes answered ERR_BUSY'),
  bulk_load_running_count: gauge('BulkLoads', 'state', 'primary/secondary replicas with an active bulk load'),
  bulk_load_ingestion_max_duration_ms: gauge('MilliSeconds', 'state', 'longest current ingestion'),
  bulk_load_max_duration_ms: gauge('MilliSeconds', 'state', 'longest current bulk load'),
  splitting_replicas: gauge('Replicas', 'state', 'replicas whose partition status is PS_PARTITION_SPLIT'),
  splitting_replicas_max_duration_ms: gauge('MilliSeconds', 'state', 'longest current split'),
  splitting_replicas_async_learn_max_duration_ms: gauge(
    'MilliSeconds',
    'state',
    'longest async-learn phase of a current split',
  ),
  splitting_replicas_max_copy_file_bytes: gauge(
    'Bytes',
    'state',
    'largest file volume copied by a current split',
  ),
});

const OF_BUILDS_WITH_GPERF = metricsOf('server', REPLICA, 'build:gperf', {
  tcmalloc_released_bytes: counter('Bytes', 'process', 'memory handed back to the OS by tcmalloc'),
});

const OF_RESOLVERS = metricsOf('server', EVERY_ROLE, 'first-resolve', {
  dns_resolver_cache_size: gauge('Keys', 'process', 'entries in the host:port-to-address cache'),
  dns_resolver_resolve_duration_ns: percentile(
    'NanoSeconds',
    'process',
    'time to resolve a host:port, cached or not',
  ),
  dns_resolver_resolve_by_dns_duration_ns: percentile(
    'NanoSeconds',
    'process',
    'time of real DNS look-ups only',
  ),
});

const OF_EVERY_SERVER = metricsOf('server', EVERY_ROLE, 'always', {
  network_server_sessions: gauge(
    'Sessions',
    'process',
    'inbound connections currently open on the RPC/HTTP port',
  ),
});

const OF_SERVERS_WITH_REPLICAS = metricsOf('server', REPLICA, 'first-replica', {
  rdb_block_cache_mem_usage_bytes: gauge('Bytes', 'process', 'bytes held by the shared block cache'),
  rdb_wbm_total_mem_usage_bytes: gauge('Bytes', 'zero', 'bytes accounted by the write buffer manager'),
  rdb_wbm_mutable_mem_usage_bytes: gauge('Bytes', 'zero', 'part of the above held by mutable memtables'),
  rdb_write_rate_limiter_through_bytes_per_sec: gauge(
    'BytesPerSec',
    'zero',
    'flush/compaction write rate through the limiter',
  ),
});

const OF_DISKS = metricsOf('disk', REPLICA, 'always', {
  disk_capacity_total_mb: gauge('MegaBytes', 'state', 'size of the file system under this data dir'),
  disk_capacity_avail_mb: gauge('MegaBytes', 'state', 'free space of that file system'),
});

/** Metrics of a whole server process, and of its disks (reference/metrics-catalog.json). */
export const SERVER_METRICS = {
  ...OF_META_AND_REPLICA_SERVERS,
  ...OF_META_SERVERS,
  ...OF_REPLICA_SERVERS,
  ...OF_BUILDS_WITH_GPERF,
  ...OF_RESOLVERS,
  ...OF_EVERY_SERVER,
  ...OF_SERVERS_WITH_REPLICAS,
  ...OF_DISKS,
};
