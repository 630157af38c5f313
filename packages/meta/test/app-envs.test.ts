import bodies from '../../server/test/data/http-golden-bodies.json';
import {
  ENV_RULES,
  clearEnvs,
  decideEnvUpdate,
  deleteEnvs,
  setEnvs,
  validateEnv,
  validateEnvs,
  validateEnvsAtCreation,
} from '../src/app-envs';
import { parseEnvInteger } from '../src/app-envs/env-integer';
import type { TableInfo } from '../src/state/table';

const TEMP: TableInfo = {
  status: 'AS_AVAILABLE',
  appType: 'pegasus',
  appName: 'temp',
  appId: 2,
  partitionCount: 8,
  envs: new Map([
    ['replica.slow_query_threshold', '20'],
    ['rocksdb.usage_scenario', 'normal'],
  ]),
  isStateful: true,
  maxReplicaCount: 3,
  expireSecond: 0,
  createSecond: 1767225600,
  dropSecond: 0,
  duplicating: false,
  initPartitionCount: -1,
  isBulkLoading: false,
  atomicIdempotent: false,
};

describe('the table of env keys', () => {
  test("has the keys, types, limits and samples of upstream's /envs/list", () => {
    const listed = JSON.parse(bodies['=3.23']) as unknown;
    const types = { bool: 'bool', int32: 'unsigned int32', int64: 'unsigned int64', text: 'string' };
    const ours = [...ENV_RULES].map(([key, rule]) => [
      key,
      { limitation: rule.limit, sample: rule.sample, type: types[rule.type] },
    ]);
    expect(Object.fromEntries(ours)).toEqual(listed);
    expect(ENV_RULES.size).toBe(33);
  });

  test('accepts every sample it shows', () => {
    for (const [key, rule] of ENV_RULES)
      expect([key, validateEnv(key, rule.sample)]).toEqual([key, undefined]);
  });
});

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
    ['replica.slow_query_threshold', '10', "invalid value '10', should be '>= 20'"],
    ['replica.slow_query_threshold', '-1', "invalid value '-1', should be '>= 20'"],
    ['replica.slow_query_threshold', '20ms', "invalid value '20ms', should be an 64 bits integer"],
    ['replica.slow_query_threshold', '', "invalid value '', should be an 64 bits integer"],
    ['replica.rocksdb_iteration_threshold_time_ms', '-1', "invalid value '-1', should be '>= 0'"],
    ['replica.rocksdb_block_cache_enabled', '1', "invalid value '1', should be a boolean"],
    ['rocksdb.allow_ingest_behind', 'true ', "invalid value 'true ', should be a boolean"],
    ['rocksdb.allow_ingest_behind', 'true\n', "invalid value 'true\n', should be a boolean"],
    ['rocksdb.write_buffer_size', '100', "invalid value '100', should be 'In range [16777216, 536870912]'"],
    [
      'rocksdb.write_buffer_size',
      '536870913',
      "invalid value '536870913', should be 'In range [16777216, 536870912]'",
    ],
    ['rocksdb.num_levels', '0', "invalid value '0', should be 'In range [1, 10]'"],
    ['rocksdb.num_levels', '11', "invalid value '11', should be 'In range [1, 10]'"],
    ['rocksdb.usage_scenario', 'fast', 'bulk_load | normal | prefer_write'],
    ['rocksdb.checkpoint.reserve_min_count', '0', "invalid value '0', should be '> 0'"],
    [
      'rocksdb.checkpoint.reserve_min_count',
      '3000000000',
      "invalid value '3000000000', should be an 32 bits integer",
    ],
    ['default_ttl', '-1', "invalid value '-1', should be '>= 0'"],
    ['manual_compact.max_concurrent_running_count', 'x', "invalid value 'x', should be an 32 bits integer"],
    [
      'manual_compact.once.trigger_time',
      '-1',
      "invalid value '-1', should be '> 0, timestamp (in seconds) to trigger the once manual compaction'",
    ],
    ['manual_compact.once.target_level', '0', "invalid value '0', should be '-1 or >= 1'"],
    ['manual_compact.once.target_level', '-2', "invalid value '-2', should be '-1 or >= 1'"],
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

