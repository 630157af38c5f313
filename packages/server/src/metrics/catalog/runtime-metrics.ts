import { counter, EVERY_ROLE, gauge, metricsOf, percentile, REPLICA } from '../metric-definition';

const OF_QUEUES = metricsOf('queue', EVERY_ROLE, 'always', {
  queue_length: gauge('Tasks', 'process', 'tasks waiting in this queue'),
  queue_delayed_tasks: counter('Tasks', 'zero', 'requests delayed by queue throttling'),
  queue_rejected_tasks: counter('Tasks', 'zero', 'requests refused (ERR_BUSY) by queue throttling'),
});

const OF_CONNECTIONS = metricsOf('connection', EVERY_ROLE, 'client-conn', {
  network_client_sessions: gauge('Sessions', 'process', 'outgoing connections to this remote address'),
});

const OF_PROFILED_TASKS = metricsOf('profiler', EVERY_ROLE, 'profiled-task', {
  profiler_queued_tasks: gauge('Tasks', 'process', 'tasks of this code waiting in queues'),
  profiler_queue_latency_ns: percentile('NanoSeconds', 'traffic', 'queueing time of this task code'),
  profiler_execute_latency_ns: percentile('NanoSeconds', 'traffic', 'execution time of this task code'),
  profiler_executed_tasks: counter('Tasks', 'traffic', 'tasks of this code executed'),
  profiler_cancelled_tasks: counter('Tasks', 'zero', 'tasks of this code cancelled'),
});

const OF_PROFILED_REQUESTS = metricsOf('profiler', EVERY_ROLE, 'profiled-task:rpc-request', {
  profiler_server_rpc_latency_ns: percentile(
    'NanoSeconds',
    'traffic',
    'server-side time from enqueue to reply',
  ),
  profiler_server_rpc_request_bytes: percentile('Bytes', 'traffic', 'request body size'),
  profiler_server_rpc_response_bytes: percentile('Bytes', 'traffic', 'response body size'),
  profiler_dropped_timeout_rpcs: counter(
    'Tasks',
    'zero',
    'requests dropped unexecuted because already timed out',
  ),
});

const OF_PROFILED_RESPONSES = metricsOf('profiler', EVERY_ROLE, 'profiled-task:rpc-response', {
  profiler_client_rpc_latency_ns: percentile(
    'NanoSeconds',
    'traffic',
    'caller-side round trip of answered RPCs',
  ),
  profiler_client_timeout_rpcs: counter('Tasks', 'zero', 'caller-side RPC timeouts'),
});

const OF_PROFILED_AIO = metricsOf('profiler', EVERY_ROLE, 'profiled-task:aio', {
  profiler_aio_latency_ns: percentile('NanoSeconds', 'zero', 'whole duration of an AIO task'),
});

const OF_LATENCY_TRACERS = metricsOf('latency_tracer', REPLICA, 'config', {
  latency_tracer_duration_ns: percentile('NanoSeconds', 'zero', 'time between two traced points'),
});

/** Metrics of what runs a server: queues, connections, task codes (reference/metrics-catalog.json). */
export const RUNTIME_METRICS = {
  ...OF_QUEUES,
  ...OF_CONNECTIONS,
  ...OF_PROFILED_TASKS,
  ...OF_PROFILED_REQUESTS,
  ...OF_PROFILED_RESPONSES,
  ...OF_PROFILED_AIO,
  ...OF_LATENCY_TRACERS,
};
