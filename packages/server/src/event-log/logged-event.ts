import type { Node } from '@onebox/base';

/** A partition's configuration in an event: short names, because a snapshot holds thousands. */
export interface LoggedConfiguration {
  /** `APP_ID.INDEX`. */
  readonly partition: string;
  readonly ballot: number;
  readonly maxReplicaCount: number;
  readonly primary: Node | null;
  /** In the order in which they were added. */
  readonly secondaries: readonly Node[];
  /** Newest last. */
  readonly lastDrops: readonly Node[];
  readonly lastCommittedDecree: number;
  readonly flags: number;
}

/** A table in a snapshot. */
export interface LoggedTable {
  readonly appId: number;
  readonly name: string;
  /** `AS_AVAILABLE`, `AS_DROPPED` …: names of the wire enum `app_status`. */
  readonly status: string;
  readonly partitions: readonly LoggedConfiguration[];
}

/** What is broken on purpose. */
export interface LoggedFault {
  /** Its id. */
  readonly fault: string;
  /** In words: `cut meta1 from zookeeper`. */
  readonly text: string;
  readonly kind: 'cut' | 'delay' | 'drop';
  /** The one it was set on. */
  readonly instance: string;
  /** Of a cut: instances and `zookeeper`, empty for everybody; of the others: empty. */
  readonly from: readonly string[];
  /** Of a delay or drop: the task code. */
  readonly rpc: string | null;
}

/** What is told of one happening, by its type. Members are added, never changed. */
export interface EventFacts {
  // Every server.
  'server-started': {
    readonly pid: number;
    readonly role: string;
    readonly node: Node;
    readonly version: string;
  };
  /** The process ends itself, or was told to by a signal. */
  'server-exits': { readonly code: number; readonly reason: string };

  // Told by who supervises, or by the command.
  /** A process has ended; null where it is not known or does not apply. */
  'server-died': {
    readonly instance: string;
    readonly pid: number | null;
    readonly code: number | null;
    readonly signal: string | null;
  };
  /** A person or a test asked for something: `kill replica1`, `stop`, `start`, `restart meta1`. */
  command: {
    readonly verb: string;
    readonly instance: string | null;
    readonly text: string;
    /** Of a request to the leader: the table that it names, by name or id; null when it names none. */
    readonly table?: string | null;
  };
  paused: { readonly instance: string; readonly untilUnixMs: number | null };
  /** Its process goes on, or is not there any more. */
  resumed: { readonly instance: string; readonly how?: 'its process ended' };

  // Faults; by the server that enforces it, and by the command.
  'fault-set': LoggedFault & { readonly untilUnixMs: number | null };
  /** Cleared by somebody, healed by itself when its time was over, or stopped with its cluster. */
  'fault-ended': LoggedFault & { readonly how: 'cleared' | 'healed' | 'ended with the cluster' };

  // Metas: ZooKeeper and the election.
  'session-opened': { readonly sessionId: string; readonly timeoutMs: number };
  'session-suspended': { readonly sessionId: string; readonly reason: string };
  'session-resumed': { readonly sessionId: string };
  'session-expired': { readonly sessionId: string };
  /** This server queues for the lock, under this node. */
  'election-joined': { readonly lockNode: string };
  'election-won': { readonly lockNode: string };
  /** The role is gone, for a leader as for a standby. */
  'election-lost': { readonly reason: string };
  /** Who this standby sees leading. */
  'leader-seen': { readonly leader: Node | null };
  /** All that ZooKeeper holds, as the new leader has read it, and again when its log is rotated: what a replay begins with. */
  'state-snapshot': {
    readonly why: 'elected' | 'rotated';
    /** Under which its teller leads: of two leaders, the one elected later has the higher number at the end. Null where nobody elects. */
    readonly lockNode: string | null;
    readonly level: string;
    readonly tables: readonly LoggedTable[];
  };

