import { OneboxError } from '@onebox/base';
import { SAMPLE_PARAMETER } from '@onebox/server';
import { writeAtomically } from '../atomic-file';
import { exposerPortOf, serverConfigText } from '../configuration/server-configs';
import { checkPorts } from '../ports/check-ports';
import type { NeededPort } from '../ports/check-ports';
import type { ProcessSpec } from '../supervisor';
import { serversOf, zookeeperPortOf } from '../topology';
import type { InstanceName, ServerInstance } from '../topology';
import type { ClusterContext } from './cluster-context';

/** What is to be started: servers, and our ZooKeeper unless it runs. */
export interface StartPlan {
  readonly servers: readonly ServerInstance[];
  readonly zookeeper: boolean;
}

/** What of the wanted instances does not run. @param only one instance; it brings its ZooKeeper along */
export async function planStart(context: ClusterContext, only?: InstanceName): Promise<StartPlan> {
  const { record, records, zookeeper } = context;
  const wanted = serversOf(record).filter(({ name }) => only === undefined || name === only);
  if (only !== undefined && only !== 'zookeeper' && wanted.length === 0) throw noSuchInstance(context, only);
  return {
    servers: wanted.filter(({ name }) => records.live(name) === undefined),
    zookeeper: zookeeper.isOurs && !(await zookeeper.isRunning()),
  };
}

export function noSuchInstance(
  { record, zookeeper }: Pick<ClusterContext, 'record' | 'zookeeper'>,
  name: string,
): OneboxError {
  const names = [
    ...serversOf(record).map((server): InstanceName => server.name),
    ...(zookeeper.isOurs ? (['zookeeper'] as const) : []),
  ];
  return new OneboxError('ONEBOX_NO_SUCH_INSTANCE', `cluster '${record.name}' has no ${name}`, {
    nextStep: `It has ${names.join(', ')}.`,
    data: { instance: name, names },
  });
}

/** Names of what a plan starts. */
export function plannedNames({ servers, zookeeper }: StartPlan): readonly InstanceName[] {
  return [...(zookeeper ? (['zookeeper'] as const) : []), ...servers.map(({ name }) => name)];
}

/** @throws OneboxError ONEBOX_PORT_IN_USE, ONEBOX_CANNOT_BIND, ONEBOX_PORT_SHARED */
export function checkPlannedPorts({ record, table }: ClusterContext, plan: StartPlan): Promise<void> {
  const needed: NeededPort[] = plan.servers.flatMap((server) => {
    const ports = [server.port, exposerPortOf(record, server)].filter((port) => port !== undefined);
    return ports.map((port) => ({ instance: server.name, bind: record.bind, port }));
  });
  refuseSharedPorts(needed);
  if (plan.zookeeper) {
    needed.unshift({ instance: 'zookeeper', bind: '127.0.0.1', port: zookeeperPortOf(record) });
  }
  return checkPorts(needed, table);
}

/** Two servers cannot have one port: a `prometheus_port` that is the same for all is the way to ask for that. */
function refuseSharedPorts(needed: readonly NeededPort[]): void {
  const owners = new Map<number, InstanceName>();
  for (const { instance, port } of needed) {
    const owner = owners.get(port);
    if (owner !== undefined) {
      throw new OneboxError('ONEBOX_PORT_SHARED', `port ${port} is meant for both ${owner} and ${instance}`, {
        nextStep: 'Leave [pegasus.server] prometheus_port to the template, which gives each server its own.',
        data: { port, instances: [owner, instance] },
      });
    }
    owners.set(port, instance);
  }
}

/**
 * Starts what was planned, all at once: servers wait for ZooKeeper, and for each other, by themselves. What takes time by
 * itself, ZooKeeper and pm2's daemon, is begun first.
 */
export async function startPlanned(
  context: ClusterContext,
  plan: StartPlan,
  signal?: AbortSignal,
): Promise<void> {
  const work = await Promise.allSettled([
    plan.servers.length > 0 ? startServers(context, plan.servers, signal) : undefined,
    plan.zookeeper ? context.zookeeper.start() : undefined,
  ]);
  // First: Ctrl-C also hits what was not yet a session of its own, and that it could not be started is then no news.
  signal?.throwIfAborted();
  for (const result of work) if (result.status === 'rejected') throw result.reason;
}

async function startServers(
  context: ClusterContext,
  servers: readonly ServerInstance[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { state, servers: supervisor, record } = context;
  const ready = supervisor.open();
  // It is awaited below; until then nobody else would see it fail.
  ready.catch(() => undefined);
  for (const server of servers) {
    state.createInstance(server.name);
    writeAtomically(state.configFile(server.name), serverConfigText(record, server));
  }
  await ready;
  signal?.throwIfAborted();
  await supervisor.start(servers.map((server) => serverSpec(context, server)));
}

/** Servers sample their heaps, so that `/pprof/heap` has something to show: one allocation in so many bytes. */
const SAMPLE_BYTES = '65536';

/** glibc gives each thread an arena of memory of its own; what a mostly idle server leaves in them adds up to ten megabytes. */
const FEWER_ARENAS = { MALLOC_ARENA_MAX: '2' };

function serverSpec({ state, installation }: ClusterContext, server: ServerInstance): ProcessSpec {
  const { name, role } = server;
  return {
    name,
    command: process.execPath,
    args: [installation.serverProgram, state.configFile(name), '-app_list', role],
    cwd: state.instance(name),
    env: { [SAMPLE_PARAMETER]: SAMPLE_BYTES, ...FEWER_ARENAS },
    outputFile: state.outputFile(name),
  };
}
