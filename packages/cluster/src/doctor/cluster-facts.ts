/** What lies in the directory of one cluster, as the doctor finds it. */
export interface ClusterFacts {
  readonly name: string;
  readonly directory: string;
  /** `none`: the directory is ours and nothing was ever recorded. `bad`: it cannot be used. */
  readonly record: 'good' | 'none' | 'bad';
  /** Why a record is bad. */
  readonly why: string | undefined;
  /** Who holds the lock. */
  readonly lock: { readonly pid: number; readonly doing: string; readonly alive: boolean } | undefined;
  /** Names in the records of its processes, and whether that process still runs. */
  readonly processes: readonly { readonly name: string; readonly pid: number; readonly alive: boolean }[];
  /** Servers, and a ZooKeeper that is a process, the record says there are. */
  readonly expected: readonly string[];
  /** Socket files that are there, relative to the directory, and whether the process that made them still runs. */
  readonly sockets: readonly { readonly file: string; readonly alive: boolean }[];
  /** Of an ephemeral cluster whose time is over: the pid of the command that started it. */
  readonly overSince: number | undefined;
}
