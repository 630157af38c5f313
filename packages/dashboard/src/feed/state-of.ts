import type { ClusterStatus, InstanceStatus } from '@onebox/cluster';
import type { DashboardState, ServerEntry } from '../model';

/** What the status alone says. */
export function stateOf(status: ClusterStatus): DashboardState {
  const { name, directory, state, health, functionLevel, pegasusVersion, timeScale, instances } = status;
  return {
    cluster: {
      name,
      directory,
      state,
      ...health,
      leader: instances.find(({ leader }) => leader)?.name ?? null,
      functionLevel,
      pegasusVersion,
      timeScale,
      at: Date.now(),
    },
    zookeeper: { ...status.zookeeper, electionOrder: [] },
    servers: Object.fromEntries(instances.map((each) => [each.name, serverOf(each)])),
    nodes: [],
    tables: {},
    faults: {},
    events: [],
  };
}

function serverOf(instance: InstanceStatus): ServerEntry {
  const { name, role, state, answering, leader, pid, address, port, exitCode, signal, replicas } = instance;
  return {
    ...{ name, role, state, answering, leader, pid, address, port, exitCode, signal },
    alive: null,
    url: role === 'zookeeper' ? null : `http://${address}/`,
    session: null,
    restarts: null,
    rssBytes: instance.rssBytes,
    startedAt: instance.uptimeMs === null ? null : Date.now() - instance.uptimeMs,
    replicas:
      replicas === null
        ? null
        : { primary: replicas.primary, secondary: replicas.secondary, total: replicas.total },
    faults: [],
  };
}
