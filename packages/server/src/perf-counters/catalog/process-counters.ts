import type { MetricEntity } from '../../metrics';
import { of, ofEntity, percentileOfEntity } from '../counter-definition';
import type { CounterDefinition, ServerSubject } from '../counter-definition';

const SINCE_2_4 = { since: '2.4' } as const;

/** What every process has; memory is `replica*` on all roles (reference/metrics.md 4.2, 4.8). */
export const PROCESS_COUNTERS: readonly CounterDefinition<ServerSubject>[] = [
  {
    name: 'replica*server*memused.virt(MB)',
    type: 'NUMBER',
    description: 'virtual memory of the process, MB',
    since: '2.0',
    source: 'level',
    read: (subject) => subject.provided('virtual memory'),
  },
  {
    name: 'replica*server*memused.res(MB)',
    type: 'NUMBER',
    description: 'resident memory of the process, MB',
    since: '2.0',
    source: 'level',
    read: (subject) => subject.provided('resident memory'),
  },
  of(
    ofEntity('server*network*client_session_count', 'NUMBER', 'network_server_sessions', SINCE_2_4),
    (subject: ServerSubject) => subject.server,
  ),
];

/** The counters of a task queue, behind `<role>*engine*<pool>.<index>`. */
export const QUEUE_COUNTERS: readonly CounterDefinition<MetricEntity>[] = [
  ofEntity('.queue.length', 'NUMBER', 'queue_length'),
  ofEntity('.queue.delay_task', 'VOLATILE_NUMBER', 'queue_delayed_tasks', SINCE_2_4),
  ofEntity('.queue.reject_task', 'VOLATILE_NUMBER', 'queue_rejected_tasks', SINCE_2_4),
];

/** The counters of a profiled task, behind `zion*profiler*<task code>`; which of them exist depends on the kind of task. */
export const PROFILER_COUNTERS: readonly CounterDefinition<MetricEntity>[] = [
  ofEntity('.inqueue', 'NUMBER', 'profiler_queued_tasks'),
  percentileOfEntity('.queue(ns)', 'profiler_queue_latency_ns'),
  percentileOfEntity('.exec(ns)', 'profiler_execute_latency_ns'),
  ofEntity('.qps', 'RATE', 'profiler_executed_tasks'),
  ofEntity('.cancelled', 'NUMBER', 'profiler_cancelled_tasks'),
  percentileOfEntity('.latency.server', 'profiler_server_rpc_latency_ns'),
  percentileOfEntity('.size.request.server', 'profiler_server_rpc_request_bytes'),
  percentileOfEntity('.size.response.server', 'profiler_server_rpc_response_bytes'),
  ofEntity('.rpc.dropped', 'VOLATILE_NUMBER', 'profiler_dropped_timeout_rpcs', SINCE_2_4),
  percentileOfEntity('.latency.client(ns)', 'profiler_client_rpc_latency_ns'),
  ofEntity('.timeout.qps', 'RATE', 'profiler_client_timeout_rpcs'),
  percentileOfEntity('.latency(ns)', 'profiler_aio_latency_ns'),
];

/** Task codes that 2.0.0 does not know (4.8). */
export const TASKS_SINCE_2_4: readonly string[] = ['RPC_RRDB_RRDB_BATCH_GET', 'RPC_RRDB_RRDB_BATCH_GET_ACK'];
