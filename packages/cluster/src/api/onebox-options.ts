import type { EventType } from '@onebox/server';
import type { TIMINGS } from '../record/cluster-options';
import type { ClusterEvent } from '../events';

/** A table that is there when `Onebox.start` returns. */
export interface TableSpec {
  readonly name: string;
  /** Default 8. */
  readonly partitions?: number;
  /** Replicas of each partition. Default 3, or the number of replica servers when there are fewer. */
  readonly replicaCount?: number;
  readonly envs?: Readonly<Record<string, string>>;
}

/** What a cluster is started with. Nothing has to be said: three meta servers, three replica servers and a collector. */
export interface OneboxStartOptions {
  /** Meta servers, 1 to 199. Default 3. */
  readonly metas?: number;
  /** Replica servers, 0 to 999. Default 3. */
  readonly replicas?: number;
  /** Default true. */
  readonly collector?: boolean;
  /**
   * Tables that are there from the beginning, by name or with settings. Default `['temp']`, as in upstream's onebox; the first
   * one without `envs` takes its place. The collector's own table, `stat`, is always there.
   */
  readonly tables?: readonly (TableSpec | string)[];
  /**
   * `embedded` (the default: needs nothing installed, and is the fastest), `local`, `docker`, `auto`, or
   * `host:port[,host:port][/chroot]` of one that runs.
   */
  readonly zookeeper?: string;
  /** How fast timers run: `fast` (default) is ten times as fast as `upstream`. */
  readonly timing?: keyof typeof TIMINGS;
  /** The same as a factor on every period, 0.02 to 10. Not together with `timing`. */
  readonly timeScale?: number;
  /** Settings on top of the template: `{ 'replication.config_sync_interval_ms': 3000 }`. */
  readonly set?: Readonly<Record<string, string | number | boolean>>;
  /** Path of another template than the package's `onebox.ini`. */
  readonly config?: string;
  /** The version profile: `documented` (default), `master`, `2.5`, `2.4`, `2.0`. */
  readonly pegasusVersion?: string;
  /** Default: a new one for each cluster. */
  readonly name?: string;
  /** The directory that state directories lie in. Default: `ONEBOX_HOME`, else `~/.pegasus-onebox`. */
  readonly home?: string;
  /** `auto` (default): free ports, found when the cluster starts. A number is added to every usual port (meta1: 34601). */
  readonly ports?: 'auto' | number;
  /** The address to listen on. Default 127.0.0.1. */
  readonly bind?: string;
  /** The host that servers show for themselves. Default: the bind address. */
  readonly advertise?: string;
  /** True (default): nothing of the cluster is left when it stops. False: its directory stays, to be started again by its name. */
  readonly ephemeral?: boolean;
  /** Bound of the wait for a healthy cluster, real milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
  /** Aborting it ends the start and everything that was started. */
  readonly signal?: AbortSignal;
  /** Gets what becomes true while the cluster starts, one line each. Default: nobody is told. */
  readonly log?: (line: string) => void;
  /** The same as values. */
  readonly onEvent?: (event: ClusterEvent) => void;
}

/** A cluster that somebody else started: by name, or the one that `onebox exec` or a global set-up put into the environment. */
export type AttachTarget =
  | string
  | {
      readonly name: string;
      /** Default: `ONEBOX_HOME`, else `~/.pegasus-onebox`. */
      readonly home?: string;
    }
  | {
      /** True: `process.env`. Else an object with `ONEBOX_NAME` and `ONEBOX_HOME`. */
      readonly fromEnvironment: true | Readonly<Record<string, string | undefined>>;
    };

/** Bounds of a wait. */
export interface WaitOptions {
  /** Real milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** How a table is created. */
export interface CreateTableOptions extends WaitOptions {
  /** Default 8. */
  readonly partitions?: number;
  /** Default 3, or the number of replica servers when there are fewer. */
  readonly replicaCount?: number;
  readonly envs?: Readonly<Record<string, string>>;
  /** Do not fail when the same table is there already. Default false. */
  readonly ifNotExists?: boolean;
  /** Wait until each partition has all its replicas. Default true. */
  readonly wait?: boolean;
}

/** Which events are wanted; what is left out means all. */
export interface EventsOptions {
  /** Not before this moment: a `Date`, or Unix milliseconds. */
  readonly since?: Date | number;
  readonly types?: readonly EventType[];
  /** Told by one of these instances, or about it by a command or a supervisor (which tell as `onebox`). */
  readonly servers?: readonly string[];
  /** `APP_ID.INDEX`, or the name of a table that there is and an index: `temp.3`. */
  readonly partition?: string;
  /** Whether to go on with what happens from now on. Default true. */
  readonly follow?: boolean;
  /** Whether waiting for an event keeps this process alive, when nothing else does. Default false. */
  readonly keepAlive?: boolean;
  /** Ends it, without an error. */
  readonly signal?: AbortSignal;
}
