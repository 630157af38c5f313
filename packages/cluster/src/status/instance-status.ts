import type { ServerStatus } from '@onebox/server';
import type { ListedFault } from '../faults/listed-fault';
import { askServer, replicaCountsOf } from '../health/server-status';
import { exitOf } from '../life/cluster-context';
import type { ClusterContext } from '../life/cluster-context';
import type { LiveProcess } from '../supervisor';
import type { InstanceName, ServerInstance } from '../topology';
import type { InstanceStatus } from './cluster-status';

type ProcessStatus = Pick<
  InstanceStatus,
  'state' | 'pid' | 'uptimeMs' | 'rssBytes' | 'exitCode' | 'signal' | 'asked'
>;

const UNKNOWN = {
  pid: null,
  uptimeMs: null,
  rssBytes: null,
  exitCode: null,
  signal: null,
  asked: false,
} as const;

export async function serverStatusOf(
  context: ClusterContext,
  server: ServerInstance,
  leaderNode: string | undefined,
  faults: readonly ListedFault[],
): Promise<InstanceStatus> {
  return statusFrom(context, server, leaderNode, faults, await askInstance(context, server));
}

/** What a server that runs says of itself; undefined when it does not answer. */
export async function askInstance(
  { records, state }: ClusterContext,
  { name }: ServerInstance,
): Promise<ServerStatus | undefined> {
  const running = records.live(name)?.facts.state === 'running';
  return running ? askServer(state.controlSocket(name)) : undefined;
}

export async function statusFrom(
  context: ClusterContext,
  server: ServerInstance,
  leaderNode: string | undefined,
  faults: readonly ListedFault[],
  said: ServerStatus | undefined,
): Promise<InstanceStatus> {
  const { name, role, node, port } = server;
  const live = context.records.live(name);
  return {
    name,
    role,
    ...(await processStatus(context, name, live)),
    address: node,
    port,
    leader: node === leaderNode,
    answering: said !== undefined,
    faults: faultsOn(faults, name),
    replicas: (said === undefined ? undefined : replicaCountsOf(said)) ?? null,
    timers: said?.timers ?? null,
  };
}

export async function zookeeperStatusOf(
  context: ClusterContext,
  faults: readonly ListedFault[],
): Promise<InstanceStatus> {
  const { record, records, zookeeper } = context;
  const live = records.live('zookeeper');
  const running = await zookeeper.isRunning();
  const process = zookeeper.isProcess
    ? await processStatus(context, 'zookeeper', live)
    : ({ ...UNKNOWN, state: !zookeeper.isOurs ? 'external' : running ? 'running' : 'stopped' } as const);
  const port = zookeeper.isOurs ? Number(record.zookeeper.hosts.split(':')[1]) : null;
  return {
    name: 'zookeeper',
    role: 'zookeeper',
    ...process,
    address: record.zookeeper.hosts,
    port,
    leader: false,
    answering: zookeeper.isOurs && running && live?.facts.state !== 'frozen' && (await zookeeper.isServing()),
    faults: faultsOn(faults, 'zookeeper'),
    replicas: null,
    timers: null,
  };
}

function faultsOn(faults: readonly ListedFault[], name: InstanceName): readonly string[] {
  return faults.filter(({ instance }) => instance === name).map(({ id }) => id);
}

async function processStatus(
  context: ClusterContext,
  name: InstanceName,
  live: LiveProcess | undefined,
): Promise<ProcessStatus> {
  if (live !== undefined) {
    const { facts, identity } = live;
    return {
      ...UNKNOWN,
      state: facts.state === 'frozen' ? 'frozen' : 'running',
      pid: identity.pid,
      uptimeMs: Math.max(0, Date.now() - facts.startedAtUnixMs),
      rssBytes: facts.rssBytes,
    };
  }
  const exit = await exitOf(context, name);
  const asked = context.records.wasAsked(name);
  return exit === undefined
    ? { ...UNKNOWN, state: 'stopped', asked }
    : { ...UNKNOWN, state: 'exited', exitCode: exit.code, signal: exit.signal, asked };
}
