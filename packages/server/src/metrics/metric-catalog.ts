import type { EntityType, MetricDefinition, MetricType, Presence } from './metric-definition';
import { REPLICA_REQUEST_METRICS } from './catalog/replica-request-metrics';
import { REPLICA_STATE_METRICS } from './catalog/replica-state-metrics';
import { RUNTIME_METRICS } from './catalog/runtime-metrics';
import { SERVER_METRICS } from './catalog/server-metrics';
import { TABLE_METRICS } from './catalog/table-metrics';

const CATALOG = {
  ...SERVER_METRICS,
  ...REPLICA_STATE_METRICS,
  ...REPLICA_REQUEST_METRICS,
  ...TABLE_METRICS,
  ...RUNTIME_METRICS,
};

/** Every metric that master ships (reference/metrics-catalog.json). */
export const METRIC_CATALOG: readonly MetricDefinition[] = Object.values(CATALOG);

export type MetricName = keyof typeof CATALOG;

type NamesOf<T extends MetricType> = {
  [N in MetricName]: (typeof CATALOG)[N]['type'] extends T ? N : never;
}[MetricName];

export type GaugeName = NamesOf<'Gauge'>;
export type CounterName = NamesOf<'Counter'>;
export type PercentileMetricName = NamesOf<'Percentile'>;

/** What an entity has from its first moment on; everything else is admitted when it comes into being. */
export const INITIAL_PRESENCES: Readonly<Record<EntityType, readonly Presence[]>> = {
  server: ['always', 'build:gperf'],
  replica: ['replica'],
  disk: ['always'],
  table: ['leader'],
  partition: ['leader'],
  backup_policy: ['leader'],
  queue: ['always'],
  connection: ['client-conn'],
  profiler: ['profiled-task'],
  latency_tracer: ['config'],
};
