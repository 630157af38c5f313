import { bool, double, inSection, int32, int64, string, uint32, uint64 } from '../flag-definition';
import { oneOf, positive, powerOfTwo, primeFrom3, zeroOrPowerOfTwo } from '../rule';

/** Flags of section `[pegasus.server]`. */
export const PEGASUS_SERVER_FLAGS = inSection('pegasus.server', {
  checkpoint_reserve_min_count: uint32(
    2,
    'replica',
    'How many checkpoints of a replica are kept whatever their age is.',
    { mutable: true },
  ),
  checkpoint_reserve_time_seconds: uint32(
    1800,
    'replica',
    'Age from which a checkpoint beyond the minimum count may be removed, in seconds.',
    {
      mutable: true,
    },
  ),
  dup_lagging_write_threshold_ms: int64(
    10000,
    'replica',
    'Delay from which a duplicated write counts as lagging, in milliseconds.',
  ),
  encrypt_data_at_rest: bool(
    false,
    'common',
    'Whether files on disk are encrypted; needs enable_acl and a key server.',
  ),
  encryption_method: string(
    'AES256CTR',
    'common',
    'Cipher used for files on disk while encrypt_data_at_rest is on.',
  ),
  hadoop_kms_url: string(
    '',
    'replica',
    'Addresses of the Hadoop key management server; needed while encrypt_data_at_rest is on.',
  ),
  hot_bucket_variance_threshold: uint32(
    7,
    'replica',
    'Variance from which the coarse step of the hot key detection takes a bucket of keys for hot.',
    {
      mutable: true,
    },
  ),
  hot_key_variance_threshold: uint32(
    5,
    'replica',
    'Variance from which the fine step of the hot key detection takes a key for hot.',
    {
      mutable: true,
    },
  ),
  hotkey_analyse_time_interval_s: int32(
    10,
    'replica',
    'Period in which a running hot key detection looks at what it has counted, in seconds.',
  ),
  hotkey_buckets_num: uint32(
    37,
    'replica',
    'Number of buckets into which the hot key detection sorts keys; a prime number, at least 3.',
    { rule: primeFrom3 },
  ),
  inject_read_error_for_test: int32(
    0,
    'replica',
    'For tests only: the storage error code that every read fails with; 0 lets reads succeed.',
    { mutable: true },
  ),
  inject_write_error_for_test: int32(
    0,
    'replica',
    'For tests only: the storage error code that every write fails with; 0 lets writes succeed.',
    { mutable: true },
  ),
  manual_compact_min_interval_seconds: int32(
    0,
    'replica',
    'Least time between two manual compactions of a replica, in seconds; 0 is no limit.',
  ),
  max_seconds_to_detect_hotkey: uint32(
    150,
    'replica',
    'How long a hot key detection may run before it gives up, in seconds.',
    {
      mutable: true,
    },
  ),
  perf_counter_read_capacity_unit_size: uint64(
    4096,
    'replica',
    'How many bytes read make one read capacity unit; a power of two.',
    {
      rule: powerOfTwo,
    },
  ),
  perf_counter_write_capacity_unit_size: uint64(
    4096,
    'replica',
    'How many bytes written make one write capacity unit; a power of two.',
    {
      rule: powerOfTwo,
    },
  ),
  read_amp_bytes_per_bit: int32(
    0,
    'replica',
    'Resolution of the read amplification statistics of RocksDB, in bytes a bit; 0 switches them off.',
    { rule: zeroOrPowerOfTwo },
  ),
  rocksdb_abnormal_batch_get_bytes_threshold: uint64(
    10000000,
    'replica',
    'A batch_get whose answer is larger than this many bytes is logged as abnormal; 0 switches that off.',
    { mutable: true },
  ),
  rocksdb_abnormal_batch_get_count_threshold: uint64(
    2000,
    'replica',
    'A batch_get that reads more than this many keys is logged as abnormal; 0 switches that off.',
    { mutable: true },
  ),
  rocksdb_abnormal_get_size_threshold: uint64(
    1000000,
    'replica',
    'A get whose key and value are larger than this many bytes is logged as abnormal; 0 switches that off.',
  ),
  rocksdb_abnormal_multi_get_iterate_count_threshold: uint64(
    1000,
    'replica',
    'A multi_get that visits more than this many records is logged as abnormal; 0 switches that off.',
  ),
  rocksdb_abnormal_multi_get_size_threshold: uint64(
    10000000,
    'replica',
    'A multi_get whose answer is larger than this many bytes is logged as abnormal; 0 switches that off.',
  ),
  rocksdb_block_cache_capacity: uint64(
    10737418240,
    'replica',
    'Size of the block cache that all replicas of this server share, in bytes.',
  ),
  rocksdb_block_cache_num_shard_bits: int32(
    -1,
    'replica',
    'The block cache has two to the power of this many shards; -1 lets RocksDB choose.',
  ),
  rocksdb_bloom_filter_bits_per_key: double(
    10,
    'replica',
    'Bits per key of the bloom filters: more bits, fewer useless reads, more memory.',
  ),
  rocksdb_cache_index_and_filter_blocks: bool(
    false,
    'replica',
    'Whether index and filter blocks live in the block cache and count against its size.',
  ),
  rocksdb_cache_index_and_filter_blocks_with_high_priority: bool(
    true,
    'replica',
    'Whether cached index and filter blocks are evicted later than data blocks.',
  ),
  rocksdb_compaction_readahead_size: uint64(
    2097152,
    'replica',
    'How far compactions read ahead in their input files, in bytes.',
  ),
  rocksdb_compression_type: string(
    'lz4',
    'replica',
    'Compression of table files: none, snappy, lz4 or zstd, or a list with one of them per level.',
  ),
  rocksdb_disable_bloom_filter: bool(
    false,
    'replica',
    'Whether table files are written without bloom filters.',
  ),
  rocksdb_disable_table_block_cache: bool(false, 'replica', 'Whether reads of data go past the block cache.'),
  rocksdb_enable_write_buffer_manager: bool(
    false,
    'replica',
    'Whether the memtables of all replicas share one limit, rocksdb_total_size_across_write_buffer.',
  ),
  rocksdb_filter_type: string(
    'prefix',
    'replica',
    'What bloom filters are made of: whole keys (common) or hash keys (prefix).',
    { rule: oneOf('common', 'prefix') },
  ),
  rocksdb_format_version: int32(2, 'replica', 'Format version of new table files: 2 or 5.', {
    rule: oneOf('2', '5'),
  }),
  rocksdb_index_type: string(
    'binary_search',
    'replica',
    'Kind of index in table files, for example binary_search or two_level_index_search.',
  ),
  rocksdb_iteration_threshold_time_ms: uint64(
    30000,
    'replica',
    'How long one request may iterate over records before it answers with what it has, in milliseconds.',
  ),
  rocksdb_keep_log_file_num: uint64(
    32,
    'replica',
    'How many of its info log files RocksDB keeps for each replica.',
  ),
  rocksdb_level0_file_num_compaction_trigger: int32(
    4,
    'replica',
    'Number of files in level 0 that starts a compaction.',
  ),
  rocksdb_level0_slowdown_writes_trigger: int32(
    30,
    'replica',
    'Number of files in level 0 from which writes are slowed down.',
  ),
  rocksdb_level0_stop_writes_trigger: int32(
    60,
    'replica',
    'Number of files in level 0 from which writes stop.',
  ),
  rocksdb_limiter_enable_auto_tune: bool(
    false,
    'replica',
    'Whether the limit of flush and compaction writes adapts itself to the load.',
  ),
  rocksdb_limiter_max_write_megabytes_per_sec: int64(
    500,
    'replica',
    'Most data that flushes and compactions of this server write, in megabytes a second; 0 or less is no limit.',
  ),
  rocksdb_log_file_time_to_roll: uint64(
    86400,
    'replica',
    'Age at which RocksDB begins a new info log file, in seconds.',
  ),
  rocksdb_max_background_compactions: int32(
    12,
    'replica',
    'Most compactions that run at the same time in this server.',
  ),
  rocksdb_max_background_flushes: int32(
    4,
    'replica',
    'Most memtable flushes that run at the same time in this server.',
  ),
  rocksdb_max_bytes_for_level_base: uint64(
    671088640,
    'replica',
    'Size that level 1 may reach before it is compacted, in bytes.',
  ),
  rocksdb_max_bytes_for_level_multiplier: double(
    10,
    'replica',
    'How many times larger each level may be than the one above it.',
  ),
  rocksdb_max_iteration_count: uint32(
    1000,
    'replica',
    'Most records that one request which scans a range may visit.',
  ),
  rocksdb_max_log_file_size: uint64(
    8388608,
    'replica',
    'Size at which RocksDB begins a new info log file, in bytes.',
  ),
  rocksdb_max_open_files: int32(
    -1,
    'replica',
    'Most files that RocksDB keeps open for each replica; -1 is no limit.',
  ),
  rocksdb_max_write_buffer_number: int32(
    3,
    'replica',
    'Most memtables of one replica, the active one included.',
  ),
  rocksdb_metadata_block_size: uint64(
    4096,
    'replica',
    'Size of the blocks of partitioned indexes and filters, in bytes.',
  ),
  rocksdb_multi_get_max_iteration_count: uint32(
    3000,
    'replica',
    'Most records that one multi_get may visit.',
  ),
  rocksdb_multi_get_max_iteration_size: uint64(
    31457280,
    'replica',
    'Most data that one multi_get may visit, in bytes.',
  ),
  rocksdb_num_levels: int32(
    6,
    'replica',
    "Number of levels of each replica's RocksDB; a manual compaction cannot target a deeper one.",
  ),
  rocksdb_partition_filters: bool(
    false,
    'replica',
    'Whether the filters of table files are split into blocks that are loaded one by one.',
  ),
  rocksdb_periodic_compaction_seconds: uint64(
    0,
    'replica',
    'Age from which a table file is compacted again, in seconds; 0 switches that off.',
  ),
  rocksdb_pin_l0_filter_and_index_blocks_in_cache: bool(
    false,
    'replica',
    'Whether index and filter blocks of level 0 are never evicted from the block cache.',
  ),
  rocksdb_pin_top_level_index_and_filter: bool(
    true,
    'replica',
    'Whether the top level of split indexes and filters is never evicted from the block cache.',
  ),
  rocksdb_slow_query_threshold_ns: uint64(
    100000000,
    'replica',
    'A request that takes longer is logged as slow, in nanoseconds; a table env overrides it.',
    {
      rule: positive,
    },
  ),
  rocksdb_target_file_size_base: uint64(
    67108864,
    'replica',
    'Size that table files of level 1 aim at, in bytes.',
  ),
  rocksdb_target_file_size_multiplier: int32(
    1,
    'replica',
    'How many times larger table files of each level are than those of the level above it.',
  ),
  rocksdb_total_size_across_write_buffer: uint64(
    0,
    'replica',
    'Memory that all memtables of this server may use together, in bytes; 0 is no limit.',
  ),
  rocksdb_use_direct_io_for_flush_and_compaction: bool(
    false,
    'replica',
    'Whether flushes and compactions go past the page cache of the system.',
  ),
  rocksdb_use_direct_reads: bool(
    false,
    'replica',
    'Whether reads of table files go past the page cache of the system.',
  ),
  rocksdb_verbose_log: bool(
    false,
    'replica',
    'Whether requests write the keys and sizes they handle to the log.',
  ),
  rocksdb_writable_file_max_buffer_size: uint64(
    1048576,
    'replica',
    'Size of the buffer in front of each file that RocksDB writes, in bytes.',
  ),
  rocksdb_write_buffer_size: uint64(
    67108864,
    'replica',
    'Size at which a memtable is flushed to disk, in bytes; a table env can override it.',
  ),
  rocksdb_write_global_seqno: bool(
    false,
    'replica',
    'Whether the sequence number of an ingested file is written into that file.',
  ),
  server_key: string(
    '0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF',
    'common',
    'Key by which this server encrypts the keys of its files when no key server is used.',
  ),
  stats_dump_period_sec: uint64(
    600,
    'replica',
    'Period in which RocksDB writes its statistics to its info log, in seconds; 0 switches that off.',
  ),
  stats_persist_period_sec: uint64(
    600,
    'replica',
    'Period in which RocksDB stores its statistics, in seconds; 0 switches that off.',
  ),
  update_rdb_stat_interval: int32(
    60,
    'replica',
    'Period in which the RocksDB statistics of the replicas are read into metrics, in seconds.',
  ),
});
