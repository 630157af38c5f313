import { bool, double, inSection, int32, string, uint32, uint64 } from '../flag-definition';
import { atLeast, logLevel, positive, positiveAsInt32 } from '../rule';

/** Flags of section `[core]`. */
export const CORE_FLAGS = inSection('core', {
  local_hash: uint32(0, 'common'),
  logging_flush_on_exit: bool(true, 'common'),
  logging_start_level: string('LOG_LEVEL_INFO', 'common'),
  pause_on_start: bool(false, 'common'),
  tcmalloc_release_rate: double(1, 'common'),
  timer_service_worker_count: uint32(3, 'common', { rule: atLeast(3) }),
});

/** Flags of section `[network]`. */
export const NETWORK_FLAGS = inSection('network', {
  conn_pool_max_size: uint32(4, 'common', { rule: positive }),
  conn_threshold_per_ip: uint32(0, 'common'),
  enable_udp: bool(true, 'common'),
  explicit_host_address: string('', 'common'),
  io_service_worker_count: uint32(4, 'common'),
  primary_interface: string('', 'common', {
    summary: 'network interface (or host name) whose address identifies the process',
  }),
  socket_recv_buffer_bytes: int32(16777216, 'common'),
  socket_send_buffer_bytes: int32(16777216, 'common'),
  unknown_message_header_format: string('', 'common'),
});

/** Flags of section `[http]`. */
export const HTTP_FLAGS = inSection('http', {
  curl_timeout_ms: uint32(10000, 'common', {
    summary: 'timeout of outgoing HTTP calls made by the server (KMS, Ranger)',
  }),
  enable_http_server: bool(true, 'common', { summary: 'turns the embedded HTTP server on' }),
});

/** Flags of section `[metrics]`. */
export const METRICS_FLAGS = inSection('metrics', {
  builtin_metrics_update_interval_ms: uint64(10000, 'common', { summary: 'period of process level metrics' }),
  entity_retirement_delay_ms: uint64(600000, 'common', {
    summary: 'how long an unused metric entity is kept',
  }),
});

/** Flags of section `[task..default]`. */
export const TASK_DEFAULT_FLAGS = inSection('task..default', {
  collect_call_count: bool(true, 'common'),
  is_profile: bool(false, 'common'),
  is_trace: bool(false, 'common'),
});

/** Flags of section `[threadpool.THREAD_POOL_DEFAULT]`. */
export const THREAD_POOL_DEFAULT_FLAGS = inSection('threadpool.THREAD_POOL_DEFAULT', {
  worker_count: int32(0, 'tool', { inServerBinary: false }),
});

/** Flags of section `[components.pegasus_perf_counter_number_percentile_atomic]`. */
export const COMPONENTS_PERF_COUNTER_FLAGS = inSection(
  'components.pegasus_perf_counter_number_percentile_atomic',
  {
    counter_computation_interval_seconds: int32(10, 'common', {
      summary: 'period of percentile computing for old perf counters',
    }),
  },
);

/** Flags of section `[tools.simple_logger]`. */
export const SIMPLE_LOGGER_FLAGS = inSection('tools.simple_logger', {
  base_name: string('pegasus', 'common'),
  fast_flush: bool(false, 'common'),
  max_log_file_bytes: uint64(67108864, 'common', { rule: positiveAsInt32 }),
  max_number_of_log_files_on_disk: uint64(20, 'common', { rule: positiveAsInt32 }),
  short_header: bool(false, 'common'),
  stderr_start_level: string('LOG_LEVEL_WARNING', 'common', { rule: logLevel }),
});

/** Flags of section `[tools.screen_logger]`. */
export const SCREEN_LOGGER_FLAGS = inSection('tools.screen_logger', {
  stderr_start_level_on_stdout: string('LOG_LEVEL_WARNING', 'common', { rule: logLevel }),
});

/** Flags of section `[tools.simulator]`. */
export const SIMULATOR_FLAGS = inSection('tools.simulator', {
  max_message_delay_microseconds: uint32(100000, 'common'),
  min_message_delay_microseconds: uint32(1, 'common'),
  random_seed: int32(0, 'common'),
});
