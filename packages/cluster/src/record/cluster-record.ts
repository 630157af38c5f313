/** The format of `record.json`. A file of another format is refused, never guessed at. */
export const RECORD_FORMAT = 1;

/** What a cluster was created with. A restart uses this, whatever the defaults or the environment say by then. */
export interface ClusterRecord {
  readonly format: typeof RECORD_FORMAT;
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly metas: number;
  readonly replicas: number;
  readonly collector: boolean;
  /** Name and partition count of the first default table. */
  readonly app: string;
  readonly partitions: number;
  /** Added to every port of the cluster. */
  readonly portOffset: number;
  /** Name of the version profile. */
  readonly pegasusVersion: string;
  /** Real milliseconds per Pegasus millisecond. */
  readonly timeScale: number;
  /** The address the servers' ports are opened on. */
  readonly bind: string;
  /** The host every server shows for itself. */
  readonly advertise: string;
  readonly zookeeper: RecordedZooKeeper;
  /** `[meta_server] cluster_root`: the znode everything of this cluster lies below. */
  readonly root: string;
  /** The texts behind `--set`, in order. */
  readonly set: readonly string[];
  /** It is deleted when it stops. */
  readonly ephemeral?: true;
  /** The template that every `config.ini` is rendered from: the name messages show, and its whole text. */
  readonly template: { readonly file: string; readonly text: string };
}

/** The ZooKeeper that was chosen at creation. It never changes by itself: another one would be empty (design.md 7). */
export interface RecordedZooKeeper {
  readonly kind: 'docker' | 'local' | 'embedded' | 'external';
  /** The setting that gives exactly this provider again: `docker`, `local`, `embedded` or `host:port[,host:port][/chroot]`. */
  readonly provider: string;
  /** Connect string of the clients. */
  readonly hosts: string;
}
