import { splitFields } from '../http/split-fields';
import type { Attributes } from './metric-entity';
import type { MetricDefinition } from './metric-definition';

/** What a scrape asks for. Undefined: no restriction (reference/metrics.md 2.5). */
export interface MetricsQuery {
  readonly types?: ReadonlySet<string>;
  readonly ids?: ReadonlySet<string>;
  /** Name and value; one that an entity has is enough. */
  readonly attributes?: readonly (readonly [string, string])[];
  readonly metrics?: ReadonlySet<string>;
  readonly fields?: ReadonlySet<string>;
}

/** What is shown of a metric when nobody asks for more. */
const BRIEF: ReadonlySet<string> = new Set(['name', 'value', 'p50', 'p90', 'p95', 'p99', 'p999']);

const ODD_ATTRIBUTES =
  'the number of arguments for attributes should be even, since each attribute name always pairs with a value';
const NO_BOOLEAN = 'the value of detail should be a boolean value, i.e. true or false';

/** Why a query is refused, in upstream's words. */
export class QueryRefusal {
  constructor(readonly message: string) {}
}

/**
 * Reads the parameters of `GET /metrics` (2.5, 2.6). Of several wrong ones the last is reported: upstream walks a hash map,
 * which gives small ones back newest first.
 */
export function readMetricsQuery(args: ReadonlyMap<string, string>): MetricsQuery | QueryRefusal {
  for (const [name, value] of [...args].reverse()) {
    const wrong = refuse(name, value);
    if (wrong !== undefined) return new QueryRefusal(wrong);
  }
  return {
    types: wantedSet(args.get('types')),
    ids: wantedSet(args.get('ids')),
    attributes: wantedAttributes(args.get('attributes')),
    metrics: wantedSet(args.get('metrics')),
    fields: wantedFields(args),
  };
}

/** Whether a query wants an entity, by everything but its metrics. */
export function wantsEntity(
  query: MetricsQuery,
  entity: { readonly type: string; readonly id: string; readonly attributes: Attributes },
): boolean {
  if (query.types?.has(entity.type) === false || query.ids?.has(entity.id) === false) return false;
  return (
    query.attributes === undefined ||
    query.attributes.some(([name, value]) => entity.attributes[name] === value)
  );
}

export function wantsMetric(query: MetricsQuery, { name }: Pick<MetricDefinition, 'name'>): boolean {
  return query.metrics?.has(name) !== false;
}

function refuse(name: string, value: string): string | undefined {
  switch (name) {
    case 'types':
    case 'ids':
    case 'metrics':
    case 'with_metric_fields':
      return undefined;
    case 'attributes':
      return listed(value).length % 2 === 0 ? undefined : ODD_ATTRIBUTES;
    case 'detail':
      return /^(true|false)$/i.test(value) ? undefined : NO_BOOLEAN;
    default:
      return `unknown field ${name}=${value}`;
  }
}

function wantedFields(args: ReadonlyMap<string, string>): ReadonlySet<string> | undefined {
  const fields = args.get('with_metric_fields');
  // That it is given counts, even when it names nothing: then everything is shown.
  if (fields !== undefined) return wantedSet(fields);
  return args.get('detail')?.toLowerCase() === 'true' ? undefined : BRIEF;
}

function wantedSet(value: string | undefined): ReadonlySet<string> | undefined {
  const names = listed(value ?? '');
  return names.length === 0 ? undefined : new Set(names);
}

function wantedAttributes(value: string | undefined): readonly (readonly [string, string])[] | undefined {
  const words = listed(value ?? '');
  if (words.length === 0) return undefined;
  return words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? ''] as const] : []));
}

function listed(value: string): string[] {
  return splitFields(value, ',', 'dropped');
}
