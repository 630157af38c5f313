import { exposerPortOf } from '../../configuration/server-configs';
import { portRefusal } from '../../ports/check-ports';
import type { NeededPort } from '../../ports/check-ports';
import { findPortOwners } from '../../ports/port-owner';
import type { ProcessTable } from '../../process-table/process-table';
import { serversOf, zookeeperPortOf } from '../../topology';
import { projectName } from '../../zookeeper-provider/docker/docker-provider';
import type { ClusterFacts } from '../cluster-facts';
import type { PortFacts, PortsQuestion } from '../ports-check';
import { quietly } from '../target';
import type { Target } from '../target';
import { containerRuns } from './probe-docker';

/** Tries every port of a cluster, and looks who has those that are taken. */
export async function probePorts(
  target: Target,
  clusters: readonly ClusterFacts[],
  table: ProcessTable,
  environment: NodeJS.ProcessEnv,
): Promise<PortsQuestion> {
  const needed = neededPorts(target);
  const question = { cluster: target.name, exists: target.record !== undefined };
  const own = clusters.find(({ name }) => name === target.name);
  // A start that is under way could find the port taken by this very attempt.
  if (own?.lock?.alive === true) {
    return { ...question, busy: true, ports: needed.map((each) => ({ ...each, ...UNKNOWN })) };
  }
  const refusals = await Promise.all(needed.map(portRefusal));
  const taken = needed.filter((_each, i) => refusals[i] === 'EADDRINUSE').map(({ port }) => port);
  const owners = taken.length === 0 ? new Map<number, never>() : findPortOwners(taken, table);
  const inContainer = await zookeeperInContainer(target, taken, environment);
  const ports = needed.map((each, i): PortFacts => {
    const owner = owners.get(each.port);
    const isContainers = inContainer && each.instance === 'zookeeper';
    const belongsTo = isContainers
      ? { cluster: target.name, instance: 'zookeeper' }
      : owner === undefined
        ? undefined
        : ownerIn(clusters, owner.pid);
    return { ...each, refusal: refusals[i], owner, belongsTo };
  });
  return { ...question, busy: false, ports };
}

const UNKNOWN = { refusal: undefined, owner: undefined, belongsTo: undefined };

function neededPorts({ shape, record }: Target): readonly NeededPort[] {
  const { bind } = shape;
  const servers = serversOf(shape).flatMap((server) => {
    const exposer =
      record === undefined
        ? undefined
        : quietly(() => exposerPortOf({ ...record, portOffset: shape.portOffset }, server));
    const ports = [server.port, exposer].filter((port) => port !== undefined);
    return ports.map((port) => ({ instance: server.name, bind, port }));
  });
  if (record?.zookeeper.kind === 'external') return servers;
  return [{ instance: 'zookeeper', bind: '127.0.0.1', port: zookeeperPortOf(shape) }, ...servers];
}

function ownerIn(clusters: readonly ClusterFacts[], pid: number): PortFacts['belongsTo'] {
  for (const { name, processes } of clusters) {
    const found = processes.find((each) => each.alive && each.pid === pid);
    if (found !== undefined) return { cluster: name, instance: found.name };
  }
  return undefined;
}

/** The port of a container belongs to Docker's proxy, which runs as root. */
async function zookeeperInContainer(
  { record, name, directory, shape }: Target,
  taken: readonly number[],
  environment: NodeJS.ProcessEnv,
): Promise<boolean> {
  if (record?.zookeeper.kind !== 'docker' || !taken.includes(zookeeperPortOf(shape))) return false;
  return containerRuns(projectName({ clusterName: name, directory: `${directory}/zookeeper` }), environment);
}
