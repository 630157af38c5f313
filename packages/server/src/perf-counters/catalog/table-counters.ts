import type { PercentileMetricName } from '../../metrics';
import { ITS_OWN_NAME, ofAll } from '../counter-definition';
import type { CounterDefinition, CounterGeneration } from '../counter-definition';
import type { EntityTotals } from '../entity-totals';
import { MetricReader } from '../metric-reader';

/** The storage RPCs of the reference and the latency of their requests; upstream has a counter for those without one too. */
const STORAGE_RPCS: readonly (readonly [
  code: string,
  latency?: PercentileMetricName,
  since?: CounterGeneration,
])[] = [
  ['RPC_RRDB_RRDB_PUT', 'put_latency_ns'],
  ['RPC_RRDB_RRDB_MULTI_PUT', 'multi_put_latency_ns'],
  ['RPC_RRDB_RRDB_REMOVE', 'remove_latency_ns'],
  ['RPC_RRDB_RRDB_MULTI_REMOVE', 'multi_remove_latency_ns'],
  ['RPC_RRDB_RRDB_INCR', 'incr_latency_ns'],
  ['RPC_RRDB_RRDB_CHECK_AND_SET', 'check_and_set_latency_ns'],
  ['RPC_RRDB_RRDB_CHECK_AND_MUTATE', 'check_and_mutate_latency_ns'],
  ['RPC_RRDB_RRDB_DUPLICATE'],
  ['RPC_RRDB_RRDB_BULK_LOAD', undefined, '2.4'],
  ['RPC_RRDB_RRDB_GET', 'get_latency_ns'],
  ['RPC_RRDB_RRDB_MULTI_GET', 'multi_get_latency_ns'],
  ['RPC_RRDB_RRDB_BATCH_GET', 'batch_get_latency_ns', '2.4'],
  ['RPC_RRDB_RRDB_TTL'],
  ['RPC_RRDB_RRDB_SORTKEY_COUNT'],
  ['RPC_RRDB_RRDB_GET_SCANNER', 'scan_latency_ns'],
  ['RPC_RRDB_RRDB_SCAN', 'scan_latency_ns'],
  ['RPC_RRDB_RRDB_CLEAR_SCANNER'],
];

const NON_IDEMPOTENT_REFUSED = 'dup_rejected_non_idempotent_write_requests';

/** The counters of every table with a replica on the server; their names end with `@<table name>` (reference/metrics.md 4.7). */
export const TABLE_COUNTERS: readonly CounterDefinition<EntityTotals>[] = [
  ofAll('replica*eon.replica*backup_request_qps', 'RATE', 'backup_requests', { description: ITS_OWN_NAME }),
  ofAll(
    'replica*eon.replica*dup.disabled_non_idempotent_write_count',
    'VOLATILE_NUMBER',
    NON_IDEMPOTENT_REFUSED,
    {
      description: ITS_OWN_NAME,
    },
  ),
  ...STORAGE_RPCS.map(([code, latency, since]) =>
    slowest(`replica*eon.replica*table.level.${code}.latency(ns)`, latency, {
      since,
      description: undefined,
    }),
  ),
  slowest('replica*app.pegasus*dup.time_lag_ms', 'dup_time_lag_ms', {
    description: 'how long writes of the table took to get here from the cluster they come from',
  }),
  ofAll('replica*app.pegasus*dup.lagging_writes', 'VOLATILE_NUMBER', 'dup_lagging_writes'),
  ofAll(
    'replica*eon.replica*recent.backup.request.throttling.delay.count',
    'VOLATILE_NUMBER',
    'throttling_delayed_backup_requests',
    { since: '2.4', description: ITS_OWN_NAME },
  ),
  ofAll(
    'replica*eon.replica*recent.backup.request.throttling.reject.count',
    'VOLATILE_NUMBER',
    'throttling_rejected_backup_requests',
    { since: '2.4', description: ITS_OWN_NAME },
  ),
];

/** The percentiles of the table's slowest replica: a percentile of several cannot be had from theirs. */
function slowest(
  name: string,
  metric: PercentileMetricName | undefined,
  { since = '2.0', description }: { since?: CounterGeneration | undefined; description: string | undefined },
): CounterDefinition<EntityTotals> {
  const of = (percentile: 'p99' | 'p999') => {
    const reader = metric === undefined ? undefined : new MetricReader(metric, percentile);
    return (replicas: EntityTotals) => (reader === undefined ? 0 : replicas.largest(reader));
  };
  return {
    name,
    type: 'PERCENTILE',
    since,
    source: 'level',
    description,
    read: of('p99'),
    p999: of('p999'),
  };
}
