import type { MetricEntity } from '../metrics';
import { METRIC_CATALOG } from '../metrics';
import type { CounterName, GaugeName, MetricName, PercentileMetricName } from '../metrics';
import type { EntityTotals } from './entity-totals';
import { MetricReader } from './metric-reader';

/** What reading a counter means (reference/metrics.md 4.3). */
export type PerfCounterType = 'NUMBER' | 'VOLATILE_NUMBER' | 'RATE' | 'PERCENTILE';

/** The releases whose sets of counters differ: what the reference calls "added by 2.4" is in 2.4 and 2.5 (4.5, 4.7). */
export type CounterGeneration = '2.0' | '2.4';

/**
 * A counter of the old generation, derived from a subject: a replica's metrics, a table's, the whole server's. Nothing is
 * counted twice: what the new generation counts is where the value comes from.
 */
export interface CounterDefinition<S> {
  /** Between the prefix and the suffix of the subject, e.g. `replica*app.pegasus*get_qps` in front of `@1.2`. */
  readonly name: string;
  readonly type: PerfCounterType;
  /** Undefined: the counter's own name, as upstream leaves it for those of section `eon.replica` (4.7). */
  readonly description: string | undefined;
  /** The first release that has it. */
  readonly since: CounterGeneration;
  /** Its type in 2.0.0, where that was another one. */
  readonly typeIn20?: PerfCounterType;
  /**
   * For a VOLATILE_NUMBER or RATE: whether {@link read} gives how much there ever was, of which a reader sees the growth, or the
   * level itself.
   */
  readonly source: 'total' | 'level';
  /** The value, of a PERCENTILE its p99; undefined: this subject has no such counter. */
  readonly read: (subject: S) => number | undefined;
  /** Of a PERCENTILE. */
  readonly p999?: (subject: S) => number | undefined;
}

/** What the counters of a server as a whole are derived from. */
export interface ServerSubject {
  readonly server: MetricEntity;
  readonly replicas: EntityTotals;
  readonly partitions: EntityTotals;
  readonly tables: EntityTotals;
  readonly disks: EntityTotals;
  /** The current value of a source that a role provided; 0 until it does. */
  provided(name: ProvidedSource): number;
}

/** Values that only the old generation shows and that no metric holds: a role provides them, else they are 0. */
export type ProvidedSource = 'balance operations' | 'resident memory' | 'virtual memory';

const METRICS = new Map(METRIC_CATALOG.map((metric) => [metric.name, metric]));

function metric(name: MetricName): { description: string; source: 'total' | 'level' } {
  const found = METRICS.get(name);
  if (found === undefined) throw new TypeError(`${name} is not a metric`);
  return { description: found.description, source: found.type === 'Counter' ? 'total' : 'level' };
}

/** Says that a counter has no description but its name. */
export const ITS_OWN_NAME = 'its own name';

interface Options {
  readonly since?: CounterGeneration;
  /** Default: what the metric says of itself; {@link ITS_OWN_NAME} for none. */
  readonly description?: string;
}

/** How a type shows what its metric counts. */
const SHOWN_AS: Readonly<Record<PerfCounterType, string>> = {
  NUMBER: '',
  VOLATILE_NUMBER: ', since somebody looked last',
  RATE: ', per second',
  PERCENTILE: '',
};

function described(said: string | undefined, type: PerfCounterType, ownWords: string): string | undefined {
  return said === ITS_OWN_NAME ? undefined : (said ?? ownWords + SHOWN_AS[type]);
}

/** What of a subject a counter of one metric shows. */
type MetricOf<S> = (subject: S, reader: MetricReader, source: 'total' | 'level') => number | undefined;

/** Makes the counters that show one metric of a kind of subjects. */
const counterOf =
  <S>(metricOf: MetricOf<S>) =>
  (
    name: string,
    type: Exclude<PerfCounterType, 'PERCENTILE'>,
    metricName: GaugeName | CounterName,
    { since = '2.0', description }: Options = {},
  ): CounterDefinition<S> => {
    const { description: ownWords, source } = metric(metricName);
    const reader = new MetricReader(metricName);
    return {
      name,
      type,
      since,
      source,
      description: described(description, type, ownWords),
      read: (subject) => metricOf(subject, reader, source),
    };
  };

/** A counter that shows one metric of one entity, on the entities that have it. */
export const ofEntity = counterOf<MetricEntity>((entity, reader) => reader.of(entity));

/** A counter over all entities of a kind: what they ever counted, or the sum of what they hold now. */
export const ofAll = counterOf<EntityTotals>((entities, reader, source) =>
  source === 'total' ? entities.ever(reader) : entities.now(reader),
);

/** A counter that shows one percentile metric of one entity, on the entities that have it. */
export function percentileOfEntity(
  name: string,
  metricName: PercentileMetricName,
  { since = '2.0', description }: Options = {},
): CounterDefinition<MetricEntity> {
  const readers = { p99: new MetricReader(metricName, 'p99'), p999: new MetricReader(metricName, 'p999') };
  return {
    name,
    type: 'PERCENTILE',
    since,
    source: 'level',
    description: described(description, 'PERCENTILE', metric(metricName).description),
    read: (entity) => readers.p99.of(entity),
    p999: (entity) => readers.p999.of(entity),
  };
}

/** The same counter of a subject that holds the one it is defined for. */
export function of<S, T>(
  { p999, read, ...definition }: CounterDefinition<S>,
  subject: (whole: T) => S,
): CounterDefinition<T> {
  return {
    ...definition,
    read: (whole) => read(subject(whole)),
    ...(p999 !== undefined && { p999: (whole: T) => p999(subject(whole)) }),
  };
}

/** The counters that a generation has, with the types they have there. */
export function existingIn<S>(
  generation: CounterGeneration,
  definitions: readonly CounterDefinition<S>[],
): readonly CounterDefinition<S>[] {
  const existing = definitions.filter(({ since }) => since <= generation);
  if (generation !== '2.0') return existing;
  return existing.map((definition) => ({ ...definition, type: definition.typeIn20 ?? definition.type }));
}
