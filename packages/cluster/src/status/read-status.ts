import type { Node } from '@onebox/base';
import { listedFaults } from '../faults';
import { dashboardProcessOf } from '../dashboard/dashboard-process';
import { dashboardUrlOf } from '../dashboard/serving-dashboard';
import { describeLacking, lackingPartitions } from '../health/health';
import { withLeaderClient } from '../health/leader-client';
import type { LeaderClient, TableView, TableWithPartitions } from '../health/leader-client';
import type { ClusterContext } from '../life/cluster-context';
import { metaServersOf, serversOf } from '../topology';
import type { ClusterHealth, ClusterStatus, InstanceStatus } from './cluster-status';
import { serverStatusOf, zookeeperStatusOf } from './instance-status';

/** Looks at everything once, without changing anything; every question is bounded. */
export async function readStatus(context: ClusterContext): Promise<ClusterStatus> {
  const { record, state } = context;
  const servers = serversOf(record);
  const anyRuns = servers.some(({ name }) => context.records.live(name) !== undefined);
  const seen = anyRuns ? await withLeaderClient(record, seenByLeader) : undefined;
  const faults = listedFaults(context);
  const [instances, zookeeper] = await Promise.all([
    Promise.all(servers.map((server) => serverStatusOf(context, server, seen?.leader, faults))),
    zookeeperStatusOf(context, faults),
  ]);
  const tables = seen?.tables;
  const lacking = (tables ?? []).flatMap(({ name, partitions }) => {
    return lackingPartitions(name, partitions, record.replicas);
  });
  return {
    name: record.name,
    directory: state.path,
    state: runStateOf(instances),
    health: judge(instances, zookeeper, seen?.leader, tables, describeLacking(lacking)),
    leader: seen?.leader ?? null,
    metaServers: metaServersOf(record),
    functionLevel: seen?.functionLevel ?? null,
    pegasusVersion: record.pegasusVersion,
    timeScale: record.timeScale,
    portOffset: record.portOffset,
    zookeeper: { provider: record.zookeeper.provider, hosts: record.zookeeper.hosts, root: record.root },
    instances: [...instances, zookeeper],
    faults,
    dashboard: dashboardUrlOf(state, context.records),
    dashboardProcess: await dashboardProcessOf(context),
    tables: (tables ?? []).map(({ partitions: _partitions, ...view }) => view),
  };
}

async function seenByLeader(client: LeaderClient): Promise<
  | {
      readonly leader: Node;
      readonly functionLevel: string | undefined;
      readonly tables: readonly TableWithPartitions[] | undefined;
    }
  | undefined
> {
  const leader = await client.find();
  if (leader === undefined) return undefined;
  const [functionLevel, tables] = await Promise.all([client.functionLevel(leader), client.tables(leader)]);
  return { leader, functionLevel, tables };
}

function isUp({ state }: InstanceStatus): boolean {
  return state === 'running' || state === 'frozen';
}

export function runStateOf(servers: readonly InstanceStatus[]): ClusterStatus['state'] {
  const up = servers.filter(isUp).length;
  if (up === 0) return 'stopped';
  return up === servers.length ? 'running' : 'partly running';
}

/** The first thing that is wrong, from the ground up: processes, leader, partitions. */
export function judge(
  servers: readonly InstanceStatus[],
  zookeeper: InstanceStatus,
  leader: string | undefined,
  tables: readonly Pick<TableView, 'partitionCount'>[] | undefined,
  lacking: string,
): ClusterHealth {
  const ill = (reason: string): ClusterHealth => ({ healthy: false, reason });
  if (!servers.some(isUp)) return ill('it does not run');
  if (zookeeper.state !== 'external' && !zookeeper.answering) return ill('ZooKeeper does not serve');
  const down = servers.filter((server) => !isUp(server)).map(({ name }) => name);
  const frozen = servers.filter(({ state }) => state === 'frozen').map(({ name }) => name);
  const parts = [
    ...(down.length > 0 ? [`${down.join(', ')} ${down.length === 1 ? 'does' : 'do'} not run`] : []),
    ...(frozen.length > 0 ? [`${frozen.join(', ')} ${frozen.length === 1 ? 'is' : 'are'} frozen`] : []),
    ...(leader === undefined ? ['no meta server leads'] : []),
    ...(leader !== undefined && tables === undefined ? ['the leader is still loading'] : []),
    ...(lacking === '' ? [] : [lacking]),
  ];
  if (parts.length > 0) return ill(parts.join('; '));
  const partitions = (tables ?? []).reduce((sum, { partitionCount }) => sum + partitionCount, 0);
  const named = `${tables?.length ?? 0} table${tables?.length === 1 ? '' : 's'}`;
  return {
    healthy: true,
    reason: `all ${partitions} partitions of ${named} have every replica they can have`,
  };
}
