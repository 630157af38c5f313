import { basename, dirname, join } from 'node:path';
import { findingsOf } from './finding';
import type { Finding } from './finding';

/** A process of this user, as the system lists it. */
export interface ListedProcess {
  readonly pid: number;
  readonly command: string;
}

/** A process that is one of a cluster's, by its command line. */
export interface ClusterProcess extends ListedProcess {
  /** State directory of the cluster. */
  readonly directory: string;
  /** Its name in the records: `meta1`, `zookeeper`, `pm2`. */
  readonly name: string;
}

const say = findingsOf('processes');

/**
 * Processes of clusters that no record names: no command would ever end them.
 *
 * @param recordedPid the pid in the records of a state directory under a name
 */
export function checkProcesses(
  listed: readonly ListedProcess[],
  recordedPid: (directory: string, name: string) => number | undefined,
): readonly Finding[] {
  const ours = listed.map(clusterProcess).filter((each) => each !== undefined);
  const orphans = ours.filter(({ directory, name, pid }) => recordedPid(directory, name) !== pid);
  if (orphans.length === 0) {
    const summary =
      ours.length === 0
        ? 'no process of a cluster runs'
        : `${ours.length} run, each in the records of its cluster`;
    return [say.ok(summary, { data: { pids: ours.map(({ pid }) => pid) } })];
  }
  const what = orphans.map(({ name, pid, directory }) => `${name} (pid ${pid}, of ${directory})`);
  return [
    say.problem(`running without a record: ${what.join(', ')}`, {
      advice: 'No command of onebox knows of them; they hold their ports.',
      // They may be frozen: then SIGTERM would wait.
      fix: `kill -KILL ${orphans.map(({ pid }) => pid).join(' ')}`,
      data: { orphans },
    }),
  ];
}

/** Servers and ZooKeepers are given a file in their own directory; pm2's daemon puts its home into its title. */
const OWN_DIRECTORY: readonly RegExp[] = [
  /\bpegasus_server (\/.*)\/config\.ini -app_list (?:meta|replica|collector)$/,
  /\bzookeeper_embedded (\/.*)\/zoo\.cfg(?: --in-memory)?$/,
  /\.ZooKeeperServerMain (\/.*\/zookeeper)\/zoo\.cfg$/,
  /\bPM2 v[\d.]+: God Daemon \((\/.*\/pm2)\)/,
];

/** Reads a command line; undefined when it is not one of a cluster's. */
export function clusterProcess({ pid, command }: ListedProcess): ClusterProcess | undefined {
  for (const pattern of OWN_DIRECTORY) {
    const own = pattern.exec(command)?.[1];
    if (own !== undefined) return { pid, command, directory: dirname(own), name: basename(own) };
  }
  return undefined;
}

/** Where the record of a process lies: `run/NAME` of its state directory. */
export function recordFileOf(directory: string, name: string): string {
  return join(directory, 'run', name);
}
