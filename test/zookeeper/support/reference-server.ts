import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasLocalZooKeeper } from '../../../packages/cluster/test/support/local-zookeeper-for-tests';

/** What the embedded server speaks. 3.9 sends other headers with watch events. */
const REFERENCE = '3.8';
const JAR_DIRECTORIES = [
  ...(process.env['ZOOKEEPER_HOME'] ? [process.env['ZOOKEEPER_HOME']] : []),
  ...['/usr/share/java', '/usr/share/zookeeper', '/usr/lib/zookeeper', '/opt/zookeeper'],
];

/** Version of the first server whose jar names it: `3.8.0`. */
function localVersion(): string | undefined {
  for (const directory of JAR_DIRECTORIES.flatMap((each) => [each, join(each, 'lib')])) {
    for (const name of namesIn(directory)) {
      const version = /^zookeeper-(\d+\.\d+\.\d+)\.jar$/.exec(name)?.[1];
      if (version !== undefined) return version;
    }
  }
  return undefined;
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

const version = hasLocalZooKeeper ? localVersion() : undefined;
const isReference = version?.startsWith(`${REFERENCE}.`) === true;
if (hasLocalZooKeeper && !isReference) {
  const why = `Apache ZooKeeper here is ${version ?? 'of an unknown version'}, not ${REFERENCE}`;
  process.stderr.write(`SKIPPED: comparing the embedded ZooKeeper with the real one, because ${why}\n`);
}

/** A `describe` that is skipped, and counted so, where there is no Apache ZooKeeper of the version that ours is like. */
export const describeBesideReference: typeof describe.skip = isReference ? describe : describe.skip;
