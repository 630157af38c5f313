import type { CounterName, GaugeName, MetricName, PercentileMetricName } from './metric-catalog';
import type { EntityType, MetricDefinition, MetricType, Presence } from './metric-definition';
import { Counter, Gauge, Percentile, VolatileCounter } from './metric-handles';
import type { MetricLayout, PlacedMetric } from './metric-layout';
import { MetricValues } from './metric-values';
import type { PercentileTimer } from './percentile-timer';

/** In the order in which upstream's code sets them; `/metrics` shows them the other way round (reference/metrics.md 2.7). */
export type Attributes = Readonly<Record<string, string>>;

/** What an entity needs of its registry. */
export interface EntityHome {
  readonly percentileTimer: PercentileTimer;
  /** The catalog's metrics of a type of entity on this role. */
  definitions(type: EntityType): readonly MetricDefinition[];
}

/**
 * Something that has metrics: a server, a replica, a table … It lives as long as its owner, and is reported for a while
 * longer: see {@link release}. Made by `MetricRegistry.entity`.
 */
export class MetricEntity {
  private readonly values: MetricValues;
  /** Only those that were asked for: a sample needs a window, and a window needs memory. */
  private readonly percentiles = new Map<string, Percentile>();
  private released = false;

  constructor(
    readonly type: EntityType,
    readonly id: string,
    private named: Attributes,
    private shape: MetricLayout,
    private readonly home: EntityHome,
  ) {
    this.values = new MetricValues(shape.valueCount);
  }

  get attributes(): Attributes {
    return this.named;
  }

  /** Its metrics, in the order of the catalog. */
  get layout(): MetricLayout {
    return this.shape;
  }

  /** True when its owner is gone. */
  get stale(): boolean {
    return this.released;
  }

  has(name: string): boolean {
    return this.shape.find(name) !== undefined;
  }

  /** @throws TypeError when this entity has no such metric: admit it first */
  gauge(name: GaugeName): Gauge {
    return new Gauge(this.values, this.placed(name, 'Gauge').at);
  }

  /** @throws TypeError when this entity has no such metric: admit it first */
  counter(name: CounterName): Counter {
    return new Counter(this.values, this.placed(name, 'Counter').at);
  }

  /** No shipped metric is of this kind. @throws TypeError when this entity has no such metric */
  volatileCounter(name: string): VolatileCounter {
    return new VolatileCounter(this.values, this.placed(name, 'VolatileCounter').at);
  }

  /** @throws TypeError when this entity has no such metric: admit it first */
  percentile(name: PercentileMetricName): Percentile {
    const metric = this.placed(name, 'Percentile');
    const known = this.percentiles.get(name);
    if (known !== undefined) return known;
    const made = new Percentile(this.values, metric, this.home.percentileTimer);
    this.percentiles.set(name, made);
    return made;
  }

  /** Begins to have all metrics of the catalog with this presence; those it has already go on. */
  admit(presence: Presence): void {
    this.extend((definition) => definition.presence === presence);
  }

  /** Begins to have one metric: some of a profiled task exist only where the configuration says so. */
  admitMetric(name: MetricName): void {
    this.extend((definition) => definition.name === name);
    this.placed(name);
  }

  /**
   * The owner is gone. The entity is still reported, with values that do not change any more, until two rounds of the
   * retirement timer have passed; `MetricRegistry.entity` with the same id takes it up again (reference/metrics.md 2.9).
   */
  release(): void {
    this.released = true;
    this.values.freeze();
  }

  /** The registry's: it has an owner again. */
  takeUp(attributes: Attributes): void {
    this.released = false;
    this.named = attributes;
  }

  /** What a scrape shows. Looking takes away what a volatile counter holds, and nothing else. */
  observe(metric: PlacedMetric, value = 0): number | bigint {
    const { at, definition } = metric;
    if (definition.type === 'VolatileCounter') return new VolatileCounter(this.values, at).take();
    return this.values.get(at + value);
  }

  private extend(wanted: (definition: MetricDefinition) => boolean): void {
    const extended = this.shape.with(this.home.definitions(this.type).filter(wanted));
    if (extended === this.shape) return;
    this.shape = extended;
    this.values.grow(extended.valueCount);
  }

  private placed(name: string, type?: MetricType): PlacedMetric {
    const metric = this.shape.find(name);
    if (metric === undefined) throw new TypeError(`${this.id} has no metric ${name}`);
    if (type !== undefined && metric.definition.type !== type) {
      throw new TypeError(`${name} is a ${metric.definition.type}, not a ${type}`);
    }
    return metric;
  }
}
