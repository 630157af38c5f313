import type { Role } from '../process/role';

/** What a metric belongs to (reference/metrics.md 3.1). */
export type EntityType =
  | 'server'
  | 'replica'
  | 'disk'
  | 'table'
  | 'partition'
  | 'backup_policy'
  | 'queue'
  | 'connection'
  | 'profiler'
  | 'latency_tracer';

/** As `/metrics` prints it. */
export type MetricType = 'Gauge' | 'Counter' | 'VolatileCounter' | 'Percentile';

/** The percentiles a metric can have, and where each stands in the ascending samples. */
export const PERCENTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 } as const;

export type PercentileName = keyof typeof PERCENTILES;

/** As `/metrics` prints it: the units the catalog uses. */
export type Unit =
  | 'NanoSeconds'
  | 'MilliSeconds'
  | 'Bytes'
  | 'MegaBytes'
  | 'BytesPerSec'
  | 'CapacityUnits'
  | 'Replicas'
  | 'Partitions'
  | 'PartitionSplittings'
  | 'Servers'
  | 'Requests'
  | 'Responses'
  | 'Seeks'
  | 'PointLookups'
  | 'Values'
  | 'Keys'
  | 'Files'
  | 'Dirs'
  | 'Amplification'
  | 'Checkpoints'
  | 'Flushes'
  | 'Compactions'
  | 'Mutations'
  | 'Writes'
  | 'Changes'
  | 'Operations'
  | 'Tasks'
  | 'Disconnections'
  | 'Sessions'
  | 'Learns'
  | 'Rounds'
  | 'Resets'
  | 'Backups'
  | 'FileLoads'
  | 'FileUploads'
  | 'BulkLoads'
  | 'Beacons';

/**
 * What moves a metric: the state of the cluster, requests, the process itself; a `zero` one has nothing in a simulator that
 * could move it, and stays 0.
 */
export type Drive = 'state' | 'traffic' | 'process' | 'zero';

/** When a metric of an entity exists; one that exists is listed even at 0 (reference/metrics.md 3.6). */
export type Presence =
  | 'always'
  | 'leader'
  | 'replica'
  | 'first-replica'
  | 'first-resolve'
  | 'client-conn'
  | 'dup-source'
  | 'profiled-task'
  | 'profiled-task:rpc-request'
  | 'profiled-task:rpc-response'
  | 'profiled-task:aio'
  | 'config'
  | 'build:gperf';

/** What does not differ between the entities that have a metric. */
export interface MetricDefinition {
  readonly name: string;
  readonly entityType: string;
  readonly type: MetricType;
  readonly unit: string;
  /** In our own words; the Go collector shows it as Prometheus help. */
  readonly description: string;
  readonly roles: readonly Role[];
  readonly drive: Drive;
  readonly presence: Presence;
  /** Of a percentile: what it is configured for. */
  readonly percentiles: readonly PercentileName[];
}

type Described<T extends MetricType> = Pick<
  MetricDefinition,
  'unit' | 'drive' | 'description' | 'percentiles'
> & { readonly type: T };

export function gauge(unit: Unit, drive: Drive, description: string): Described<'Gauge'> {
  return { type: 'Gauge', unit, drive, description, percentiles: [] };
}

export function counter(unit: Unit, drive: Drive, description: string): Described<'Counter'> {
  return { type: 'Counter', unit, drive, description, percentiles: [] };
}

/** Every percentile upstream ships has all five. */
export function percentile(unit: Unit, drive: Drive, description: string): Described<'Percentile'> {
  return { type: 'Percentile', unit, drive, description, percentiles: ALL_PERCENTILES };
}

export const ALL_PERCENTILES: readonly PercentileName[] = ['p50', 'p90', 'p95', 'p99', 'p999'];

export const EVERY_ROLE: readonly Role[] = ['meta', 'replica', 'collector'];
export const META_AND_REPLICA: readonly Role[] = ['meta', 'replica'];
export const META: readonly Role[] = ['meta'];
export const REPLICA: readonly Role[] = ['replica'];

/** The metrics that one type of entity has on the same roles under the same condition. */
export function metricsOf<T extends Readonly<Record<string, Described<MetricType>>>>(
  entityType: EntityType,
  roles: readonly Role[],
  presence: Presence,
  described: T,
): { readonly [N in keyof T]: MetricDefinition & T[N] } {
  const defined = Object.entries(described).map(([name, metric]) => [
    name,
    { name, entityType, roles, presence, ...metric },
  ]);
  return Object.fromEntries(defined) as { [N in keyof T]: MetricDefinition & T[N] };
}
