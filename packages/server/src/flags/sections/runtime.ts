import { bool, double, inSection, int32, string, uint32, uint64 } from '../flag-definition';
import { atLeast, logLevel, positive, positiveAsInt32 } from '../rule';

/** Flags of section `[core]`. */
export const CORE_FLAGS = inSection('core', {
  local_hash: uint32(
    0,
    'common',
    'Number by which two processes recognise that they number their task codes alike; 0 makes them send names.',
  ),
  logging_flush_on_exit: bool(true, 'common', 'Whether the log is flushed when the process ends.'),
  logging_start_level: string(
    'LOG_LEVEL_INFO',
    'common',
    'Lowest level that is logged: LOG_LEVEL_DEBUG, _INFO, _WARNING, _ERROR or _FATAL.',
  ),
  pause_on_start: bool(
    false,
    'common',
    'Whether the process waits for a key at the terminal before it starts.',
  ),
  tcmalloc_release_rate: double(
    1,
    'common',
    'How eagerly the allocator gives free memory back to the system, from 0 (never) to 10.',
  ),
  timer_service_worker_count: uint32(3, 'common', 'Number of threads that run timers; at least 3.', {
    rule: atLeast(3),
  }),
});

/** Flags of section `[network]`. */
export const NETWORK_FLAGS = inSection('network', {
  conn_pool_max_size: uint32(4, 'common', 'Most connections that are kept to one other server.', {
    rule: positive,
  }),
  conn_threshold_per_ip: uint32(
    0,
    'common',
    'Most connections, HTTP included, that one address may have to this server; 0 is no limit.',
  ),
  enable_udp: bool(
    true,
    'common',
    'Whether messages that may get lost, such as beacons, can travel over UDP.',
  ),
  explicit_host_address: string(
    '',
    'common',
    'Address that this server shows for itself instead of the one found out; empty finds it out.',
  ),
  io_service_worker_count: uint32(4, 'common', 'Number of threads that read from and write to sockets.'),
  primary_interface: string(
    '',
    'common',
    'Network interface whose address identifies this server; empty takes the first one of a local network.',
  ),
  socket_recv_buffer_bytes: int32(
    16777216,
    'common',
    'Size of the receive buffer of each socket, in bytes; 0 leaves it to the system.',
  ),
  socket_send_buffer_bytes: int32(
    16777216,
    'common',
    'Size of the send buffer of each socket, in bytes; 0 leaves it to the system.',
  ),
  unknown_message_header_format: string(
    '',
    'common',
    'Format assumed for connections whose first bytes tell none; empty closes them.',
  ),
});

/** Flags of section `[http]`. */
export const HTTP_FLAGS = inSection('http', {
  curl_timeout_ms: uint32(
    10000,
    'common',
    'How long an HTTP request made by this server (to a key server, to Ranger) may take, in milliseconds.',
  ),
  enable_http_server: bool(true, 'common', 'Whether this server answers HTTP on its port.'),
});

/** Flags of section `[metrics]`. */
export const METRICS_FLAGS = inSection('metrics', {
  builtin_metrics_update_interval_ms: uint64(
    10000,
    'common',
    'Period in which the metrics of the process itself are updated, in milliseconds.',
  ),
  entity_retirement_delay_ms: uint64(
    600000,
    'common',
    'How long the metrics of something that is gone are still kept, in milliseconds.',
  ),
});

/** Flags of section `[task..default]`. */
export const TASK_DEFAULT_FLAGS = inSection('task..default', {
  collect_call_count: bool(
    true,
    'common',
    'Whether the calls between pairs of tasks are counted by the profiler.',
  ),
  is_profile: bool(false, 'common', 'Whether tasks are timed and counted by the profiler.'),
  is_trace: bool(false, 'common', 'Whether every step of a task is logged by the tracer.'),
});

/** Flags of section `[threadpool.THREAD_POOL_DEFAULT]`. */
export const THREAD_POOL_DEFAULT_FLAGS = inSection('threadpool.THREAD_POOL_DEFAULT', {
  worker_count: int32(
    0,
    'tool',
    'Number of threads of the default thread pool; 0 leaves the choice to the program.',
    { inServerBinary: false },
  ),
});

/** Flags of section `[components.pegasus_perf_counter_number_percentile_atomic]`. */
export const COMPONENTS_PERF_COUNTER_FLAGS = inSection(
  'components.pegasus_perf_counter_number_percentile_atomic',
  {
    counter_computation_interval_seconds: int32(
      10,
      'common',
      'Period in which the percentiles of the older perf counters are computed, in seconds.',
    ),
  },
);

/** Flags of section `[tools.simple_logger]`. */
export const SIMPLE_LOGGER_FLAGS = inSection('tools.simple_logger', {
  base_name: string('pegasus', 'common', 'Beginning of the names of the log files.'),
  fast_flush: bool(false, 'common', 'Whether each log line is flushed to its file at once.'),
  max_log_file_bytes: uint64(67108864, 'common', 'Size at which a new log file begins, in bytes.', {
    rule: positiveAsInt32,
  }),
  max_number_of_log_files_on_disk: uint64(
    20,
    'common',
    'How many log files are kept; the oldest one is removed.',
    { rule: positiveAsInt32 },
  ),
  short_header: bool(false, 'common', 'Whether log lines leave out the place in the source.'),
  stderr_start_level: string(
    'LOG_LEVEL_WARNING',
    'common',
    'Lowest level that the file logger also prints to the standard error output.',
    { rule: logLevel },
  ),
});

/** Flags of section `[tools.screen_logger]`. */
export const SCREEN_LOGGER_FLAGS = inSection('tools.screen_logger', {
  stderr_start_level_on_stdout: string(
    'LOG_LEVEL_WARNING',
    'common',
    'Lowest level that the screen logger prints to the standard error output instead of the standard output.',
    { rule: logLevel },
  ),
});

/** Flags of section `[tools.simulator]`. */
export const SIMULATOR_FLAGS = inSection('tools.simulator', {
  max_message_delay_microseconds: uint32(
    100000,
    'common',
    'Longest delay that the simulator adds to a message, in microseconds.',
  ),
  min_message_delay_microseconds: uint32(
    1,
    'common',
    'Shortest delay that the simulator adds to a message, in microseconds.',
  ),
  random_seed: int32(
    0,
    'common',
    "Seed of the simulator's random numbers; 0 takes another one for each run.",
  ),
});
