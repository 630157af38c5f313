import type { MetricDefinition } from './metric-definition';

/** A metric of an entity, and where its first value lies. */
export interface PlacedMetric {
  readonly definition: MetricDefinition;
  /** A percentile has one value for each of its percentiles, everything else has one. */
  readonly at: number;
}

/**
 * Which metrics an entity has, and where their values lie. Shared by all entities that have the same ones: a server with
 * 1,000 replicas has one layout for their 123,000 metrics. It never changes; more metrics make another layout, in which
 * the values so far keep their places.
 */
export class MetricLayout {
  private readonly byName: ReadonlyMap<string, PlacedMetric>;
  private readonly extended = new Map<string, MetricLayout>();

  private constructor(
    readonly metrics: readonly PlacedMetric[],
    readonly valueCount: number,
  ) {
    this.byName = new Map(metrics.map((metric) => [metric.definition.name, metric]));
  }

  static of(definitions: readonly MetricDefinition[]): MetricLayout {
    return new MetricLayout([], 0).extend(definitions);
  }

  find(name: string): PlacedMetric | undefined {
    return this.byName.get(name);
  }

  /** The layout with these metrics as well; those it has already stay as they are. Asked again, it is the same one. */
  with(definitions: readonly MetricDefinition[]): MetricLayout {
    const missing = definitions.filter((definition) => !this.byName.has(definition.name));
    if (missing.length === 0) return this;
    const key = missing.map((definition) => definition.name).join(' ');
    const known = this.extended.get(key);
    if (known !== undefined) return known;
    const made = this.extend(missing);
    this.extended.set(key, made);
    return made;
  }

  private extend(definitions: readonly MetricDefinition[]): MetricLayout {
    const metrics = [...this.metrics];
    let at = this.valueCount;
    for (const definition of definitions) {
      metrics.push({ definition, at });
      at += definition.type === 'Percentile' ? definition.percentiles.length : 1;
    }
    return new MetricLayout(metrics, at);
  }
}
