import bodies from '../../server/test/data/http-golden-bodies.json';
import { ENV_RULES, clearEnvs, decideEnvUpdate, deleteEnvs, setEnvs, validateEnv } from '../src/app-envs';
import { PROFILES } from '@onebox/server';
import type { TableInfo } from '../src/state/table';

const MASTER = PROFILES.master.variants;

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
    expect(decideEnvUpdate(bad, undefined, MASTER)).toMatchObject({ error: 'ERR_INVALID_PARAMETERS' });
    expect(decideEnvUpdate({ op: 'delete' }, undefined, MASTER)).toMatchObject({
      error: 'ERR_INVALID_PARAMETERS',
      hint: '',
    });
  });

  test.each([good, { op: 'delete', keys: ['x'] }, { op: 'clear', prefix: '' }] as const)(
    'with an unknown or dropping table: $op',
    (request) => {
      expect(decideEnvUpdate(request, undefined, MASTER)).toEqual({
        error: 'ERR_APP_NOT_EXIST',
        hint: 'app cannot be found',
        envs: undefined,
      });
      expect(decideEnvUpdate(request, { ...TEMP, status: 'AS_DROPPING' }, MASTER)).toEqual({
        error: 'ERR_BUSY_DROPPING',
        hint: 'app is being dropped',
        envs: undefined,
      });
    },
  );

  test('for an available table', () => {
    expect(decideEnvUpdate(good, TEMP, MASTER)).toMatchObject({ error: 'ERR_OK', hint: '' });
    expect(decideEnvUpdate({ op: 'clear', prefix: 'rocksdb' }, TEMP, MASTER)).toEqual({
      error: 'ERR_OK',
      hint: 'deleted keys:\n    rocksdb.usage_scenario',
      envs: new Map([['replica.slow_query_threshold', '20']]),
    });
  });
});