  // The leader: nodes.
  'node-alive': { readonly node: Node };
  'node-dead': { readonly node: Node; readonly silentMs: number | null };
  /** The level in force, and why: `set by request`, `half of the nodes are dead` … */
  'level-changed': { readonly from: string; readonly to: string; readonly reason: string };

  // The leader: tables and partitions.
  'table-created': {
    readonly appId: number;
    readonly name: string;
    readonly partitionCount: number;
    readonly maxReplicaCount: number;
  };
  'table-dropped': { readonly appId: number; readonly name: string };
  'table-recalled': { readonly appId: number; readonly name: string };
  'table-renamed': { readonly appId: number; readonly name: string; readonly oldName: string };
  /** Environments, replica count, duplication, bulk load, compaction …: what was asked for, in words. */
  'table-changed': { readonly appId: number; readonly name: string; readonly what: string };
  /** A step the leader asks a replica server for. Repeats of the same one are not told. */
  proposal: {
    readonly partition: string;
    readonly proposal: string;
    readonly target: Node;
    readonly node: Node;
    readonly ballot: number;
    readonly origin: 'cure' | 'balancer' | 'death' | 'request';
    readonly reason: string;
  };
  /** Stored in ZooKeeper and in force: the only way a ballot changes. */
  'configuration-changed': LoggedConfiguration & {
    /** `CT_UPGRADE_TO_PRIMARY` …: names of the wire enum `config_type`; `CT_RECALL` for the flag of a recalled table, `created` for a new partition. */
    readonly change: string;
    /** Whom the change is about. */
    readonly node: Node | null;
    readonly reason: string;
  };
  /** The balancer begins a batch of moves. */
  'balance-planned': { readonly kind: string; readonly moves: number };

  // Replica servers.
  'meta-lost': { readonly meta: Node | null; readonly reason: string };
  'meta-found': { readonly meta: Node };
  'lease-lost': { readonly replicas: number };
  /** `PS_PRIMARY` …: names of the wire enum `partition_status`. */
  'replica-status': {
    readonly partition: string;
    readonly from: string;
    readonly to: string;
    readonly ballot: number;
    /** Whether it waits for the answer to what it asked the leader for, or has it now; else it asked for nothing. */
    readonly answer?: 'awaited' | 'received';
  };
  'learning-started': { readonly partition: string; readonly primary: Node; readonly ballot: number };
  'learning-ended': { readonly partition: string; readonly outcome: string };
  /** A primary or a learner asks the leader for a change of configuration, and why. */
  'update-asked': {
    readonly partition: string;
    readonly change: string;
    readonly node: Node;
    readonly ballot: number;
    readonly reason: string;
  };
}

export type EventType = keyof EventFacts;

/** The envelope every event has. */
export interface EventHead {
  /** Unique in the life of a cluster: `meta1/1a2b3c/17`, the instance, when this process began to log, a running number. */
  readonly id: string;
  /** Unix time in milliseconds, for people. */
  readonly unixMs: number;
  /**
   * Microseconds of the machine's monotonic clock, which all processes share: what orders the events of several servers. It
   * begins anew at a boot; see `boot`.
   */
  readonly monotonicUs: number;
  /** Which boot of the machine `monotonicUs` belongs to; empty where the system does not say. */
  readonly boot: string;
  /** The instance that tells it: `meta1`, `replica2`, `collector`, or `onebox` for commands and supervisors. */
  readonly server: string;
  /** The event that led to this one, when the server knows; an id. */
  readonly cause?: string;
}

export type LoggedEvent = { [T in EventType]: EventHead & { readonly type: T } & EventFacts[T] }[EventType];

/** Writes events of one server. Nothing thrown, nothing waited for: a log that fails must not end a server. */
export interface EventLog {
  /** @param cause id of the event that led to this one. @returns the id of the event, for later ones to name as their cause */
  tell<T extends EventType>(type: T, facts: EventFacts[T], cause?: string): string;
  /** What is called when a file begins anew: the leader tells a snapshot there, so that a replay needs nothing older. */
  onRotated(tell: () => void): void;
  close(): void;
}
