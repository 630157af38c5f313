import { PROFILES } from '@onebox/server';
import type { ProfileName } from '@onebox/server';
import { ENV_RULES, validateEnv, validateEnvs, validateEnvsAtCreation } from '../src/app-envs';
import { parseEnvInteger } from '../src/app-envs/env-integer';

describe('integers are read as C reads them with base 0', () => {
  test.each([
    ['10', 10n],
    ['  \t+10', 10n],
    ['-10', -10n],
    ['0x1F', 31n],
    ['-0X10', -16n],
    ['010', 8n],
    ['00', 0n],
    ['-0', 0n],
    ['0x0000000000000000000000001f', 31n],
    ['000000000000000000000000000017', 15n],
    ['0777777777777777777777', 9223372036854775807n],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
  ])('%j', (text, value) => {
    expect(parseEnvInteger('int64', text)).toBe(value);
  });

  test.each(['', ' ', '10 ', '1 0', '0x', '08', '1.0', '1e2', 'ten', '10\0', '--1', '9223372036854775808'])(
    '%j is none',
    (text) => {
      expect(parseEnvInteger('int64', text)).toBeUndefined();
    },
  );

  test('the width decides what fits', () => {
    expect(parseEnvInteger('int32', '2147483648')).toBeUndefined();
    expect(parseEnvInteger('int32', '-2147483648')).toBe(-2147483648n);
    expect(parseEnvInteger('uint64', '18446744073709551615')).toBe(18446744073709551615n);
    expect(parseEnvInteger('uint64', '18446744073709551616')).toBeUndefined();
    expect(parseEnvInteger('uint64', '-1')).toBeUndefined();
    expect(parseEnvInteger('uint64', '-0')).toBe(0n);
  });
});

