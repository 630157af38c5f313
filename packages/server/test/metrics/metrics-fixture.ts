import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeClock } from '@onebox/base';
import type { EntityType, HttpHandler, MetricDefinition, PercentileName } from '../../src';
import { MetricRegistry } from '../../src';
import { metricsHandler } from '../../src/metrics/metrics-call';

interface FixtureMetric {
  readonly type: MetricDefinition['type'];
  readonly name: string;
  readonly unit: string;
  readonly value?: number;
  readonly [percentile: string]: unknown;
}

interface FixtureEntity {
  readonly id: string;
  readonly type: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly metrics: readonly FixtureMetric[];
}

export interface MetricsVector {
  readonly method: 'GET' | 'POST';
  readonly query: string;
  readonly status: 200 | 400;
  /** By entity: the fields of each metric by its name, or of each metric when the name is not shown. */
  readonly entities?: Readonly<Record<string, Readonly<Record<string, readonly string[]>> | string[][]>>;
  readonly error_message?: string;
  readonly body_text?: string;
}

/** Upstream's own test of `/metrics`, and what follows from its code, as data (reference/metrics.md 6). */
export const GOLDEN = JSON.parse(
  readFileSync(join(__dirname, '..', 'data', 'metrics-golden.json'), 'utf8'),
) as { readonly fixture: readonly FixtureEntity[]; readonly vectors: readonly MetricsVector[] };

export const ENVELOPE = { cluster: 'onebox', role: 'replica', host: 'box-1', port: 34801 } as const;

const DESCRIPTION = 'a metric of the test';

const PERCENTILE_NAMES: readonly PercentileName[] = ['p50', 'p90', 'p95', 'p99', 'p999'];

/** The registry of upstream's test, and the call that shows it. */
export class MetricsFixture {
  readonly clock = new FakeClock();
  readonly registry: MetricRegistry;
  readonly handler: HttpHandler;

  constructor() {
    this.registry = new MetricRegistry({
      clock: this.clock,
      role: 'replica',
      retirementDelayMs: 600_000,
      catalog: definitions(),
    });
    for (const { id, type, attributes, metrics } of GOLDEN.fixture) {
      const entity = this.registry.entity(type as EntityType, id, attributes);
      for (const { type: kind, name, value } of metrics) {
        if (kind === 'Gauge') entity.gauge(name as 'total_replicas').set(value ?? 0);
        if (kind === 'Counter') entity.counter(name as 'get_requests').add(value ?? 0);
      }
    }
    this.handler = metricsHandler({
      ...ENVELOPE,
      entities: () => this.registry.entities(),
      clock: this.clock,
      cluster: () => ENVELOPE.cluster,
    });
  }

  close(): void {
    this.registry.close();
  }
}

/** Two entities of a type have the same metrics. */
function definitions(): MetricDefinition[] {
  const all = GOLDEN.fixture.flatMap(({ type, metrics }) => metrics.map((metric) => defined(type, metric)));
  return [...new Map(all.map((definition) => [definition.name, definition])).values()];
}

function defined(entityType: string, { type, name, unit, ...values }: FixtureMetric): MetricDefinition {
  return {
    name,
    entityType,
    type,
    unit,
    description: DESCRIPTION,
    roles: ['replica'],
    drive: 'traffic',
    presence: 'always',
    percentiles: PERCENTILE_NAMES.filter((percentile) => percentile in values),
  };
}

/** The whole body a vector expects, byte for byte; entities, metrics and attributes in our order. */
export function expectedMetricsBody(vector: MetricsVector, timestampNs: string): string {
  if (vector.body_text !== undefined) return vector.body_text;
  if (vector.error_message !== undefined) {
    return JSON.stringify({ error_message: vector.error_message }, null, 4);
  }
  const expected = vector.entities ?? {};
  const entities = GOLDEN.fixture
    .filter(({ id }) => id in expected)
    .map(({ type, id, attributes, metrics }) => ({
      type,
      id,
      attributes: Object.fromEntries(Object.entries(attributes).reverse()),
      metrics: shownMetrics(metrics, expected[id] ?? {}),
    }));
  const document = JSON.stringify({ ...ENVELOPE, timestamp_ns: '@', entities }, null, 4);
  return document.replace('"@"', timestampNs);
}

function shownMetrics(
  metrics: readonly FixtureMetric[],
  expected: Readonly<Record<string, readonly string[]>> | string[][],
): object[] {
  if (Array.isArray(expected)) return expected.map((fields, at) => shown(metrics[at], fields));
  return metrics
    .filter(({ name }) => name in expected)
    .map((metric) => shown(metric, expected[metric.name] ?? []));
}

function shown(metric: FixtureMetric | undefined, fields: readonly string[]): object {
  const { type, name, unit, ...values } = metric ?? {};
  const whole = { type, name, unit, desc: DESCRIPTION, ...values };
  return Object.fromEntries(Object.entries(whole).filter(([field]) => fields.includes(field)));
}
