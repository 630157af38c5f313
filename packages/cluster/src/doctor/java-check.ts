import type { JavaInstallation } from '../zookeeper-provider/java-installation';
import { findingsOf } from './finding';
import type { Finding } from './finding';
import { installCommand } from './machine-tools';
import type { MachineTools } from './machine-tools';

const say = findingsOf('java');

/** The Java that Apache ZooKeeper would run on. @param needed a cluster was created with this machine's ZooKeeper */
export function checkJava(
  found: JavaInstallation | { readonly why: string },
  { tools, needed, mentioned }: { tools: MachineTools; needed: boolean; mentioned: boolean },
): readonly Finding[] {
  if (!('why' in found)) {
    return [say.ok(`Java ${found.version} (${found.command})`, { data: { ...found } })];
  }
  const data = { why: found.why };
  if (needed) {
    const advice = 'The cluster was created with the ZooKeeper of this machine.';
    return [say.problem(found.why, { advice, fix: installCommand('java', tools), data })];
  }
  // Somebody set JAVA_HOME, or has a Java that is too old: that was meant.
  if (mentioned) return [say.warning(found.why, { fix: installCommand('java', tools), data })];
  return [say.ok(`${found.why}; only Apache ZooKeeper on this machine needs it`, { data })];
}
