import type { MetricEntity, MetricName } from '../metrics';

/**
 * Reads one metric of many entities. Entities of a kind share their layout, so that where the metric lies is looked up once and not
 * for each of them: a snapshot of a server with 1,000 replicas reads 120,000 values.
 */
export class MetricReader {
  private layout: MetricEntity['layout'] | undefined;
  private placed: ReturnType<MetricEntity['layout']['find']>;
  private offset = 0;

  /** @param percentile which one of a percentile metric */
  constructor(
    readonly name: MetricName,
    private readonly percentile?: 'p99' | 'p999',
  ) {}

  /** The current value; undefined when the entity does not have the metric. */
  of(entity: MetricEntity): number | undefined {
    if (entity.layout !== this.layout) this.look(entity);
    return this.placed === undefined ? undefined : Number(entity.observe(this.placed, this.offset));
  }

  private look(entity: MetricEntity): void {
    this.layout = entity.layout;
    this.placed = entity.layout.find(this.name);
    if (this.percentile === undefined) return;
    this.offset = Math.max(0, this.placed?.definition.percentiles.indexOf(this.percentile) ?? 0);
  }
}
