import type { ConfigurationModifyBackupPolicyRequest } from '@onebox/protocol';
import { modifiedPolicy, newPolicy } from '../../src/backup/policy-changes';
import type { PolicyGround } from '../../src/backup/policy-changes';
import type { Policy } from '../../src/backup/policy';
import { EVERY_DAY } from '../http-fixture';
import { addRequest, modifyRequest } from './backup-requests';

const GROUND: PolicyGround = {
  checkpointReserveMinutes: 10,
  tableName: (appId) =>
    new Map([
      [1, 'stat'],
      [2, 'temp'],
      [5, 'dropped'],
    ] as const).get(appId as 1),
  hasPolicy: (name) => name === 'every_day',
  hasProvider: (name) => name === 'local_service',
};

const METRIC_NAME =
  "policy name should match regex '[a-zA-Z_:][a-zA-Z0-9_:]*' when act as a metric name in prometheus";
const METRIC_LABEL =
  "policy name should match regex '[a-zA-Z_][a-zA-Z0-9_]*' when act as a metric label in prometheus";

describe('a new policy', () => {
  test('has what was asked for, its tables in order and each once', () => {
    const request = addRequest({
      policy_name: 'nightly',
      app_ids: [2, 1, 5, 2],
      backup_interval_seconds: 172_800,
      backup_history_count_to_keep: 3,
      start_time: '02:05',
    });
    expect(newPolicy(request, GROUND)).toEqual({
      policy: {
        name: 'nightly',
        provider: 'local_service',
        appIds: [1, 2, 5],
        appNames: new Map([
          [1, 'stat'],
          [2, 'temp'],
          [5, 'dropped'],
        ]),
        intervalSeconds: 172_800,
        historyCountToKeep: 3,
        disabled: false,
        startTime: { hour: 2, minute: 5 },
      },
    });
  });

  test.each(['', '5', '25:00', '24:01', '12:60', '-1:00', 'noon', '::'])(
    'starts at any time when its start time is %j',
    (startTime) => {
      const made = newPolicy(addRequest({ policy_name: 'p', start_time: startTime }), GROUND);
      expect(made).toMatchObject({ policy: { startTime: { hour: 24, minute: 0 } } });
    },
  );

  test.each([0, -1])('keeps 6 backups when it is asked to keep %i', (count) => {
    const made = newPolicy(addRequest({ policy_name: 'p', backup_history_count_to_keep: count }), GROUND);
    expect(made).toMatchObject({ policy: { historyCountToKeep: 6 } });
  });

  test.each([
    [{ backup_interval_seconds: 86_399 }, 'backup interval must be >= 86400 (1 day)'],
    [{ backup_interval_seconds: 601 }, 'backup interval must be >= 86400 (1 day)'],
    [
      { backup_interval_seconds: 600 },
      'backup interval must be larger than cold_backup_checkpoint_reserve_minutes=10',
    ],
    [
      { backup_interval_seconds: -1 },
      'backup interval must be larger than cold_backup_checkpoint_reserve_minutes=10',
    ],
    [{ app_ids: [1, 9] }, 'invalid app 9'],
    [{ app_ids: [0] }, 'invalid app 0'],
    [{ policy_name: 'my_backup_info' }, "invalid policy name: 'my_backup_info', policy name is reserved"],
    [{ policy_name: '' }, `invalid policy name: '', ${METRIC_NAME}`],
    [{ policy_name: 'every-day' }, `invalid policy name: 'every-day', ${METRIC_NAME}`],
    [{ policy_name: '1st' }, `invalid policy name: '1st', ${METRIC_NAME}`],
    [{ policy_name: '../../apps' }, `invalid policy name: '../../apps', ${METRIC_NAME}`],
    [{ policy_name: 'a\n' }, `invalid policy name: 'a\n', ${METRIC_NAME}`],
    [{ policy_name: 'a:b' }, `invalid policy name: 'a:b', ${METRIC_LABEL}`],
    [{ policy_name: 'every_day' }, "invalid policy name: 'every_day', policy name is already exist"],
    [{ backup_provider_type: 'hdfs_service' }, 'invalid backup_provider_type: hdfs_service'],
  ])('with %j is refused: %s', (given, hint) => {
    expect(newPolicy(addRequest({ policy_name: 'p', ...given }), GROUND)).toEqual({
      refusal: { error: 'ERR_INVALID_PARAMETERS', hint },
    });
  });

  test('is checked in this order: interval, tables, name, provider', () => {
    const wrong = {
      backup_interval_seconds: 1000,
      app_ids: [9],
      policy_name: 'every_day',
      backup_provider_type: 'nowhere',
    };
    const hints: string[] = [];
    for (const right of [
      {},
      { backup_interval_seconds: 86_400 },
      { app_ids: [1] },
      { policy_name: 'p' },
      { backup_provider_type: 'local_service' },
    ]) {
      Object.assign(wrong, right);
      const made = newPolicy(addRequest(wrong), GROUND);
      hints.push('refusal' in made ? made.refusal.hint : 'made');
    }
    expect(hints).toEqual([
      'backup interval must be >= 86400 (1 day)',
      'invalid app 9',
      "invalid policy name: 'every_day', policy name is already exist",
      'invalid backup_provider_type: nowhere',
      'made',
    ]);
  });
});

