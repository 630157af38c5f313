import { ReaderFailure, asList, asObject, asString, getFollowing, getOk, parseJson } from './http-source';
import type { HttpSource, Json, JsonObject } from './http-source';

type Role = 'meta' | 'replica';

/** What a metric of an entity is to the collector; percentiles are read and forgotten. */
interface Scraped {
  readonly name: string;
  readonly type: string;
  value: number;
}

/**
 * The Go collector of master as it reads (reference/metrics.md 5.1, b and c): it registers what it finds at its start, maps
 * table ids to names, and then scrapes every server each round. It fails where the real one ends a round or panics.
 */
export class GoCollector {
  /** Values by `endpoint level title name`, as its Prometheus side has them. */
  readonly series = new Map<string, number>();
  /** What it complains about in its log, and goes on. */
  readonly complaints = new Set<string>();
  private readonly registered = new Map<string, 'Counter' | 'Gauge'>();
  private readonly tableNames = new Map<string, string>();

  constructor(
    private readonly source: HttpSource,
    private readonly metaServers: readonly string[],
    private readonly role: Role,
  ) {}

  /** Once, at its start: names, types and help texts of all metrics of all targets. */
  async register(): Promise<void> {
    for (const target of await this.targets()) {
      for (const entity of await this.scrape(target)) {
        for (const metric of metricsOf(entity)) this.registerOne(metric);
      }
    }
  }

  /** Every ten seconds: the tables first, then every target; one that does not answer ends the round. */
  async round(): Promise<void> {
    await this.readTableNames();
    const byTable = new Map<string, Scraped[]>();
    const byServer = new Map<string, readonly Scraped[]>();
    for (const target of await this.targets()) {
      for (const entity of await this.scrape(target)) {
        const type = asString(entity['type'], 'the type of an entity');
        const metrics = metricsOf(entity).map(scraped);
        switch (type) {
          case 'replica':
            break;
          case 'table':
          case 'partition': {
            const attributes = asObject(entity['attributes'], 'attributes');
            merge(byTable, asString(attributes['table_id'], 'table_id'), metrics);
            break;
          }
          case 'server':
            byServer.set(target, metrics);
            break;
          default:
            this.complaints.add(`Unsupport entity type ${type}`);
        }
      }
    }
    for (const [id, metrics] of byTable) {
      for (const metric of metrics) this.update(metric, 'cluster', 'table', this.tableNames.get(id) ?? id);
    }
    for (const [node, metrics] of byServer) {
      for (const metric of metrics) this.update(metric, node, 'server', 'server');
    }
  }

  private async targets(): Promise<readonly string[]> {
    if (this.role === 'meta') return this.metaServers;
    for (const meta of this.metaServers) {
      const { status, body } = await getFollowing(this.source, meta, '/meta/nodes').catch(() => NO_ANSWER);
      if (status !== 200) continue;
      return Object.keys(
        asObject(asObject(parseJson(body, '/meta/nodes'), '/meta/nodes')['details'], 'details'),
      );
    }
    return [];
  }

  private async readTableNames(): Promise<void> {
    const [first = ''] = this.metaServers;
    const cluster = asObject(
      parseJson(await getOk(this.source, first, '/meta/cluster'), '/meta/cluster'),
      '/meta/cluster',
    );
    const primary = asString(cluster['primary_meta_server'], 'primary_meta_server');
    const apps = asObject(
      parseJson(await getOk(this.source, primary, '/meta/apps'), '/meta/apps'),
      '/meta/apps',
    );
    for (const row of Object.values(asObject(apps['general_info'], 'general_info'))) {
      const { app_id: id, app_name: name } = asObject(row, 'a row of general_info');
      // A name that changed is not noticed.
      const known = asString(id, 'app_id');
      if (!this.tableNames.has(known)) this.tableNames.set(known, asString(name, 'app_name'));
    }
  }

  private async scrape(target: string): Promise<readonly JsonObject[]> {
    const body = await getOk(this.source, target, '/metrics?detail=true');
    const answer = asObject(parseJson(body, '/metrics'), '/metrics');
    return asList(answer['entities'], 'entities').map((entity) => asObject(entity, 'an entity'));
  }

  private registerOne(metric: JsonObject): void {
    const name = asString(metric['name'], 'the name of a metric');
    const type = asString(metric['type'], `the type of ${name}`);
    if (asString(metric['desc'], `the description of ${name}`) === '') {
      throw new ReaderFailure(`${name} has no help text`);
    }
    if (type === 'Counter' || type === 'Gauge') this.registered.set(name, type);
    else if (type !== 'Percentile') this.complaints.add(`Unsupport metric type ${type}`);
  }

