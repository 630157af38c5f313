import type { BegunRequest, RequestWatch } from '../../rpc/rpc-observer';
import type { Counter, Gauge, Percentile } from '../metric-handles';
import type { MetricRegistry } from '../metric-registry';
import type { ProfiledTask } from './profiled-tasks';

const NS_PER_MS = 1e6;

/**
 * The `profiler` entity of one task code. A request waits in a queue from when its bytes were read until its handler begins;
 * it executes until its handler first waits for something. `profiler_queued_tasks` counts the requests that have arrived and
 * are not answered: on one event loop that is what waits.
 */
class TaskProfile {
  private readonly queued: Gauge;
  private readonly executed: Counter;
  private readonly queueLatency: Percentile;
  private readonly executeLatency: Percentile;
  private readonly serverLatency: Percentile | undefined;
  private readonly clientLatency: Percentile | undefined;
  private readonly requestBytes: Percentile | undefined;
  private readonly responseBytes: Percentile | undefined;

  constructor(registry: MetricRegistry, task: ProfiledTask) {
    const entity = registry.entity('profiler', `task@${task.code}`, { task_name: task.code });
    this.queued = entity.gauge('profiler_queued_tasks');
    this.executed = entity.counter('profiler_executed_tasks');
    this.queueLatency = entity.percentile('profiler_queue_latency_ns');
    this.executeLatency = entity.percentile('profiler_execute_latency_ns');
    if (task.kind === 'request') {
      entity.admitMetric('profiler_server_rpc_latency_ns');
      this.serverLatency = entity.percentile('profiler_server_rpc_latency_ns');
      if (task.requestBytes) {
        entity.admitMetric('profiler_server_rpc_request_bytes');
        this.requestBytes = entity.percentile('profiler_server_rpc_request_bytes');
      }
      if (task.responseBytes) {
        entity.admitMetric('profiler_server_rpc_response_bytes');
        this.responseBytes = entity.percentile('profiler_server_rpc_response_bytes');
      }
      if (task.droppedTimeouts) entity.admitMetric('profiler_dropped_timeout_rpcs');
    } else if (task.kind === 'response') {
      entity.admit('profiled-task:rpc-response');
      this.clientLatency = entity.percentile('profiler_client_rpc_latency_ns');
    }
  }

  begun({ arrivedAtMs, bytes }: BegunRequest, nowMs: number): RequestWatch {
    this.queued.add(1);
    this.queueLatency.sample((nowMs - arrivedAtMs) * NS_PER_MS);
    this.requestBytes?.sample(bytes);
    return {
      executed: () => {
        this.executed.add();
        this.executeLatency.sample((performance.now() - nowMs) * NS_PER_MS);
      },
      answered: (answerBytes) => {
        this.queued.add(-1);
        if (answerBytes === undefined) return;
        this.serverLatency?.sample((performance.now() - arrivedAtMs) * NS_PER_MS);
        this.responseBytes?.sample(answerBytes);
      },
    };
  }

  ended(roundTripMs: number | undefined): void {
    this.executed.add();
    if (roundTripMs !== undefined) this.clientLatency?.sample(roundTripMs * NS_PER_MS);
  }
}

/** The `profiler` entities of a process: what it handles, and what it is answered. */
export class TaskProfiler {
  private readonly profiles: ReadonlyMap<string, TaskProfile>;

  constructor(registry: MetricRegistry, tasks: readonly ProfiledTask[]) {
    this.profiles = new Map(tasks.map((task) => [task.code, new TaskProfile(registry, task)]));
  }

  /** Undefined when requests of this code are not profiled. */
  begun(request: BegunRequest): RequestWatch | undefined {
    return this.profiles.get(request.code)?.begun(request, performance.now());
  }

  /** @param roundTripMs real milliseconds; undefined when no answer came */
  ended(ackCode: string, roundTripMs: number | undefined): void {
    this.profiles.get(ackCode)?.ended(roundTripMs);
  }
}
