import { killNow } from '../supervisor';
import type { InstanceName } from '../topology';
import type { ClusterContext } from './cluster-context';
import { isInstance } from './stop-instances';

/**
 * Ends and deletes a cluster of which nothing is to persist: processes, directory, and what it stored in its ZooKeeper. There is
 * nothing to be saved, so nobody is asked to end politely.
 *
 * @returns what ran
 * @throws OneboxError ONEBOX_CANNOT_STOP; of a ZooKeeper that is not a process: ONEBOX_ZOOKEEPER_UNREACHABLE and others. Then
 * the processes are gone and the directory stays
 */
export async function discardCluster(context: ClusterContext): Promise<readonly InstanceName[]> {
  const { records, zookeeper, servers, state, will } = context;
  const ended = new Set<InstanceName>();
  if (!zookeeper.isProcess && zookeeper.isOurs && (await zookeeper.isRunning())) ended.add('zookeeper');
  for (let live = records.allLive(); live.length > 0; live = records.allLive()) {
    for (const { name } of live) if (isInstance(name)) ended.add(name);
    await killNow(records, live);
    // A daemon that was killed while it started something: until that is in the records, too.
    if (servers.kind === 'pm2') await servers.close();
  }
  await zookeeper.clear();
  state.delete();
  will?.close();
  return [...ended];
}
