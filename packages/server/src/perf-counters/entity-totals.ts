import type { MetricEntity, MetricName } from '../metrics';
import { MetricReader } from './metric-reader';

/**
 * Entities that are shown together: the replicas of a server or of a table, the partitions of a leader. What was counted stays
 * counted when an entity goes, so that a total never shrinks.
 */
export class EntityTotals {
  private readonly entities = new Set<MetricEntity>();
  private readonly departed = new Map<MetricName, number>();

  add(entity: MetricEntity): void {
    this.entities.add(entity);
  }

  /** The entity will not be seen again. */
  remove(entity: MetricEntity): void {
    if (!this.entities.delete(entity)) return;
    for (const { definition } of entity.layout.metrics) {
      if (definition.type !== 'Counter') continue;
      const name = definition.name as MetricName;
      const value = new MetricReader(name).of(entity) ?? 0;
      if (value !== 0) this.departed.set(name, (this.departed.get(name) ?? 0) + value);
    }
  }

  /** Whether an owner of one of them still lives. */
  get alive(): boolean {
    for (const entity of this.entities) if (!entity.stale) return true;
    return false;
  }

  get empty(): boolean {
    return this.entities.size === 0;
  }

  /** Whether one of those whose owners live has the metric. */
  have(name: MetricName): boolean {
    for (const entity of this.entities) if (!entity.stale && entity.has(name)) return true;
    return false;
  }

  /** How much was ever counted. */
  ever(metric: MetricReader): number {
    let sum = this.departed.get(metric.name) ?? 0;
    for (const entity of this.entities) sum += metric.of(entity) ?? 0;
    return sum;
  }

  /** The sum over those whose owners live. */
  now(metric: MetricReader): number {
    let sum = 0;
    for (const entity of this.entities) if (!entity.stale) sum += metric.of(entity) ?? 0;
    return sum;
  }

  /** The largest value of those whose owners live; 0 without any. */
  largest(metric: MetricReader): number {
    let most = 0;
    for (const entity of this.entities) if (!entity.stale) most = Math.max(most, metric.of(entity) ?? 0);
    return most;
  }

  /** The values of those whose owners live and that have the metric, oldest first. */
  values(metric: MetricReader): readonly number[] {
    const living = [...this.entities].filter((entity) => !entity.stale);
    return living.map((entity) => metric.of(entity)).filter((value) => value !== undefined);
  }
}
