import { hinders } from '../event-log/hindering-fault';
import type { ClusterContext } from '../life/cluster-context';
import { serversOf } from '../topology';
import type { InstanceName, ServerInstance } from '../topology';
import { listedFaults } from './cluster-faults';
import type { ListedFault } from './listed-fault';

/** A fault, and the server that does not come up, or is not counted as alive, while it stands. */
export interface Obstacle {
  readonly instance: InstanceName;
  readonly fault: ListedFault;
}

type Place = Pick<ClusterContext, 'record' | 'state' | 'records' | 'table'>;

/** Those of the faults that are in force. */
export function obstaclesOf(context: Place, names: readonly InstanceName[]): readonly Obstacle[] {
  const faults = listedFaults(context);
  return faults.length === 0 ? [] : obstaclesAmong(faults, serversOf(context.record), names);
}

/**
 * What was broken on purpose and keeps servers from coming up: a meta server ends when it gets no ZooKeeper session, a replica server
 * that reaches no meta server is dead to the leader.
 */
export function obstaclesAmong(
  faults: readonly ListedFault[],
  servers: readonly ServerInstance[],
  names: readonly InstanceName[],
): readonly Obstacle[] {
  const metas = servers.filter(({ role }) => role === 'meta').map(({ name }) => name);
  return servers
    .filter(({ name }) => names.includes(name))
    .flatMap(({ name, role }) => {
      const needs = { meta: ['zookeeper'], replica: metas, collector: undefined }[role];
      const inItsWay = faults.filter((fault) => needs !== undefined && keepsFromAll(fault, name, needs));
      return inItsWay.map((fault) => ({ instance: name, fault }));
    });
}

/** Such a fault in words, with its end. */
export function obstacleText({ instance, fault: { id, text } }: Obstacle): string {
  return `${id} stands in the way of ${instance}: ${text}. \`onebox fault clear ${id}\` ends it.`;
}

/** @param needs at least one of these has to be in reach */
function keepsFromAll(fault: ListedFault, name: string, needs: readonly string[]): boolean {
  if (fault.kind === 'pause') return needs.length === 1 && needs[0] === fault.instance;
  return needs.every((each) => hinders(fault, { between: [name, each] }));
}
