import type { MetricEntity, MetricName } from '../metrics';

/** The current value of a metric; undefined when the entity does not have it. Of a percentile metric it is the named one. */
export function metricValue(
  entity: MetricEntity,
  name: MetricName,
  percentile?: 'p99' | 'p999',
): number | undefined {
  const placed = entity.layout.find(name);
  if (placed === undefined) return undefined;
  const at = percentile === undefined ? 0 : placed.definition.percentiles.indexOf(percentile);
  return at < 0 ? 0 : Number(entity.observe(placed, at));
}
