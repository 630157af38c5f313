/**
 * What the dashboard shows, as `GET /state` gives it: JSON values only, shared by the server and the page, so nothing here may
 * need Node or a browser. Members are added, never changed. What is not known, or does not apply, is null.
 */
export interface DashboardState {
  readonly cluster: ClusterEntry;
  readonly zookeeper: ZooKeeperEntry;
  /** By instance: metas, replica servers, collector, zookeeper, in that order. */
  readonly servers: Readonly<Record<string, ServerEntry>>;
  /** The nodes that partitions name by their index here. It only grows while one dashboard runs. */
  readonly nodes: readonly NodeEntry[];
  /** By app id. Dropped tables are not here. */
  readonly tables: Readonly<Record<string, TableEntry>>;
  /** By id: `f1` …, and `frozen replica1` for a process that somebody else stopped by a signal. */
  readonly faults: Readonly<Record<string, FaultEntry>>;
  /** At most {@link EVENTS_SHOWN}, newest last. */
  readonly events: readonly EventEntry[];
  /** Why nothing is added to the events now; null while the log is read. */
  readonly eventsStale: string | null;
}

/** How many events the state holds. */
export const EVENTS_SHOWN = 500;

export interface ClusterEntry {
  readonly name: string;
  /** Absolute path of the state directory. */
  readonly directory: string;
  /** As in `onebox status --json`. */
  readonly state: 'running' | 'partly running' | 'stopped';
  readonly healthy: boolean;
  /** Why it is not healthy, or what it is when it is: in the words of `onebox status`. */
  readonly reason: string;
  /** The instance that leads. */
  readonly leader: string | null;
  /** The effective one, `fl_` left out: `steady`. */
  readonly functionLevel: string | null;
  readonly pegasusVersion: string;
  readonly timeScale: number;
  /** Unix milliseconds of the look that found all this. A look that finds nothing new is not told. */
  readonly at: number;
}

export interface ZooKeeperEntry {
  readonly provider: string;
  readonly hosts: string;
  readonly root: string;
  /** Instances that queue for the lock, the leader first. */
  readonly electionOrder: readonly string[];
}

export type ServerState = 'running' | 'frozen' | 'exited' | 'stopped' | 'external';

export interface ServerEntry {
  readonly name: string;
  readonly role: 'meta' | 'replica' | 'collector' | 'zookeeper';
  readonly state: ServerState;
  /** Whether it answers on its control socket; ZooKeeper: whether it serves. */
  readonly answering: boolean;
  /** Whether it is the primary meta server. */
  readonly leader: boolean;
  /** Whether the leader counts this replica server as alive; null for others and while none leads. */
  readonly alive: boolean | null;
  readonly pid: number | null;
  /** The advertised `host:port`. */
  readonly address: string;
  readonly port: number | null;
  /** Where its HTTP interface is; null for ZooKeeper. */
  readonly url: string | null;
  /** Metas: the ZooKeeper session. */
  readonly session: SessionEntry | null;
  /** How often it was started again, as far as its event log goes back. */
  readonly restarts: number | null;
  /** To the next mebibyte. */
  readonly rssBytes: number | null;
  /** Unix milliseconds: it has run since then. */
  readonly startedAt: number | null;
  /** How it ended, when that is known. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Whether a command asked it to end. */
  readonly asked: boolean;
  readonly replicas: { readonly primary: number; readonly secondary: number; readonly total: number } | null;
  /** Ids of the faults that were asked for it. */
  readonly faults: readonly string[];
}

export interface SessionEntry {
  /** `0x…`. */
  readonly id: string;
  /** `connected`, `suspended`, `expired` … */
  readonly state: string;
  /** As granted, in real milliseconds. */
  readonly timeoutMs: number | null;
  /** Its node in the queue for the lock, without the directory. */
  readonly lockNode: string | null;
}

export interface NodeEntry {
  /** `host:port`. */
  readonly node: string;
  /** Null for a node that is no instance of this cluster. */
  readonly instance: string | null;
}

/** ballot; index of the primary in `nodes`, -1 without one; indexes of the secondaries; of those that are being added and learn. */
export type PartitionEntry = readonly [
  ballot: number,
  primary: number,
  secondaries: readonly number[],
  learners: readonly number[],
];

export interface TableEntry {
  readonly appId: number;
  readonly name: string;
  /** `AVAILABLE`, `CREATING`, `DROPPING`, `RECALLING`. */
  readonly status: string;
  readonly partitionCount: number;
  /** Replicas each partition is to have. */
  readonly replicaCount: number;
  /** Partitions, counted in the words of the shell's `ls -d`. */
  readonly fullyHealthy: number;
  readonly unhealthy: number;
  readonly writeUnhealthy: number;
  readonly readUnhealthy: number;
  /** By partition index. */
  readonly partitions: readonly PartitionEntry[];
}

export interface FaultEntry {
  readonly id: string;
  /** `cut`, `delay`, `drop`, `pause`. */
  readonly kind: string;
  readonly instance: string;
  /** In words, as `onebox fault list` shows it. */
  readonly text: string;
  /** Unix milliseconds. */
  readonly since: number | null;
  /** Unix milliseconds at which it heals by itself; null: until it is cleared. */
  readonly until: number | null;
  /** The command that ends it. */
  readonly clear: string;
}

export interface EventEntry {
  readonly id: string;
  readonly unixMs: number;
  /** The instance that tells it, or `onebox`. */
  readonly server: string;
  readonly type: string;
  /** One line, without time and server. */
  readonly text: string;
  /** `APP_ID.INDEX` when it is about one partition. */
  readonly partition: string | null;
  /** Id of the event that led to it. */
  readonly cause: string | null;
}

/** What is new since the state or patch before: `applyPatch` makes the new state of it. */
export interface DashboardPatch {
  readonly cluster?: Partial<ClusterEntry>;
  readonly zookeeper?: Partial<ZooKeeperEntry>;
  /** Members that changed; a server that is new has all of them. Null: gone. */
  readonly servers?: Readonly<Record<string, Partial<ServerEntry> | null>>;
  /** Those that were added at the end. */
  readonly nodes?: readonly NodeEntry[];
  /** Null: gone. */
  readonly tables?: Readonly<Record<string, TablePatch | null>>;
  /** Null: ended. */
  readonly faults?: Readonly<Record<string, FaultEntry | null>>;
  /** Those that were added at the end. */
  readonly events?: readonly EventEntry[];
  readonly eventsStale?: string | null;
}

/** The data of `beat`, which a stream tells again and again, whether anything is new or not: who hears none has lost the connection. */
export interface Beat {
  /** Unix milliseconds, by the clock of the dashboard's process. */
  readonly at: number;
}

/** From one beat to the next, in real milliseconds. */
export const BEAT_EVERY_MS = 2000;

/** What `GET /events?partition=APP_ID.INDEX` answers: all that the log has of a partition, with what led to each change of it. */
export interface PartitionEvents {
  /** `APP_ID.INDEX`. */
  readonly partition: string;
  /** In order, each once; `cause` leads from a change to its nearest cause, and from that on. At most {@link MOST_PARTITION_EVENTS}. */
  readonly events: readonly EventEntry[];
  /** Whether older ones were left out. */
  readonly cut: boolean;
}

/** How many events of one partition are told, the newest ones. */
export const MOST_PARTITION_EVENTS = 1000;

/** Members that changed, and partitions that changed by index. A table that is new has all of both. */
export type TablePatch = Partial<Omit<TableEntry, 'partitions'>> & {
  readonly partitions?: Readonly<Record<string, PartitionEntry>>;
};
