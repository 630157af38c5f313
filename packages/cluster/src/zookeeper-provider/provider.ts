import type { ProcessSpec } from '../supervisor/process-spec';

/** What a provider has to know about the cluster whose ZooKeeper it gives. */
export interface ProviderContext {
  /** Name of the cluster; a container provider derives its project name from it and from `directory`. */
  readonly clusterName: string;
  /** The ZooKeeper's own directory below the cluster's state directory, absolute. Made by `prepare` when missing. */
  readonly directory: string;
  /** Client port on 127.0.0.1; ignored by an external ensemble. */
  readonly port: number;
  /** Real milliseconds per Pegasus millisecond: decides the tickTime, and with it which sessions are granted. */
  readonly timeScale: number;
  /** Nothing has to outlive the processes: the embedded server keeps everything in memory. */
  readonly ephemeral: boolean;
  /** One line for the person who waits: an image that is pulled, for example. */
  readonly announce: (line: string) => void;
}

/** A ZooKeeper that is configured and can be started; who starts it depends on `kind`. */
export type PreparedZooKeeper =
  | {
      readonly kind: 'process';
      /** Connect string of the clients: `127.0.0.1:<port>`. */
      readonly hosts: string;
      /** For the cluster's supervisor: a provider never spawns by itself. */
      readonly spec: ProcessSpec;
    }
  | {
      readonly kind: 'managed';
      readonly hosts: string;
      /**
       * Returns when the container runs; whether ZooKeeper answers is asked with `waitUntilReady`. Idempotent. Pulls the
       * image when it is missing, announced, which may take minutes: not to be counted against a wait for the cluster.
       * @throws OneboxError ONEBOX_NO_ZOOKEEPER when it cannot be pulled; ONEBOX_DOCKER_FAILED.
       */
      start(): Promise<void>;
      /** Ends the container and keeps its data. Idempotent. */
      stop(): Promise<void>;
      /** Ends the container and deletes its data. Idempotent. */
      clear(): Promise<void>;
      /** Whether the container runs now. */
      isRunning(): Promise<boolean>;
    }
  | {
      readonly kind: 'external';
      /** `host:port[,host:port][/chroot]`, as given. */
      readonly hosts: string;
    };

/** Whether a provider can be used on this machine now. `detail` and `why` are phrases for the person who reads them. */
export type Availability =
  { readonly ok: true; readonly detail: string } | { readonly ok: false; readonly why: string };

export type ProviderKind = 'docker' | 'local' | 'embedded' | 'external';

/** A way to come by a ZooKeeper (design.md 7). */
export interface ZooKeeperProvider {
  readonly kind: ProviderKind;
  /** The setting that gives exactly this provider again: `docker`, `local`, `embedded` or `host:port[,host:port][/chroot]`. Goes into the cluster's record. */
  readonly recorded: string;
  /** Answers within about a second, without side effects. */
  available(): Promise<Availability>;
  /**
   * Writes the configuration and says how the ZooKeeper is run. Called before every start, and before a managed one is
   * stopped or cleared.
   * @throws OneboxError ONEBOX_NO_ZOOKEEPER when the provider is not available.
   */
  prepare(context: ProviderContext): Promise<PreparedZooKeeper>;
}
