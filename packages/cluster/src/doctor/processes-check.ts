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

/** What a state directory says of a process that was started for it. */
export interface RecordedProcess {
  /** `gone`: there is no such directory any more. `foreign`: it is not ours. */
  readonly place: 'ours' | 'gone' | 'foreign';
  /** Which process has the name in the records; undefined when none has. */
  readonly pid: number | undefined;
}

const say = findingsOf('processes');

/**
 * Processes of clusters that no record names: no command would ever end them. Those of another home may be somebody's who
 * looks at them just now, so they are only a warning.
 *
 * @param recorded what the state directory says of the process of a name
 */
export function checkProcesses(
  home: string,
  listed: readonly ListedProcess[],
  recorded: (directory: string, name: string) => RecordedProcess,
): readonly Finding[] {
  const ours = listed
    .map(clusterProcess)
    .filter((each) => each !== undefined)
    .map((each) => ({ ...each, ...recordedAs(each, recorded) }))
    .filter(({ place }) => place !== 'foreign');
  const orphans = ours.filter(({ isRecorded }) => !isRecorded);
  if (orphans.length === 0) {
    const pids = ours.map(({ pid }) => pid);
    const summary =
      ours.length === 0
        ? 'no process of a cluster runs'
        : `${ours.length} of clusters run, each in the records of its cluster`;
    return [say.ok(summary, { data: { pids } })];
  }
  const here = orphans.filter(({ directory }) => dirname(directory) === home);
  const elsewhere = orphans.filter((each) => !here.includes(each));
  return [
    ...(here.length === 0 ? [] : [say.problem(...told(here))]),
    ...(elsewhere.length === 0 ? [] : [say.warning(...told(elsewhere))]),
  ];
}

function recordedAs(
  { directory, name, pid }: ClusterProcess,
  recorded: (directory: string, name: string) => RecordedProcess,
): { readonly place: RecordedProcess['place']; readonly isRecorded: boolean } {
  const { place, pid: recordedPid } = recorded(directory, name);
  return { place, isRecorded: recordedPid === pid };
}

function told(orphans: readonly ClusterProcess[]): Parameters<typeof say.warning> {
  const what = orphans.map(({ name, pid, directory }) => `${name} (pid ${pid}, of ${directory})`);
  return [
    `running without a record: ${what.join(', ')}`,
    {
      advice: 'No command of onebox knows of them; they hold their ports.',
      // They may be frozen: then SIGTERM would wait.
      fix: `kill -KILL ${orphans.map(({ pid }) => pid).join(' ')}`,
      data: {
        orphans: orphans.map(({ pid, command, directory, name }) => ({ pid, command, directory, name })),
      },
    },
  ];
}

/** Servers, ZooKeepers and dashboards are given a file in their own directory; pm2's daemon puts its home into its title. */
const OWN_DIRECTORY: readonly RegExp[] = [
  /\bpegasus_server (\/.*)\/config\.ini -app_list (?:meta|replica|collector)$/,
  /\bzookeeper_embedded (\/.*\/zookeeper)\/zoo\.cfg(?: --in-memory)?$/,
  /\.ZooKeeperServerMain (\/.*\/zookeeper)\/zoo\.cfg$/,
  /\bonebox_resumer (\/.*\/resumer-[a-z0-9]+) /,
  /\bonebox_dashboard (\/.*\/dashboard)\/dashboard\.json$/,
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
