import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Where packages put ZooKeeper's jars: Debian and Ubuntu, RPMs and archives, Homebrew on either processor. */
const DISTRIBUTION_DIRECTORIES = [
  '/usr/share/java',
  '/usr/share/zookeeper/lib',
  '/usr/lib/zookeeper/lib',
  '/opt/zookeeper/lib',
  '/opt/homebrew/opt/zookeeper/libexec/lib',
  '/usr/local/opt/zookeeper/libexec/lib',
];

/** More jars than any ZooKeeper comes with: the directory is shared with other packages. */
const SHARED_FROM = 100;

/** What a single server loads, with a logger that writes to standard error. */
const NEEDED = new Set([
  'zookeeper.jar',
  'zookeeper-jute.jar',
  'slf4j-api.jar',
  'slf4j-simple.jar',
  'metrics-core.jar',
  'snappy-java.jar',
  'commons-cli.jar',
  'netty-buffer.jar',
  'netty-common.jar',
  'netty-handler.jar',
  'netty-transport.jar',
]);

/** Older ones have no four-letter whitelist and no switch for the admin server. */
const OLDEST_VERSION = [3, 5] as const;

export interface ZooKeeperInstallation {
  /** Where it was found, for people. */
  readonly directory: string;
  readonly jars: readonly string[];
  /** `3.8.0`; undefined when no file name tells. */
  readonly version: string | undefined;
}

/**
 * Apache ZooKeeper on this machine: `ZOOKEEPER_HOME`, else a distribution's jars. Gives the reason when there is none.
 * A `ZOOKEEPER_HOME` that holds none is not passed over: somebody meant it.
 */
export async function findZooKeeper(
  env: NodeJS.ProcessEnv,
  distributionDirectories: readonly string[] = DISTRIBUTION_DIRECTORIES,
): Promise<ZooKeeperInstallation | { why: string }> {
  const home = env['ZOOKEEPER_HOME'];
  if (home) {
    const installation =
      (await inDirectory(join(home, 'lib'))) ?? (await inDirectory(home, join(home, 'lib')));
    return checked(installation ?? { why: `ZOOKEEPER_HOME=${home} holds no ZooKeeper server` });
  }
  for (const directory of distributionDirectories) {
    const installation = await inDirectory(directory);
    if (installation !== undefined) return checked(installation);
  }
  return { why: 'there are no ZooKeeper jars in ZOOKEEPER_HOME or where packages put them' };
}

/** An installation whose server jar lies in `directory`. Before 3.6 it lies beside `libraries`, not among them. */
async function inDirectory(
  directory: string,
  libraries?: string,
): Promise<ZooKeeperInstallation | undefined> {
  const names = await jarNames(directory);
  const server = names.find((name) => /^zookeeper(-\d[\d.]*)?\.jar$/.test(name));
  if (server === undefined) return undefined;
  const version = names
    .map((name) => /^zookeeper-(\d+\.\d+[\d.]*?)\.jar$/.exec(name)?.[1])
    .find((text) => text);
  // A directory with jars of everything: take what is needed, by the names without versions that packages link to.
  const shared = names.length > SHARED_FROM;
  const own = shared ? names.filter((name) => NEEDED.has(name)) : names;
  const jars = [...own.map((name) => join(directory, name))];
  if (libraries !== undefined) jars.push(...(await jarNames(libraries)).map((name) => join(libraries, name)));
  return { directory, jars, version };
}

function checked(found: ZooKeeperInstallation | { why: string }): ZooKeeperInstallation | { why: string } {
  if ('why' in found || found.version === undefined) return found;
  const [major = 0, minor = 0] = found.version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_VERSION;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return found;
  return {
    why: `${found.directory} holds ZooKeeper ${found.version}; ${OLDEST_VERSION.join('.')} is the oldest that works`,
  };
}

async function jarNames(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => name.endsWith('.jar')).sort();
}
