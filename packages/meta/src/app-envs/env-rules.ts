import { splitFields } from '@onebox/server';
import { checkThrottle, checkTokenBucket } from './throttling';

/** What a table env may hold. `limit` is the text that hints and `/envs/list` show; it need not say what `accepts` tests. */
export type EnvRule =
  | { readonly type: 'bool'; readonly limit: string; readonly sample: string }
  | {
      readonly type: 'int32' | 'int64';
      readonly limit: string;
      readonly sample: string;
      readonly accepts: (value: bigint) => boolean;
    }
  | {
      readonly type: 'text';
      readonly limit: string;
      readonly sample: string;
      /** Why a value is refused, or undefined when it is not. */
      readonly check: (value: string) => string | undefined;
    };

type Check = (value: string) => string | undefined;

const BOOL: EnvRule = { type: 'bool', limit: 'true | false', sample: 'true' };
const ANY_TEXT: EnvRule = { type: 'text', limit: '', sample: '', check: () => undefined };

function integer(
  type: 'int32' | 'int64',
  limit: string,
  sample: string,
  accepts: (value: bigint) => boolean,
): EnvRule {
  return { type, limit, sample, accepts };
}

function range(min: bigint, max: bigint, sample: string): EnvRule {
  return integer('int64', `In range [${min}, ${max}]`, sample, (value) => value >= min && value <= max);
}

function text(limit: string, sample: string, check: Check): EnvRule {
  return { type: 'text', limit, sample, check };
}

function oneOf(values: readonly string[], sample: string): EnvRule {
  const limit = values.join(' | ');
  return text(limit, sample, (value) => (values.includes(value) ? undefined : limit));
}

const THROTTLE = text(
  '<size[K|M]>*<delay|reject>*<milliseconds>',
  '10000*delay*100,20000*reject*100',
  checkThrottle,
);

const notNegative = (value: bigint): boolean => value >= 0n;
const TARGET_LEVEL = integer('int64', '-1 or >= 1', '6', (value) => value === -1n || value >= 1n);
const BOTTOMMOST_LEVEL_COMPACTION = oneOf(['force', 'skip'], 'skip');

const DENIED_HOW = ['timeout', 'reconfig'];
const DENIED_WHAT = ['all', 'write', 'read'];

function checkDenyClientRequest(value: string): string | undefined {
  const [how, what, ...more] = splitFields(value, '*', 'kept');
  const known = DENIED_HOW.includes(how ?? '') && DENIED_WHAT.includes(what ?? '') && more.length === 0;
  return known
    ? undefined
    : 'Invalid deny client args, valid include: timeout*all, timeout*write, timeout*read; ' +
        'reconfig*all, reconfig*write, reconfig*read';
}

/**
 * Every env a client can set on a table (reference/cluster-behaviour.md 7.4, http-api.md 3.23). The leader's own
 * `max_replica_count.update` is not among them.
 */
export const ENV_RULES: ReadonlyMap<string, EnvRule> = new Map([
  ['replica.slow_query_threshold', integer('int64', '>= 20', '1000', (value) => value >= 20n)],
  ['replica.write_throttling', THROTTLE],
  ['replica.write_throttling_by_size', THROTTLE],
  ['replica.read_throttling', THROTTLE],
  ['replica.backup_request_throttling', THROTTLE],
  ['replica.read_throttling_by_size', text('', '20000*delay*100,20000*reject*100', checkTokenBucket)],
  ['replica.rocksdb_iteration_threshold_time_ms', integer('int64', '>= 0', '1000', notNegative)],
  ['replica.rocksdb_block_cache_enabled', BOOL],
  ['replica.split.validate_partition_hash', BOOL],
  [
    'replica.deny_client_request',
    text(
      DENIED_HOW.flatMap((how) => DENIED_WHAT.map((what) => `${how}*${what}`)).join(' | '),
      'timeout*all',
      checkDenyClientRequest,
    ),
  ],
  ['rocksdb.allow_ingest_behind', BOOL],
  ['rocksdb.write_buffer_size', range(16777216n, 536870912n, '16777216')],
  ['rocksdb.num_levels', range(1n, 10n, '6')],
  ['rocksdb.usage_scenario', oneOf(['bulk_load', 'normal', 'prefer_write'], 'normal')],
  ['rocksdb.checkpoint.reserve_min_count', integer('int32', '> 0', '2', (value) => value > 0n)],
  ['rocksdb.checkpoint.reserve_time_seconds', integer('int32', '>= 0', '3600', notNegative)],
  ['default_ttl', integer('int32', '>= 0', '86400', notNegative)],
  ['manual_compact.disabled', BOOL],
  ['manual_compact.max_concurrent_running_count', integer('int32', '>= 0', '8', notNegative)],
  [
    'manual_compact.once.trigger_time',
    // Upstream's text says > 0, its test lets 0 pass.
    integer(
      'int64',
      '> 0, timestamp (in seconds) to trigger the once manual compaction',
      '1700000000',
      notNegative,
    ),
  ],
  ['manual_compact.once.target_level', TARGET_LEVEL],
  ['manual_compact.once.bottommost_level_compaction', BOTTOMMOST_LEVEL_COMPACTION],
  ['manual_compact.periodic.trigger_time', ANY_TEXT],
  ['manual_compact.periodic.target_level', TARGET_LEVEL],
  ['manual_compact.periodic.bottommost_level_compaction', BOTTOMMOST_LEVEL_COMPACTION],
  ['user_specified_compaction', ANY_TEXT],
  ['business.info', ANY_TEXT],
  ['replica_access_controller.allowed_users', ANY_TEXT],
  ['replica_access_controller.ranger_policies', ANY_TEXT],
  ['duplication.master_cluster', ANY_TEXT],
  ['duplication.master_metas', ANY_TEXT],
  ['duplication.master_app_name', ANY_TEXT],
  ['duplication.follower_app_status', ANY_TEXT],
]);

/** The only envs create_app looks at; anything else given at creation is stored as it is (7.2). */
export const ENVS_CHECKED_AT_CREATION: readonly string[] = [
  'rocksdb.num_levels',
  'rocksdb.write_buffer_size',
];
