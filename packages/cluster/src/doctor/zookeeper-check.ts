import type { ZooKeeperInstallation } from '../zookeeper-provider/zookeeper-installation';
import { findingsOf } from './finding';
import type { Finding } from './finding';
import { installCommand } from './machine-tools';
import type { MachineTools } from './machine-tools';

const say = findingsOf('zookeeper');

/**
 * Apache ZooKeeper as this machine has it.
 *
 * @param needed a cluster was created with it
 * @param mentioned ZOOKEEPER_HOME is set
 */
export function checkZooKeeper(
  found: ZooKeeperInstallation | { readonly why: string },
  { tools, needed, mentioned }: { tools: MachineTools; needed: boolean; mentioned: boolean },
): readonly Finding[] {
  if (!('why' in found)) {
    const { version, directory } = found;
    return [
      say.ok(`Apache ZooKeeper ${version ?? '(version unknown)'} in ${directory}`, {
        data: { version: version ?? null, directory },
      }),
    ];
  }
  const data = { why: found.why };
  if (needed) {
    const advice = 'The cluster was created with the ZooKeeper of this machine.';
    return [say.problem(found.why, { advice, fix: installCommand('zookeeper', tools), data })];
  }
  if (mentioned) return [say.warning(found.why, { fix: 'unset ZOOKEEPER_HOME', data })];
  return [say.ok(`${found.why}; none is needed`, { data })];
}
