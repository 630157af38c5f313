import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StateDirectory } from '../state-directory/state-directory';
import type { InstanceName } from '../topology';

/** A ZooKeeper that is a process writes its log to its output. */
const ZOOKEEPER_LOG = 'zookeeper.log';

/** Files an instance writes for people: its output first, then its logs. They need not exist. */
export function logFilesOf(state: StateDirectory, name: InstanceName): readonly string[] {
  if (name === 'zookeeper') return [join(state.instance(name), ZOOKEEPER_LOG)];
  const directory = state.logDirectory(name);
  return [state.outputFile(name), ...logsIn(directory).map((log) => join(directory, log))];
}

/** The current logs, not those that were rotated away (`meta1.log`). */
function logsIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => /^[a-z]+\.log$/.test(name))
      .sort();
  } catch {
    return [];
  }
}
