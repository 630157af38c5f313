import { tellCommand } from '../event-log/command-events';
import type { InstanceName } from '../topology';
import type { ClusterContext } from './cluster-context';

/**
 * Does what may end our ZooKeeper, and tells its death as an event. Under pm2 nobody else does: the command that started it, and would
 * hear of its end, ended long ago.
 *
 * @param end gives what it ended
 */
export async function tellingZooKeeperDeath(
  context: ClusterContext,
  how: 'terminate' | 'kill',
  end: () => Promise<readonly InstanceName[]>,
): Promise<readonly InstanceName[]> {
  const { state, records, zookeeper, servers } = context;
  const pid = records.live('zookeeper')?.identity.pid ?? null;
  const ended = await end();
  if (ended.includes('zookeeper') && servers.kind === 'pm2' && (await zookeeper.exit()) === undefined) {
    const signal = how === 'kill' && zookeeper.isProcess ? 'SIGKILL' : null;
    tellCommand(state, 'server-died', { instance: 'zookeeper', pid, code: null, signal });
  }
  return ended;
}
