import { jsonText } from '../http/json-text';
import type { PlacedMetric } from './metric-layout';
import type { MetricLayout } from './metric-layout';
import type { Attributes } from './metric-entity';
import { wantsMetric } from './metrics-query';
import type { MetricsQuery } from './metrics-query';

/*
 * The text of `/metrics` is encoder C of reference/http-api.md 2.3: four blanks a level, `"key": value`. 1,000 replicas have
 * 200,000 numbers and 16 MB of text around them, which is the same for all entities with the same metrics. So that text is
 * made and encoded once per scrape, and an entity is its text with its numbers in between.
 */

/** Line ends with the indentation of the document's levels. */
const IN_DOCUMENT = '\n    ';
const IN_ENTITIES = '\n        ';
const IN_ENTITY = '\n            ';
const IN_METRICS = '\n                ';
const IN_METRIC = '\n                    ';

/** What a query wants of the metrics of a layout. */
export interface MetricsPlan {
  /** What stands between the values, encoded: one more than there are values. */
  readonly texts: readonly Buffer[];
  /** Bytes of all of them together. */
  readonly textLength: number;
  /** The metric of each value, and which of its values. */
  readonly values: readonly { readonly metric: PlacedMetric; readonly place: number }[];
  /** Volatile counters that are looked at though their value is not shown (reference/metrics.md 2.8). */
  readonly unshown: readonly PlacedMetric[];
}

/** Undefined when the query wants none of these metrics. */
export function planMetrics(layout: MetricLayout, query: MetricsQuery): MetricsPlan | undefined {
  const wanted = layout.metrics.filter((metric) => wantsMetric(query, metric.definition));
  if (wanted.length === 0) return undefined;
  const texts: Buffer[] = [];
  const values: MetricsPlan['values'][number][] = [];
  const unshown: PlacedMetric[] = [];
  let text = `${IN_ENTITY}"metrics": [`;
  wanted.forEach((metric, index) => {
    text += `${index === 0 ? '' : ','}${IN_METRICS}{`;
    const shown = values.length;
    const members = membersOf(metric, query);
    members.forEach(({ name, value }, member) => {
      text += `${member === 0 ? '' : ','}${IN_METRIC}"${name}": `;
      if (typeof value === 'string') {
        text += value;
        return;
      }
      texts.push(Buffer.from(text));
      text = '';
      values.push({ metric, place: value });
    });
    if (values.length === shown && metric.definition.type === 'VolatileCounter') unshown.push(metric);
    text += members.length === 0 ? '}' : `${IN_METRICS}}`;
  });
  texts.push(Buffer.from(`${text}${IN_ENTITY}]${IN_ENTITIES}}`));
  const textLength = texts.reduce((sum, piece) => sum + piece.length, 0);
  return { texts, textLength, values, unshown };
}

/** What stands in front of an entity's metrics. Attributes come in libstdc++'s order: the newest first (2.7). */
export function entityHead(type: string, id: string, attributes: Attributes, first: boolean): string {
  const named = Object.entries(attributes).reverse();
  const lines = named.map(([name, value]) => `${IN_METRICS}${jsonText(name)}: ${jsonText(value)}`).join(',');
  return (
    `${first ? '' : ','}${IN_ENTITIES}{` +
    `${IN_ENTITY}"type": ${jsonText(type)},` +
    `${IN_ENTITY}"id": ${jsonText(id)},` +
    `${IN_ENTITY}"attributes": {${lines}${named.length === 0 ? '' : IN_ENTITY}},`
  );
}

/** Who answers a scrape, and when (2.1). */
export interface Envelope {
  readonly cluster: string;
  readonly role: string;
  /** The machine's name. */
  readonly host: string;
  readonly port: number;
  readonly timestampNs: bigint;
}

export function documentHead({ cluster, role, host, port, timestampNs }: Envelope): string {
  return (
    `{${IN_DOCUMENT}"cluster": ${jsonText(cluster === '' ? 'unknown' : cluster)},` +
    `${IN_DOCUMENT}"role": ${jsonText(role)},` +
    `${IN_DOCUMENT}"host": ${jsonText(host)},` +
    `${IN_DOCUMENT}"port": ${port},` +
    `${IN_DOCUMENT}"timestamp_ns": ${timestampNs},` +
    `${IN_DOCUMENT}"entities": [`
  );
}

export function documentTail(anyEntity: boolean): string {
  return `${anyEntity ? IN_DOCUMENT : ''}]\n}`;
}

/** A member of a metric: its text, or which of the metric's values it shows. The order is fixed (2.3). */
interface Member {
  readonly name: string;
  readonly value: string | number;
}

function membersOf({ definition }: PlacedMetric, query: MetricsQuery): Member[] {
  const { type, name, unit, description, percentiles } = definition;
  const values: readonly string[] = type === 'Percentile' ? percentiles : ['value'];
  const members: Member[] = [
    { name: 'type', value: jsonText(type) },
    { name: 'name', value: jsonText(name) },
    { name: 'unit', value: jsonText(unit) },
    { name: 'desc', value: jsonText(description) },
    ...values.map((member, place) => ({ name: member, value: place })),
  ];
  return members.filter((member) => query.fields?.has(member.name) !== false);
}
