import { timestampOf } from './go-collector';
import { ReaderFailure, asList, asObject, asString, parseJson } from './http-source';
import type { HttpSource, Json, JsonObject } from './http-source';

/** One query of the C++ shell, as it builds it: members in this order, empty lists left out, commas raw. */
export interface ShellQuery {
  /** `value`, or `p99`; the name comes behind it, in the order of its hash set. */
  readonly field?: 'value' | 'p99';
  readonly types: readonly string[];
  readonly attributes?: readonly string[];
  readonly metrics: readonly string[];
}

export function shellPath({ field = 'value', types, attributes = [], metrics }: ShellQuery): string {
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ['with_metric_fields', [field, 'name']],
    ['types', types],
    ['attributes', attributes],
    ['metrics', metrics],
  ];
  const query = lists
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => `${name}=${values.join(',')}`);
  return `/metrics?${query.join('&')}`;
}

export interface ShellEntity {
  readonly type: string;
  readonly id: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly values: ReadonlyMap<string, number>;
}

export interface ShellSample {
  readonly role: string;
  readonly port: number;
  readonly timestampNs: bigint;
  readonly entities: readonly ShellEntity[];
}

/** Sends a query and decodes the answer as strictly as the shell (reference/metrics.md 5.3). Redirects are an error to it. */
export async function shellSample(source: HttpSource, node: string, query: ShellQuery): Promise<ShellSample> {
  const { status, body } = await source.get(node, shellPath(query));
  if (status !== 200) throw new ReaderFailure(`got HTTP status ${status}: ${body}`);
  const answer = members(parseJson(body, 'the answer'), [
    'cluster',
    'role',
    'host',
    'port',
    'timestamp_ns',
    'entities',
  ]);
  asString(answer['cluster'], 'cluster');
  asString(answer['host'], 'host');
  const { port } = answer;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 0 || port > 0xffff) {
    throw new ReaderFailure('port is no unsigned 16-bit number');
  }
  return {
    role: asString(answer['role'], 'role'),
    port,
    timestampNs: timestampOf(body),
    entities: asList(answer['entities'], 'entities').map((entity) =>
      readEntity(entity, query.field ?? 'value'),
    ),
  };
}

function readEntity(json: Json, field: 'value' | 'p99'): ShellEntity {
  const entity = members(json, ['type', 'id', 'attributes', 'metrics']);
  const attributes = Object.entries(asObject(entity['attributes'], 'attributes')).map(
    ([name, value]): [string, string] => [name, asString(value, name)],
  );
  const values = asList(entity['metrics'], 'metrics').map((metric): [string, number] => {
    const read = members(metric, ['name', field]);
    const value = read[field];
    if (typeof value !== 'number') throw new ReaderFailure(`${field} is no JSON number`);
    return [asString(read['name'], 'name'), value];
  });
  return {
    type: asString(entity['type'], 'type'),
    id: asString(entity['id'], 'id'),
    attributes: new Map(attributes),
    values: new Map(values),
  };
}

/** An object is taken when all its known members are there, or when it has no unknown ones. */
function members(json: Json, known: readonly string[]): JsonObject {
  const object = asObject(json, 'an answer');
  const complete = known.every((name) => object[name] !== undefined);
  const unknown = Object.keys(object).find((name) => !known.includes(name));
  if (!complete && unknown !== undefined) throw new ReaderFailure(`unknown member ${unknown}`);
  return object;
}

function sum(entities: readonly ShellEntity[], metric: string): number {
  return entities.reduce((total, { values }) => total + (values.get(metric) ?? 0), 0);
}

/** `nodes -u` of one replica server: sums, and the disk's share that is available, in percent. */
export async function nodesUsage(source: HttpSource, node: string) {
  const { entities } = await shellSample(source, node, {
    types: ['server', 'replica', 'disk'],
    metrics: [
      'resident_mem_usage_mb',
      'rdb_block_cache_mem_usage_bytes',
      'rdb_wbm_total_mem_usage_bytes',
      'rdb_wbm_mutable_mem_usage_bytes',
      'rdb_memtable_mem_usage_bytes',
      'rdb_index_and_filter_blocks_mem_usage_bytes',
      'disk_capacity_total_mb',
      'disk_capacity_avail_mb',
    ],
  });
  const total = sum(entities, 'disk_capacity_total_mb');
  return {
    residentMb: sum(entities, 'resident_mem_usage_mb'),
    diskAvailablePercent:
      total === 0 ? 0 : Math.round((sum(entities, 'disk_capacity_avail_mb') * 100) / total),
  };
}

const CLIENT_REQUESTS = [
  'get_requests',
  'multi_get_requests',
  'batch_get_requests',
  'put_requests',
  'multi_put_requests',
] as const;