describe('setting envs', () => {
  test('adds and replaces, in key order', () => {
    const update = setEnvs(TEMP.envs, ['default_ttl', 'replica.slow_query_threshold'], ['86400', '1000']);
    expect({ ...update, envs: [...(update.envs ?? [])] }).toEqual({
      error: 'ERR_OK',
      hint: '',
      envs: [
        ['default_ttl', '86400'],
        ['replica.slow_query_threshold', '1000'],
        ['rocksdb.usage_scenario', 'normal'],
      ],
    });
  });

  test('a good and a bad pair change nothing', () => {
    expect(setEnvs(TEMP.envs, ['default_ttl', 'x'], ['1', '2'])).toEqual({
      error: 'ERR_INVALID_PARAMETERS',
      hint: "app_env 'x' is not supported",
      envs: undefined,
    });
    expect(TEMP.envs.size).toBe(2);
  });

  test.each([
    ['no keys', undefined, ['1']],
    ['no values', ['default_ttl'], undefined],
    ['nothing', [], []],
    ['unequal lengths', ['default_ttl'], ['1', '2']],
  ])('%s: refused without a hint', (_what, keys, values) => {
    expect(setEnvs(TEMP.envs, keys, values)).toEqual({
      error: 'ERR_INVALID_PARAMETERS',
      hint: '',
      envs: undefined,
    });
  });
});

describe('deleting envs', () => {
  test('names what it deleted, in the order asked for and once', () => {
    const keys = [
      'rocksdb.usage_scenario',
      'nosuch',
      'replica.slow_query_threshold',
      'rocksdb.usage_scenario',
    ];
    expect(deleteEnvs(TEMP.envs, keys)).toEqual({
      error: 'ERR_OK',
      hint: 'deleted keys:\n    rocksdb.usage_scenario\n    replica.slow_query_threshold',
      envs: new Map(),
    });
  });

  test('absent keys are fine and change nothing', () => {
    expect(deleteEnvs(TEMP.envs, ['nosuch'])).toEqual({
      error: 'ERR_OK',
      hint: 'no key needs to be deleted',
      envs: undefined,
    });
  });

  test('no keys: refused', () => {
    expect(deleteEnvs(TEMP.envs)).toEqual({ error: 'ERR_INVALID_PARAMETERS', hint: '', envs: undefined });
  });
});

describe('clearing envs', () => {
  const envs = new Map([
    ['manual_compact.once.target_level', '1'],
    ['manual_compact.disabled', 'true'],
    ['manual_compact.', 'shorter'],
    ['manual_compactor', 'no dot'],
    ['default_ttl', '1'],
  ]);

  test('a prefix takes the keys that go on after its dot', () => {
    const update = clearEnvs(envs, 'manual_compact');
    expect(update.hint).toBe(
      'deleted keys:\n    manual_compact.disabled\n    manual_compact.once.target_level',
    );
    expect([...(update.envs ?? []).keys()]).toEqual(['manual_compact.', 'manual_compactor', 'default_ttl']);
  });

  test('an empty prefix takes all', () => {
    expect(clearEnvs(TEMP.envs, '')).toEqual({
      error: 'ERR_OK',
      hint: 'deleted keys:\n    replica.slow_query_threshold\n    rocksdb.usage_scenario',
      envs: new Map(),
    });
  });

  test('nothing to delete, and no prefix at all', () => {
    const nothing = { error: 'ERR_OK', hint: 'no key needs to be deleted', envs: undefined };
    expect(clearEnvs(new Map(), '')).toEqual(nothing);
    expect(clearEnvs(envs, 'rocksdb')).toEqual(nothing);
    expect(clearEnvs(envs)).toEqual({ error: 'ERR_INVALID_PARAMETERS', hint: '', envs: undefined });
  });
});

describe('an env request is decided', () => {
  const bad = { op: 'set', keys: ['x'], values: ['1'] } as const;
  const good = { op: 'set', keys: ['default_ttl'], values: ['1'] } as const;

  test('on its values before its table', () => {
    expect(decideEnvUpdate(bad, undefined)).toMatchObject({ error: 'ERR_INVALID_PARAMETERS' });
    expect(decideEnvUpdate({ op: 'delete' }, undefined)).toMatchObject({
      error: 'ERR_INVALID_PARAMETERS',
      hint: '',
    });
  });

  test.each([good, { op: 'delete', keys: ['x'] }, { op: 'clear', prefix: '' }] as const)(
    'with an unknown or dropping table: $op',
    (request) => {
      expect(decideEnvUpdate(request, undefined)).toEqual({
        error: 'ERR_APP_NOT_EXIST',
        hint: 'app cannot be found',
        envs: undefined,
      });
      expect(decideEnvUpdate(request, { ...TEMP, status: 'AS_DROPPING' })).toEqual({
        error: 'ERR_BUSY_DROPPING',
        hint: 'app is being dropped',
        envs: undefined,
      });
    },
  );

  test('for an available table', () => {
    expect(decideEnvUpdate(good, TEMP)).toMatchObject({ error: 'ERR_OK', hint: '' });
    expect(decideEnvUpdate({ op: 'clear', prefix: 'rocksdb' }, TEMP)).toEqual({
      error: 'ERR_OK',
      hint: 'deleted keys:\n    rocksdb.usage_scenario',
      envs: new Map([['replica.slow_query_threshold', '20']]),
    });
  });
});
