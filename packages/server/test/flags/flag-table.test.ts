import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseIni } from '../../src/config/parse-ini';
import { FLAGS_BY_NAME, FLAG_TABLE } from '../../src/flags/flag-table';
import { Flags } from '../../src/flags/flags';
import { GROUP_RULES } from '../../src/flags/group-rule';

interface StatedFlag {
  readonly section: string;
  readonly name: string;
  readonly type: string;
  readonly default: boolean | number | string;
  readonly mutable: boolean;
  readonly roles: readonly string[];
  readonly constraint: string | null;
  readonly in_server_binary: boolean;
}

const STATED = JSON.parse(
  readFileSync(join(__dirname, '../data/config-flags.json'), 'utf8'),
) as readonly StatedFlag[];

test('the table holds exactly the flags of Pegasus', () => {
  const ours = FLAGS_BY_NAME.map((flag) => ({
    section: flag.section,
    name: flag.name,
    type: flag.type,
    default: typeof flag.default === 'bigint' ? Number(flag.default) : flag.default,
    mutable: flag.mutable,
    roles: [flag.role],
    in_server_binary: flag.inServerBinary,
  }));
  const theirs = STATED.map(({ section, name, type, default: value, mutable, roles, in_server_binary }) => ({
    section,
    name,
    type,
    default: value,
    mutable,
    roles,
    in_server_binary,
  }));
  expect(ours).toEqual(theirs);
  expect(ours).toHaveLength(287);
  expect(ours.filter(({ mutable }) => mutable)).toHaveLength(51);
});

test('64-bit flags are kept exactly', () => {
  expect(FLAG_TABLE.rocksdb_block_cache_capacity.default).toBe(10737418240n);
  expect(FLAG_TABLE.replica_assign_delay_ms_for_dropouts.default).toBe(600000n);
});

test('every constraint of Pegasus is a rule, and there are no others', () => {
  const grouped = new Set(GROUP_RULES.flatMap(({ flags }) => flags as readonly string[]));
  for (const { name, constraint } of STATED) {
    const flag = FLAGS_BY_NAME.find((candidate) => candidate.name === name);
    const single = constraint !== null && !/^(group rule|tagged mutable)/.test(constraint);
    expect([name, flag?.rule !== undefined]).toEqual([name, single]);
    if (constraint?.includes('group rule') === true) expect([name, grouped.has(name)]).toEqual([name, true]);
  }
});

describe('the description of every flag', () => {
  test.each(FLAGS_BY_NAME.map((flag) => [flag.name, flag.description] as const))(
    '%s is one sentence that says more than the name',
    (name, text) => {
      expect(text).toMatch(/^[A-Z][^\n]{18,118}\.$/);
      expect(text).not.toMatch(/ {2}|\t|[^\x20-\x7e]|\bTODO\b/);
      const words = new Set(text.toLowerCase().match(/[a-z0-9]+/g));
      expect(words.size).toBeGreaterThanOrEqual(5);
      expect([...words].filter((word) => !name.split('_').includes(word)).length).toBeGreaterThanOrEqual(4);
    },
  );

  test('belongs to that flag alone', () => {
    const texts = new Set(FLAGS_BY_NAME.map(({ description }) => description.toLowerCase()));
    expect(texts.size).toBe(287);
  });

  test('tells the unit that the name tells', () => {
    const units: readonly (readonly [RegExp, RegExp])[] = [
      [/_ms(_|$)/, /\bmilliseconds\b/],
      [/(?<!_per)_(seconds?|s|sec)$/, /\bseconds\b/],
      [/_ns$/, /\bnanoseconds\b/],
      [/_microseconds$/, /\bmicroseconds\b/],
      [/_(minutes)$/, /\bminutes\b/],
      [/_hours$/, /\bhours\b/],
      [/_days$/, /\bdays\b/],
      [/(^|_)bytes(_|$)(?!for_level_multiplier)/, /\bbytes\b/],
      [/_(mb|megabytes)(_|$)/, /\bmegabytes\b/],
      [/_percent|_ratio$/, /\bpercent\b/],
    ];
    const silent = FLAGS_BY_NAME.filter(({ name, type, description }) =>
      type === 'string' || type === 'bool'
        ? false
        : units.some(([inName, inText]) => inName.test(name) && !inText.test(description)),
    );
    expect(silent.map(({ name }) => name)).toEqual([]);
  });
});

const BOTH = '[pegasus.collector]\navailable_detect_app = stat\nusage_stat_app = stat\n';

/** What upstream's code accepts for each constraint: the last value that is not allowed, and the first that is. */
test.each([
  ['config_sync_interval_ms', '0', '1'],
  ['conn_pool_max_size', '0', '1'],
  ['ddl_client_max_attempt_count', '0', '1'],
  ['hotkey_buckets_num', '2', '3'],
  ['hotkey_buckets_num', '49', '53'],
  ['hotkey_buckets_num', '4294967295', '4294967291'],
  ['load_replica_max_wait_time_ms', '0', '1'],
  ['max_allowed_replica_count', '0', '1'],
  ['max_concurrent_bulk_load_downloading_count', '-1', '0'],
  ['max_log_file_bytes', '4294967296', '4294967297'],
  ['max_log_file_bytes', '2147483648', '2147483647'],
  ['max_number_of_log_files_on_disk', '0', '1'],
  ['max_replicas_on_load_for_each_disk', '0', '1'],
  ['mem_release_max_reserved_mem_percentage', '0', '1'],
  ['mem_release_max_reserved_mem_percentage', '101', '100'],
  ['min_allowed_replica_count', '0', '1'],
  ['min_live_node_count_for_unfreeze', '0', '1'],
  ['node_live_percentage_threshold_for_update', '-1', '0'],
  ['node_live_percentage_threshold_for_update', '101', '100'],
  ['nodes_sample_interval_ms', '0', '1'],
  ['perf_counter_read_capacity_unit_size', '4095', '4096'],
  ['perf_counter_write_capacity_unit_size', '0', '9223372036854775808'],
  ['read_amp_bytes_per_bit', '-2', '0'],
  ['read_amp_bytes_per_bit', '3', '32'],
  ['replicas_stat_interval_ms', '0', '1'],
  ['rocksdb_filter_type', 'bloom', 'common'],
  ['rocksdb_format_version', '3', '5'],
  ['rocksdb_slow_query_threshold_ns', '0', '1'],
  ['stderr_start_level', 'INFO', 'LOG_LEVEL_INFO'],
  ['stderr_start_level_on_stdout', 'LOG_LEVEL_NONE', 'LOG_LEVEL_FATAL'],
  ['tables_sample_interval_ms', '0', '1'],
  ['timer_service_worker_count', '2', '3'],
] as const)('%s refuses %s and takes %s', (name, refused, taken) => {
  const { section } = FLAG_TABLE[name];
  const problems = (value: string) =>
    Flags.read(parseIni(`${BOTH}[${section}]\n${name} = ${value}\n`, 'config.ini')).problems.map(
      ({ key }) => key,
    );
  expect(problems(refused)).toEqual([name]);
  expect(problems(taken)).toEqual([]);
});
