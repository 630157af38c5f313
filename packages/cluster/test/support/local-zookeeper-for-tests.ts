import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const JAR_DIRECTORIES = [
  '/usr/share/java',
  '/usr/share/zookeeper/lib',
  '/usr/lib/zookeeper/lib',
  '/opt/zookeeper/lib',
];

/**
 * Why tests cannot run Apache ZooKeeper on this machine; undefined when they can. ONEBOX_TEST_LOCAL_ZOOKEEPER=0 skips them, 1
 * makes them fail where there is none. One line a file says that they are skipped.
 */
function whyNot(env: NodeJS.ProcessEnv): string | undefined {
  if (env['ONEBOX_TEST_LOCAL_ZOOKEEPER'] === '0') return 'ONEBOX_TEST_LOCAL_ZOOKEEPER is 0';
  const programs = [join(env['JAVA_HOME'] ?? '', 'bin'), ...(env['PATH'] ?? '').split(delimiter)];
  const home = env['ZOOKEEPER_HOME'];
  const jars = home ? [home, join(home, 'lib')] : JAR_DIRECTORIES;
  if (!programs.some((directory) => existsSync(join(directory, 'java')))) return 'there is no java';
  if (!jars.some(holdsServer)) return 'Apache ZooKeeper is not on this machine';
  return undefined;
}

function holdsServer(directory: string): boolean {
  try {
    return readdirSync(directory).some((name) => /^zookeeper(-\d[\d.]*)?\.jar$/.test(name));
  } catch {
    return false;
  }
}

const reason = whyNot(process.env);
if (reason !== undefined) {
  if (process.env['ONEBOX_TEST_LOCAL_ZOOKEEPER'] === '1') throw new Error(reason);
  process.stderr.write(`SKIPPED: tests with Apache ZooKeeper, because ${reason}\n`);
}

/** False where the tests that need Apache ZooKeeper on this machine are skipped. */
export const hasLocalZooKeeper = reason === undefined;

/** A `describe` that is skipped, and counted so, where Apache ZooKeeper is not on this machine. */
export const describeWithLocalZooKeeper: typeof describe.skip = hasLocalZooKeeper ? describe : describe.skip;
