import type { ResolverObserver, RpcClientObserver } from '@onebox/protocol';
import type { Config } from '../../config/config';
import type { Role } from '../../process/role';
import type { RpcObserver } from '../../rpc/rpc-observer';
import type { MetricRegistry } from '../metric-registry';
import { ConnectionMetrics } from './connection-metrics';
import { measureMemory } from './process-memory';
import { profiledTasks } from './profiled-tasks';
import { resolverMetrics } from './resolver-metrics';
import { TaskProfiler } from './task-profiler';
import { TaskQueues } from './task-queues';

/** What every server process measures of itself, whatever its role does: memory, connections, queues, tasks, look-ups. */
export interface BuiltInMetrics {
  readonly rpc: RpcObserver;
  readonly rpcClient: RpcClientObserver;
  readonly resolver: ResolverObserver;
}

/** @param remembered how many addresses the resolver remembers */
export function builtInMetrics(
  registry: MetricRegistry,
  {
    config,
    role,
    remembered,
  }: { readonly config: Config; readonly role: Role; readonly remembered: () => number },
): BuiltInMetrics {
  measureMemory(registry);
  const queues = new TaskQueues(registry, role);
  const profiler = new TaskProfiler(registry, profiledTasks(config));
  const connections = new ConnectionMetrics(registry);
  return {
    resolver: resolverMetrics(registry, remembered),
    rpcClient: {
      dialled: (remote) => connections.dialled(remote),
      ended: (ackCode, roundTripMs) => profiler.ended(ackCode, roundTripMs),
    },
    rpc: {
      begun: (request) => {
        const leave = queues.enter(request.code, request.gpid);
        const profile = profiler.begun(request);
        return {
          executed: () => profile?.executed(),
          answered: (bytes) => {
            leave();
            profile?.answered(bytes);
          },
        };
      },
    },
  };
}