describe('an env value', () => {
  const accepted: [key: string, value: string][] = [
    ['replica.slow_query_threshold', '20'],
    ['replica.slow_query_threshold', '0x14'],
    ['replica.slow_query_threshold', '9223372036854775807'],
    ['replica.rocksdb_iteration_threshold_time_ms', '0'],
    ['replica.rocksdb_block_cache_enabled', 'TRUE'],
    ['replica.split.validate_partition_hash', 'False'],
    ['rocksdb.write_buffer_size', '16777216'],
    ['rocksdb.write_buffer_size', '536870912'],
    ['rocksdb.num_levels', '10'],
    ['rocksdb.usage_scenario', 'prefer_write'],
    ['rocksdb.checkpoint.reserve_min_count', '1'],
    ['rocksdb.checkpoint.reserve_time_seconds', '0'],
    ['default_ttl', '2147483647'],
    ['manual_compact.once.trigger_time', '0'],
    ['manual_compact.once.target_level', '-1'],
    ['manual_compact.periodic.target_level', '1'],
    ['manual_compact.periodic.trigger_time', 'whenever'],
    ['manual_compact.periodic.bottommost_level_compaction', 'force'],
    ['business.info', ''],
    ['replica.deny_client_request', 'reconfig*write'],
    ['replica.deny_client_request', ' timeout * read '],
    ['replica.write_throttling', '100*delay*100'],
    ['replica.write_throttling', '20K*delay*100, 20M*reject*0'],
    ['replica.write_throttling', ',100*reject*100,,'],
    ['replica.read_throttling', '0*reject*0'],
    ['replica.read_throttling_by_size', '200'],
    ['replica.read_throttling_by_size', '200K'],
    ['replica.read_throttling_by_size', '2000*delay*100'],
    ['replica.read_throttling_by_size', '2000*reject*100'],
    ['replica.read_throttling_by_size', '20000*delay*100,20000*reject*100'],
  ];
  test.each(accepted)('%s = %j is accepted', (key, value) => {
    expect(validateEnv(key, value)).toBeUndefined();
  });

  const deny =
    'Invalid deny client args, valid include: timeout*all, timeout*write, timeout*read; ' +
    'reconfig*all, reconfig*write, reconfig*read';
  const refused: [key: string, value: string, hint: string][] = [
    ['x', '1', "app_env 'x' is not supported"],
    ['', '', "app_env '' is not supported"],
    ['max_replica_count.update', 'updating;2', "app_env 'max_replica_count.update' is not supported"],
    ['replica.slow_query_threshold', '20ms', "invalid value '20ms', should be an 64 bits integer"],
    ['replica.slow_query_threshold', '', "invalid value '', should be an 64 bits integer"],
    ['replica.rocksdb_block_cache_enabled', '1', "invalid value '1', should be a boolean"],
    ['rocksdb.allow_ingest_behind', 'true ', "invalid value 'true ', should be a boolean"],
    ['rocksdb.allow_ingest_behind', 'true\n', "invalid value 'true\n', should be a boolean"],
    ['rocksdb.usage_scenario', 'fast', 'bulk_load | normal | prefer_write'],
    ['manual_compact.max_concurrent_running_count', 'x', "invalid value 'x', should be an 32 bits integer"],
    ['manual_compact.once.bottommost_level_compaction', 'Skip', 'force | skip'],
    ['replica.deny_client_request', 'timeout', deny],
    ['replica.deny_client_request', 'invalid*all', deny],
    ['replica.deny_client_request', 'timeout*invalid', deny],
    ['replica.deny_client_request', 'timeout*all*all', deny],
    ['replica.write_throttling', '', "The value shouldn't be empty"],
    ['replica.write_throttling', ' , ', "The value shouldn't be empty"],
    ['replica.write_throttling', '20A*delay', "The field count of '20A*delay' separated by '*' must be 3"],
    [
      'replica.write_throttling',
      '2K**delay*100',
      "The field count of '2K**delay*100' separated by '*' must be 3",
    ],
    ['replica.write_throttling', '1*delay*1, 5 ', "The field count of '5' separated by '*' must be 3"],
    ['replica.write_throttling', '20A*delay*100', "'20A' should be an unsigned integer"],
    ['replica.write_throttling', '-20K*delay*100', "'-20' should be an unsigned integer"],
    ['replica.write_throttling', 'K*delay*100', "'' should be an unsigned integer"],
    ['replica.write_throttling', '20k*delay*100', "'20k' should be an unsigned integer"],
    [
      'replica.write_throttling',
      '18446744073709551615K*delay*1',
      "'18446744073709551615' result is overflow",
    ],
    ['replica.write_throttling', '20K*pass*x', "'pass' should be 'delay' or 'reject'"],
    ['replica.write_throttling', '20K*reject*-100', "'-100' should be an unsigned integer"],
    ['replica.write_throttling', '2K*delay*100,3K*delay*100', "duplicate 'delay' config"],
    ['replica.write_throttling', '2K*reject*1,3K*delay*1,4K*reject*1', "duplicate 'reject' config"],
    ['replica.read_throttling_by_size', '', "The value shouldn't be empty"],
    ['replica.read_throttling_by_size', '0', "The field count of '0' separated by '*' must be 3"],
    ['replica.read_throttling_by_size', '0*reject*100', 'reject value should be greater than 0'],
    ['replica.read_throttling_by_size', '100*delay*1,', 'reject value should be greater than 0'],
  ];
  test.each(refused)('%s = %j is refused', (key, value, hint) => {
    expect(validateEnv(key, value)).toBe(hint);
  });

  /** Every key with a range: below it, its ends, above it, and what fits no integer of its width. */
  const no32 = (value: string) => `invalid value '${value}', should be an 32 bits integer`;
  const no64 = (value: string) => `invalid value '${value}', should be an 64 bits integer`;
  const range = (limit: string) => (value: string) => `invalid value '${value}', should be '${limit}'`;
  const INT64_MAX = '9223372036854775807';
  test.each([
    ['replica.slow_query_threshold', '19', '20', INT64_MAX, range('>= 20'), no64],
    ['replica.rocksdb_iteration_threshold_time_ms', '-1', '0', INT64_MAX, range('>= 0'), no64],
    [
      'rocksdb.write_buffer_size',
      '16777215',
      '16777216',
      '536870912',
      range('In range [16777216, 536870912]'),
      no64,
    ],
    [
      'rocksdb.write_buffer_size',
      '0x20000001',
      '0x1000000',
      '0x20000000',
      range('In range [16777216, 536870912]'),
      no64,
    ],
    ['rocksdb.num_levels', '0', '1', '10', range('In range [1, 10]'), no64],
    ['rocksdb.num_levels', '11', '1', '10', range('In range [1, 10]'), no64],
    ['rocksdb.num_levels', '013', '01', '012', range('In range [1, 10]'), no64],
    ['rocksdb.checkpoint.reserve_min_count', '0', '1', '2147483647', range('> 0'), no32],
    ['rocksdb.checkpoint.reserve_time_seconds', '-1', '0', '2147483647', range('>= 0'), no32],
    ['default_ttl', '-1', '0', '2147483647', range('>= 0'), no32],
    ['manual_compact.max_concurrent_running_count', '-1', '0', '2147483647', range('>= 0'), no32],
    [
      'manual_compact.once.trigger_time',
      '-1',
      '0',
      INT64_MAX,
      range('> 0, timestamp (in seconds) to trigger the once manual compaction'),
      no64,
    ],
    ['manual_compact.once.target_level', '-2', '-1', INT64_MAX, range('-1 or >= 1'), no64],
    ['manual_compact.once.target_level', '0', '1', INT64_MAX, range('-1 or >= 1'), no64],
    ['manual_compact.periodic.target_level', '-2', '-1', INT64_MAX, range('-1 or >= 1'), no64],
    ['manual_compact.periodic.target_level', '0', '1', INT64_MAX, range('-1 or >= 1'), no64],
  ] as const)('%s: %s is outside, %s to %s inside', (key, outside, lowest, highest, hint, noInteger) => {
    expect(validateEnv(key, outside)).toBe(hint(outside));
    expect([validateEnv(key, lowest), validateEnv(key, highest)]).toEqual([undefined, undefined]);
    expect(validateEnv(key, ` \t+${highest.replace('-', '')}`)).toBeUndefined();
    const tooBig = noInteger === no32 ? '2147483648' : '9223372036854775808';
    for (const text of [
      tooBig,
      '',
      ' ',
      `${lowest} `,
      '1.0',
      '1e1',
      '0x',
      '09',
      'one',
      '--1',
      `${lowest}\0`,
    ]) {
      expect(validateEnv(key, text)).toBe(noInteger(text));
    }
  });

  test.each([
    'replica.rocksdb_block_cache_enabled',
    'replica.split.validate_partition_hash',
    'rocksdb.allow_ingest_behind',
    'manual_compact.disabled',
  ])('%s is a boolean in any letter case and nothing else', (key) => {
    for (const value of ['true', 'false', 'TRUE', 'False', 'tRuE']) {
      expect(validateEnv(key, value)).toBeUndefined();
    }
    for (const value of ['', '0', '1', 'yes', 't', ' true', 'true ', 'true\0', 'truee']) {
      expect(validateEnv(key, value)).toBe(`invalid value '${value}', should be a boolean`);
    }
  });

  test.each([
    'replica.write_throttling',
    'replica.write_throttling_by_size',
    'replica.read_throttling',
    'replica.backup_request_throttling',
  ])('%s has the grammar of throttling', (key) => {
    for (const value of ['0*delay*0', '1*reject*1', '1K*reject*1,1M*delay*1', ' 0x10K * delay * 010 ,']) {
      expect(validateEnv(key, value)).toBeUndefined();
    }
    for (const [value, hint] of [
      ['', "The value shouldn't be empty"],
      ['\t, ,', "The value shouldn't be empty"],
      ['1', "The field count of '1' separated by '*' must be 3"],
      ['1K', "The field count of '1K' separated by '*' must be 3"],
      ['1*delay*1*', "The field count of '1*delay*1*' separated by '*' must be 3"],
      ['1*delay*1;2*reject*2', "The field count of '1*delay*1;2*reject*2' separated by '*' must be 3"],
      ['*delay*1', "'' should be an unsigned integer"],
      ['M*delay*1', "'' should be an unsigned integer"],
      ['1KM*delay*1', "'1K' should be an unsigned integer"],
      ['1m*delay*1', "'1m' should be an unsigned integer"],
      ['-1*pass*x', "'-1' should be an unsigned integer"],
      ['18446744073709551616*delay*1', "'18446744073709551616' should be an unsigned integer"],
      ['17592186044416M*delay*1', "'17592186044416' result is overflow"],
      ['1**1', "'' should be 'delay' or 'reject'"],
      ['1*DELAY*x', "'DELAY' should be 'delay' or 'reject'"],
      ['1*delay*', "'' should be an unsigned integer"],
      ['1*delay*1K', "'1K' should be an unsigned integer"],
      ['1*delay*1,2*delay*x', "'x' should be an unsigned integer"],
      ['1*delay*1,2*delay*2,x', "duplicate 'delay' config"],
      ['1*reject*1,2*reject*2', "duplicate 'reject' config"],
    ] as const) {
      expect([value, validateEnv(key, value)]).toEqual([value, hint]);
    }
  });

  test('the grammar of token buckets takes sizes, a single delay, and lists that reject something', () => {
    const key = 'replica.read_throttling_by_size';
    for (const value of [
      '1',
      ' 1',
      '0x10',
      '1K',
      '1M',
      '0*delay*0',
      '1*delay*1,1K*reject*0',
      '1M*reject*1,',
    ]) {
      expect([value, validateEnv(key, value)]).toEqual([value, undefined]);
    }
    for (const [value, hint] of [
      ['0', "The field count of '0' separated by '*' must be 3"],
      ['0K', "The field count of '0K' separated by '*' must be 3"],
      ['-1', "The field count of '-1' separated by '*' must be 3"],
      ['1 ', "The field count of '1' separated by '*' must be 3"],
      ['1k', "The field count of '1k' separated by '*' must be 3"],
      ['1,2', "The field count of '1' separated by '*' must be 3"],
      [',', "The value shouldn't be empty"],
      ['0*reject*1', 'reject value should be greater than 0'],
      ['1*delay*1,0*reject*1', 'reject value should be greater than 0'],
      ['1*delay*1,1*delay*1', "duplicate 'delay' config"],
      ['1*pass*1', "'pass' should be 'delay' or 'reject'"],
    ] as const) {
      expect([value, validateEnv(key, value)]).toEqual([value, hint]);
    }
  });

  test('the first refused pair gives the hint', () => {
    const pairs: [string, string][] = [
      ['default_ttl', '1'],
      ['default_ttl', '-1'],
      ['x', '1'],
    ];
    expect(validateEnvs(pairs)).toBe("invalid value '-1', should be '>= 0'");
  });

  test('creating a table checks two keys and takes everything else as it is', () => {
    expect(
      validateEnvsAtCreation([
        ['nonsense', '1'],
        ['default_ttl', 'x'],
      ]),
    ).toBeUndefined();
    expect(validateEnvsAtCreation([['rocksdb.num_levels', '4']])).toBeUndefined();
    expect(validateEnvsAtCreation([['rocksdb.num_levels', '11']])).toBe(
      "invalid value '11', should be 'In range [1, 10]'",
    );
    expect(validateEnvsAtCreation([['rocksdb.write_buffer_size', 'x']])).toBe(
      "invalid value 'x', should be an 64 bits integer",
    );
  });
});

