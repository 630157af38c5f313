import type { MetricRegistry } from '../../src';

/** What an entity shows: its metrics by name, those at 0 left out; undefined when it is not reported. */
export function moved(registry: MetricRegistry, id: string): Record<string, number> | undefined {
  const entity = registry.find(id);
  if (entity === undefined) return undefined;
  const values = entity.layout.metrics.map((metric): [string, number] => [
    metric.definition.name,
    Number(entity.observe(metric)),
  ]);
  return Object.fromEntries(values.filter(([, value]) => value !== 0));
}
