import { rmSync } from 'node:fs';
import { endFaults, tellingEndOfPauses } from '../faults/end-of-faults';
import { forgetToken } from '../dashboard/dashboard-file';
import { killNow, terminate } from '../supervisor';
import type { LiveProcess } from '../supervisor';
import { PM2_PROCESS } from '../supervisor/pm2/pm2-daemon';
import { parseInstanceName, serversOf } from '../topology';
import type { InstanceName, ServerName } from '../topology';
import type { ClusterContext } from './cluster-context';

/** A server ends within milliseconds of SIGTERM (reference/cluster-behaviour.md 2.4). */
const END_WITHIN_MS = 3000;

/** Servers that run now, also those that no record of a topology names. */
export function liveServers({ records }: Pick<ClusterContext, 'records'>): readonly LiveProcess[] {
  return records.allLive().filter(({ name }) => isInstance(name) && name !== 'zookeeper');
}

/** What runs beside the servers and ends with the cluster: whoever resumes a paused process, the dashboard. */
function liveCompanions({ records }: Pick<ClusterContext, 'records'>): readonly LiveProcess[] {
  return records.allLive().filter(({ name }) => !isInstance(name) && name !== PM2_PROCESS);
}

function forgetCompanions(records: ClusterContext['records']): void {
  for (const { name } of records.all()) if (!isInstance(name) && name !== PM2_PROCESS) records.forget(name);
}

/** Whether a name in the records is that of an instance, not of something beside them. */
export function isInstance(name: string): name is InstanceName {
  return parseInstanceName(name) !== undefined;
}

/**
 * Ends the whole cluster: the servers, then ZooKeeper and pm2's daemon. It goes by the process table and looks again until
 * nothing is left, because a command that was killed may have left pm2's daemon still starting something.
 */
export function stopEverything(context: ClusterContext): Promise<readonly InstanceName[]> {
  return tellingEndOfPauses(context, () => endEverything(context));
}

async function endEverything(context: ClusterContext): Promise<readonly InstanceName[]> {
  const { records, zookeeper, servers, hurry, will } = context;
  const ended = new Set<InstanceName>();
  do {
    const live = liveServers(context);
    for (const { name } of live) ended.add(name as InstanceName);
    await terminate(records, [...liveCompanions(context), ...live], END_WITHIN_MS, hurry);
    const zookeeperRan = zookeeper.isOurs && (await zookeeper.isRunning());
    if (zookeeperRan) ended.add('zookeeper');
    await Promise.all([zookeeperRan ? zookeeper.stop() : undefined, servers.close(), endForeignPm2(context)]);
  } while (records.allLive().length > 0);
  will?.close();
  endFaults(context);
  forgetCompanions(records);
  for (const { name } of serversOf(context.record)) removeSocket(context, name);
  forgetToken(context.state);
  context.state.removeUnfinished();
  return [...ended];
}

/** A cluster that is now run by plain children may have been run by pm2 before, whose daemon a crash left. */
async function endForeignPm2({ records, servers }: ClusterContext): Promise<void> {
  const daemon = records.live(PM2_PROCESS);
  if (servers.kind !== 'pm2' && daemon !== undefined) await killNow(records, [daemon]);
}

/** Ends some instances; pm2's daemon goes with the last server. Gives those that ran. */
export function stopInstances(
  context: ClusterContext,
  names: readonly InstanceName[],
  how: 'terminate' | 'kill',
): Promise<readonly InstanceName[]> {
  return tellingEndOfPauses(context, () => endInstances(context, names, how));
}

async function endInstances(
  context: ClusterContext,
  names: readonly InstanceName[],
  how: 'terminate' | 'kill',
): Promise<readonly InstanceName[]> {
  const { records, zookeeper, hurry } = context;
  const live = liveServers(context).filter(({ name }) => names.includes(name as InstanceName));
  await (how === 'kill' ? killNow(records, live) : terminate(records, live, END_WITHIN_MS, hurry));
  const ended = live.map(({ name }) => name as InstanceName);
  for (const name of ended) removeSocket(context, name as ServerName);
  if (names.includes('zookeeper') && zookeeper.isOurs && (await zookeeper.isRunning())) {
    await (how === 'kill' ? zookeeper.kill() : zookeeper.stop());
    ended.push('zookeeper');
  }
  return ended;
}

/** Ends the supervisor when nothing is left for it to watch over. */
export async function closeIdleSupervisor(context: ClusterContext): Promise<void> {
  if (liveServers(context).length === 0) await context.servers.close();
}

/** A server leaves its control socket behind: like upstream it ends without closing anything. */
function removeSocket({ state }: ClusterContext, name: ServerName): void {
  rmSync(state.controlSocket(name), { force: true });
}