describe('a modification', () => {
  const DISABLED = { ...EVERY_DAY, disabled: true };
  const done = { error: 'ERR_OK', hint: '' } as const;

  test.each([
    ['nothing', {}, undefined],
    ['adds tables', { add_appids: [5, 1] }, { appIds: [1, 2, 5] }],
    ['removes tables', { removal_appids: [2, 7] }, { appIds: [1] }],
    ['adds and removes', { add_appids: [5], removal_appids: [1, 5] }, { appIds: [2] }],
    ['ignores unknown tables', { add_appids: [9], removal_appids: [0, -1] }, undefined],
    ['changes the interval', { new_backup_interval_sec: 90_000 }, { intervalSeconds: 90_000 }],
    ['ignores too short an interval', { new_backup_interval_sec: 86_399 }, undefined],
    ['changes the history', { backup_history_count_to_keep: 2 }, { historyCountToKeep: 2 }],
    ['ignores no history', { backup_history_count_to_keep: 0 }, undefined],
    ['changes the start time', { start_time: '23:59' }, { startTime: { hour: 23, minute: 59 } }],
    ['ignores what is no time', { start_time: '25:00' }, undefined],
    ['disables', { is_disable: true }, { disabled: true }],
  ] satisfies [string, Partial<ConfigurationModifyBackupPolicyRequest>, Partial<Policy> | undefined][])(
    '%s',
    (_what, request, change) => {
      const changed = modifiedPolicy(EVERY_DAY, modifyRequest(request), GROUND, false);
      const { appNames: _names, ...expected } = { ...EVERY_DAY, ...change };
      expect(changed).toMatchObject(done);
      if (change === undefined) expect(changed.changed).toBeUndefined();
      else expect(changed.changed).toMatchObject(expected);
    },
  );

  test('remembers the names of tables it adds, and of those it removes', () => {
    const request = modifyRequest({ add_appids: [5], removal_appids: [1] });
    expect([...(modifiedPolicy(EVERY_DAY, request, GROUND, false).changed?.appNames ?? [])]).toEqual([
      [1, 'stat'],
      [2, 'temp'],
      [5, 'dropped'],
    ]);
  });

  test('enables a disabled policy; an enabled one is told so', () => {
    const enable = modifyRequest({ is_disable: false });
    expect(modifiedPolicy(DISABLED, enable, GROUND, false)).toMatchObject({
      ...done,
      changed: { disabled: false },
    });
    expect(modifiedPolicy(EVERY_DAY, enable, GROUND, false)).toEqual({
      error: 'ERR_OK',
      hint: 'policy is already enabled',
      changed: undefined,
    });
  });

  test('disabling a disabled policy changes nothing', () => {
    expect(modifiedPolicy(DISABLED, modifyRequest({ is_disable: true }), GROUND, false)).toEqual({
      ...done,
      changed: undefined,
    });
  });

  test('while a backup runs it is not disabled, unless forced; the rest is done', () => {
    const disable = modifyRequest({ is_disable: true, backup_history_count_to_keep: 2 });
    expect(modifiedPolicy(EVERY_DAY, disable, GROUND, true)).toMatchObject({
      error: 'ERR_BUSY',
      hint: '',
      changed: { disabled: false, historyCountToKeep: 2 },
    });
    expect(modifiedPolicy(EVERY_DAY, { ...disable, force_disable: true }, GROUND, true)).toMatchObject({
      ...done,
      changed: { disabled: true, historyCountToKeep: 2 },
    });
  });
});