describe('the releases word their refusals their way', () => {
  const checks = (profile: ProfileName) => PROFILES[profile].variants;

  test.each([
    ['nosuch', '1', `app_env "nosuch" is not supported`],
    ['manual_compact.nosuch', '1', `app_env "manual_compact.nosuch" is not supported`],
    ['replica.rocksdb_block_cache_enabled', 'yes', 'invalid string yes, should be "true" or "false"'],
    ['replica.slow_query_threshold', '19', 'Slow query threshold must be >= 20ms'],
    ['replica.rocksdb_iteration_threshold_time_ms', '-1', "invalid value '-1', should be '>= 0'"],
    ['default_ttl', '-1', undefined],
    ['rocksdb.usage_scenario', 'nosuch', undefined],
    ['rocksdb.checkpoint.reserve_min_count', '0', undefined],
    ['rocksdb.checkpoint.nosuch', '1', `app_env "rocksdb.checkpoint.nosuch" is not supported`],
    ['manual_compact.once.target_level', '0', undefined],
    ['manual_compact.disabled', 'maybe', undefined],
    ['replica.slow_query_threshold', '20', undefined],
  ])('2.5, 2.4 and 2.0: %s = %s', (key, value, hint) => {
    for (const profile of ['2.5', '2.4', '2.0'] as const) {
      expect([profile, validateEnv(key, value, checks(profile))]).toEqual([profile, hint]);
    }
  });

  test('2.4 cannot set what came later', () => {
    for (const key of ['rocksdb.write_buffer_size', 'rocksdb.num_levels']) {
      const sample = ENV_RULES.get(key)?.sample ?? '';
      expect(validateEnv(key, sample, checks('2.5'))).toBeUndefined();
      expect(validateEnv(key, sample, checks('2.4'))).toBe(`app_env "${key}" is not supported`);
    }
  });
});