/** `nodes -q` of one replica server: what came between two samples over all its replicas, and latencies by task. */
export async function nodesQps(source: HttpSource, node: string) {
  const query: ShellQuery = {
    types: ['replica'],
    metrics: [...CLIENT_REQUESTS, 'read_capacity_units', 'write_capacity_units'],
  };
  const [before, after] = await twoSamples(source, node, query);
  const latencies = await shellSample(source, node, {
    field: 'p99',
    types: ['profiler'],
    metrics: ['profiler_server_rpc_latency_ns'],
  });
  const tasks = latencies.entities.map((entity): [string, number] => {
    const task = entity.attributes.get('task_name');
    if (entity.type !== 'profiler' || task === undefined)
      throw new ReaderFailure(`${entity.id} is no profiler`);
    return [task, entity.values.get('profiler_server_rpc_latency_ns') ?? 0];
  });
  const increases = query.metrics.map((metric): [string, number] => [
    metric,
    sum(after.entities, metric) - sum(before.entities, metric),
  ]);
  return { increases: Object.fromEntries(increases), p99ByTask: new Map(tasks) };
}

/** `server_stat` of one server of either role. */
export async function serverStat(source: HttpSource, node: string) {
  const query: ShellQuery = { types: ['server'], metrics: ['virtual_mem_usage_mb', 'resident_mem_usage_mb'] };
  const [, { role, entities }] = await twoSamples(source, node, query);
  if (role !== 'meta' && role !== 'replica') throw new ReaderFailure(`role ${role} is unsupported`);
  return {
    role,
    virtualMb: sum(entities, 'virtual_mem_usage_mb'),
    residentMb: sum(entities, 'resident_mem_usage_mb'),
  };
}

/** The 59 metrics of `app_stat`. */
export const APP_STAT_METRICS: readonly string[] = (
  'get_requests multi_get_requests batch_get_requests put_requests multi_put_requests remove_requests ' +
  'multi_remove_requests incr_requests check_and_set_requests check_and_mutate_requests scan_requests dup_requests ' +
  'dup_shipped_successful_requests dup_shipped_failed_requests dup_recent_lost_mutations read_capacity_units ' +
  'write_capacity_units read_expired_values read_filtered_values abnormal_read_requests ' +
  'throttling_delayed_write_requests throttling_rejected_write_requests throttling_delayed_read_requests ' +
  'throttling_rejected_read_requests throttling_delayed_backup_requests throttling_rejected_backup_requests ' +
  'splitting_rejected_write_requests splitting_rejected_read_requests bulk_load_ingestion_rejected_write_requests ' +
  'rdb_total_sst_size_mb rdb_total_sst_files rdb_block_cache_hit_count rdb_block_cache_total_count ' +
  'rdb_index_and_filter_blocks_mem_usage_bytes rdb_memtable_mem_usage_bytes rdb_estimated_keys ' +
  'rdb_bloom_filter_seek_negatives rdb_bloom_filter_seek_total rdb_bloom_filter_point_lookup_true_positives ' +
  'rdb_bloom_filter_point_lookup_positives rdb_bloom_filter_point_lookup_negatives backup_requests ' +
  'backup_request_bytes get_bytes multi_get_bytes batch_get_bytes scan_bytes put_bytes multi_put_bytes ' +
  'check_and_set_bytes check_and_mutate_bytes rdb_compaction_input_bytes rdb_compaction_output_bytes ' +
  'rdb_l2_and_up_hit_count rdb_l1_hit_count rdb_l0_hit_count rdb_memtable_hit_count rdb_write_amplification ' +
  'rdb_read_amplification'
).split(' ');

/**
 * `app_stat`, with `-a` of a table: the partitions whose primary is this node, with what the second sample says.
 *
 * @param primaries the node that leads each partition, by `table.partition`
 */
export async function appStat(
  source: HttpSource,
  node: string,
  primaries: ReadonlyMap<string, string>,
  tableId?: number,
): Promise<ReadonlyMap<string, ShellEntity>> {
  const [, after] = await twoSamples(source, node, {
    types: ['replica'],
    attributes: tableId === undefined ? [] : ['table_id', String(tableId)],
    metrics: APP_STAT_METRICS,
  });
  const led = after.entities.map((entity): [string, ShellEntity] => [partitionOf(entity), entity]);
  return new Map(led.filter(([id]) => primaries.get(id) === node));
}

/** `app_disk`: SST files of every replica of a table on this node, by partition. */
export async function appDisk(
  source: HttpSource,
  node: string,
  tableId: number,
): Promise<ReadonlyMap<string, number>> {
  const { entities } = await shellSample(source, node, {
    types: ['replica'],
    attributes: ['table_id', String(tableId)],
    metrics: ['rdb_total_sst_files', 'rdb_total_sst_size_mb'],
  });
  return new Map(
    entities.map((entity) => [partitionOf(entity), entity.values.get('rdb_total_sst_files') ?? 0]),
  );
}

async function twoSamples(
  source: HttpSource,
  node: string,
  query: ShellQuery,
): Promise<[ShellSample, ShellSample]> {
  const before = await shellSample(source, node, query);
  const after = await shellSample(source, node, query);
  if (after.timestampNs <= before.timestampNs) throw new ReaderFailure('timestamps do not increase');
  return [before, after];
}

function partitionOf({ type, id, attributes }: ShellEntity): string {
  const [table, partition] = [attributes.get('table_id'), attributes.get('partition_id')];
  if (type !== 'replica' || !/^\d+$/.test(table ?? '') || !/^\d+$/.test(partition ?? '')) {
    throw new ReaderFailure(`${id} is no replica of a table`);
  }
  return `${table}.${partition}`;
}