  private update({ name, type, value }: Scraped, endpoint: string, level: string, title: string): void {
    if (type === 'Percentile') return;
    if (type !== 'Counter' && type !== 'Gauge') {
      this.complaints.add(`Unsupport metric type ${type}`);
      return;
    }
    if (this.registered.get(name) === undefined) {
      this.complaints.add(`Unknown metric name ${name}`);
      return;
    }
    const key = `${endpoint} ${level} ${title} ${name}`;
    if (type === 'Gauge') {
      this.series.set(key, value);
      return;
    }
    if (value < 0) throw new ReaderFailure(`panic: counter ${name} cannot decrease in value`);
    this.series.set(key, (this.series.get(key) ?? 0) + value);
  }
}

const NO_ANSWER = { status: 0, body: '' };

function metricsOf(entity: JsonObject): readonly JsonObject[] {
  return asList(entity['metrics'], 'metrics').map((metric) => asObject(metric, 'a metric'));
}

/** gjson gives 0 for a value that is not there: a percentile has none. */
function scraped(metric: JsonObject): Scraped {
  const name = asString(metric['name'], 'the name of a metric');
  const value = metric['value'] ?? 0;
  if (typeof value !== 'number') throw new ReaderFailure(`the value of ${name} is no number`);
  return { name, type: asString(metric['type'], `the type of ${name}`), value };
}

/** Entities of one table become one. Its percentiles have no room for values, which the real one finds out by a panic. */
function merge(byTable: Map<string, Scraped[]>, tableId: string, metrics: readonly Scraped[]): void {
  const known = byTable.get(tableId);
  if (known === undefined) {
    byTable.set(tableId, [...metrics]);
    return;
  }
  for (const { name, type, value } of metrics) {
    for (const metric of known) {
      if (metric.name !== name) continue;
      if (type === 'Percentile') throw new ReaderFailure('panic: runtime error: index out of range [0]');
      if (type === 'Gauge') metric.value += value;
    }
  }
}

/** The request of its hotspot detector, slips included: an empty attributes and ids, one metric twice, one missing. */
export const HOTSPOT_PATH =
  '/metrics?attributes=&ids=&metrics=get_requests%2Cmulti_get_requests%2Cbatch_get_requests%2Cscan_requests' +
  '%2Cput_requests%2Cmulti_get_requests%2Cremove_requests%2Cmulti_remove_requests%2Cincr_requests' +
  '%2Ccheck_and_set_requests%2Ccheck_and_mutate_requests%2Cdup_requests&types=replica' +
  '&with_metric_fields=name%2Cvalue';

/** One scrape of the hotspot detector: requests by `table.partition`. */
export interface HotspotSample {
  readonly timestampNs: bigint;
  readonly requests: ReadonlyMap<string, number>;
}

/** Decodes as strictly as its Go structs do (reference/metrics.md 5.1, d). */
export async function hotspotSample(source: HttpSource, node: string): Promise<HotspotSample> {
  const body = await getOk(source, node, HOTSPOT_PATH);
  const answer = asObject(parseJson(body, '/metrics'), '/metrics');
  for (const member of ['cluster', 'role', 'host']) asString(answer[member], member);
  if (!Number.isInteger(answer['port'])) throw new ReaderFailure('port is no integer');
  const requests = new Map<string, number>();
  for (const json of asList(answer['entities'], 'entities')) {
    const entity = asObject(json, 'an entity');
    const attributes = asObject(entity['attributes'], 'attributes');
    const [table, partition] = ['table_id', 'partition_id'].map((name) => decimal(attributes[name], name));
    let sum = 0;
    for (const metric of metricsOf(entity)) {
      const { value } = metric;
      if (typeof value !== 'number') throw new ReaderFailure('a value is no number');
      sum += value;
    }
    requests.set(`${table}.${partition}`, sum);
  }
  return { timestampNs: timestampOf(body), requests };
}

/** How many requests came between two samples, by partition. */
export function hotspotIncrease(before: HotspotSample, after: HotspotSample): ReadonlyMap<string, number> {
  if (after.timestampNs <= before.timestampNs) throw new ReaderFailure('timestamps do not increase');
  return new Map([...after.requests].map(([id, count]) => [id, count - (before.requests.get(id) ?? 0)]));
}

function decimal(value: Json | undefined, what: string): number {
  const text = asString(value, what);
  if (!/^\d+$/.test(text)) throw new ReaderFailure(`${what} ${text} is no number`);
  return Number(text);
}

/** The top level's timestamp is above 2^53: JavaScript's own parser would round it. */
export function timestampOf(body: string): bigint {
  const digits = /^\{\s*(?:"[a-z]+": (?:"(?:[^"\\]|\\.)*"|\d+),\s*)*"timestamp_ns": (\d+)[,\s}]/.exec(
    body,
  )?.[1];
  if (digits === undefined) throw new ReaderFailure('timestamp_ns is no unsigned integer');
  return BigInt(digits);
}
