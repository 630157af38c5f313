/** What may be said about a cluster when it is started. What is not said comes from its record, or from the defaults. */
export interface ClusterOptions {
  readonly metas?: number;
  readonly replicas?: number;
  readonly collector?: boolean;
  readonly app?: string;
  readonly partitions?: number;
  /** `auto`, `docker`, `local` or `host:port[,host:port][/chroot]`. */
  readonly zookeeper?: string;
  /** Another template than the one that comes with the product. */
  readonly template?: { readonly file: string; readonly text: string };
  /** Texts of the form `section.key=value`. */
  readonly set?: readonly string[];
  readonly timeScale?: number;
  readonly pegasusVersion?: string;
  readonly portOffset?: number;
  readonly bind?: string;
  readonly advertise?: string;
  /** `auto`: a new cluster gets a `portOffset` with which all its ports are free. Not together with `portOffset`. */
  readonly ports?: 'auto';
  /** Nothing of it persists: it is deleted when it stops. */
  readonly ephemeral?: boolean;
}

/** Upstream's onebox (reference/cluster-behaviour.md 1.2), with a collector and ten times faster (design.md 5). */
export const DEFAULT_OPTIONS = {
  metas: 3,
  replicas: 3,
  collector: true,
  app: 'temp',
  partitions: 8,
  timeScale: 0.1,
  pegasusVersion: 'documented',
  bind: '127.0.0.1',
} as const;

/** `--timing` by name, as time scales. */
export const TIMINGS = { fast: 0.1, upstream: 1 } as const;
