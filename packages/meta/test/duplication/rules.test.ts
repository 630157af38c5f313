import type { PartitionConfiguration } from '@onebox/protocol';
import { make, partitionConfiguration } from '@onebox/protocol';
import {
  UNKNOWN_DECREE,
  afterReport,
  afterStored,
  followerHealth,
  judgeAlteration,
  judgeFollowerRequest,
  notConfirmed,
  progressFrom,
} from '../../src/duplication';
import type { DupStatus } from '../../src/duplication';
import {
  parseDecree,
  parseDuplicationJson,
  writeDuplicationJson,
} from '../../src/duplication/duplication-json';
import { judgeAdd, judgeSharedTarget } from '../../src/duplication/judge-add';
import type { AddRequest, AddSurroundings } from '../../src/duplication/judge-add';

const STATUSES: readonly DupStatus[] = [
  'DS_INIT',
  'DS_PREPARE',
  'DS_APP',
  'DS_LOG',
  'DS_PAUSE',
  'DS_REMOVED',
];

describe('the statuses of a duplication', () => {
  const allowed = (from: DupStatus): DupStatus[] =>
    STATUSES.filter(
      (to) =>
        judgeAlteration({ status: from, failMode: 'FAIL_SLOW', altering: false }, to, 'FAIL_SLOW') ===
        'change',
    );

  test.each<[DupStatus, DupStatus[]]>([
    ['DS_INIT', ['DS_PREPARE', 'DS_LOG', 'DS_REMOVED']],
    ['DS_PREPARE', ['DS_APP', 'DS_REMOVED']],
    ['DS_APP', ['DS_LOG', 'DS_REMOVED']],
    ['DS_LOG', ['DS_PAUSE', 'DS_REMOVED']],
    ['DS_PAUSE', ['DS_LOG', 'DS_REMOVED']],
    ['DS_REMOVED', []],
  ])('from %s it goes to %j', (from, to) => {
    expect(allowed(from)).toEqual(to);
  });

  const log = { status: 'DS_LOG', failMode: 'FAIL_SLOW', altering: false } as const;
  test('a change that is not stored yet is ERR_BUSY, whatever comes', () => {
    expect(judgeAlteration({ ...log, altering: true }, 'DS_PAUSE', 'FAIL_SLOW')).toBe('ERR_BUSY');
    expect(judgeAlteration({ ...log, altering: true }, 'DS_INIT', 'FAIL_SLOW')).toBe('ERR_BUSY');
  });
  test('what is removed is not found; what is not allowed is ERR_INVALID_PARAMETERS', () => {
    expect(judgeAlteration({ ...log, status: 'DS_REMOVED' }, 'DS_LOG', 'FAIL_SLOW')).toBe(
      'ERR_OBJECT_NOT_FOUND',
    );
    expect(judgeAlteration(log, 'DS_PREPARE', 'FAIL_SLOW')).toBe('ERR_INVALID_PARAMETERS');
  });
  test('the fail mode alone is a change, and nothing is none', () => {
    expect(judgeAlteration(log, 'DS_LOG', 'FAIL_SKIP')).toBe('change');
    expect(judgeAlteration(log, 'DS_LOG', 'FAIL_SLOW')).toBe('keep');
  });
});

describe('adding is refused in the order of 8.1', () => {
  const REQUEST: AddRequest = {
    appName: 'temp',
    remote: 'onebox2',
    remoteAppName: 'temp',
    remoteReplicaCount: 0,
    withCheckpoint: true,
  };
  const AROUND: AddSurroundings = {
    ownName: 'onebox',
    clusters: { metas: new Map([['onebox2', []]]), ids: new Map([['onebox2', 2]]) },
    ignoresIds: false,
    table: { status: 'AS_AVAILABLE' },
  };
  const NOBODY = { metas: new Map(), ids: new Map([['onebox', 1]]) };

  test.each<[string, Partial<AddRequest>, Partial<AddSurroundings>, string, string]>([
    [
      'itself',
      { remote: 'onebox', remoteReplicaCount: -1 },
      { clusters: NOBODY, table: undefined },
      'ERR_INVALID_PARAMETERS',
      'illegal operation: adding duplication to itself',
    ],
    [
      'a cluster without an id',
      { remote: 'x', remoteReplicaCount: -1 },
      { clusters: NOBODY, table: undefined },
      'ERR_INVALID_PARAMETERS',
      'get_duplication_cluster_id(x) failed, error: ERR_OBJECT_NOT_FOUND: failed to get cluster id for x',
    ],
    [
      'a cluster without a name',
      { remote: '' },
      {},
      'ERR_INVALID_PARAMETERS',
      'get_duplication_cluster_id() failed, error: ERR_INVALID_PARAMETERS: cluster_name is empty',
    ],
    [
      'no ids at all',
      {},
      { clusters: { metas: new Map(), ids: new Map() } },
      'ERR_INVALID_PARAMETERS',
      'get_duplication_cluster_id(onebox2) failed, error: ERR_OBJECT_NOT_FOUND: `duplication-group` is not configured',
    ],
    [
      'a cluster without an address',
      { remoteReplicaCount: -1 },
      { clusters: { metas: new Map(), ids: new Map([['onebox2', 2]]) }, table: undefined },
      'ERR_INVALID_PARAMETERS',
      'failed to find cluster[onebox2] address in config [pegasus.clusters]',
    ],
    [
      'a negative replica count',
      { remoteReplicaCount: -1 },
      { table: undefined },
      'ERR_INVALID_PARAMETERS',
      'invalid remote_replica_count(-1) which should never be negative',
    ],
    ['no table', {}, { table: undefined }, 'ERR_APP_NOT_EXIST', 'app temp was not found'],
    [
      'a table that is being dropped',
      {},
      { table: { status: 'AS_DROPPING' } },
      'ERR_APP_NOT_EXIST',
      'app status was not AS_AVAILABLE: name=temp, status=app_status::AS_DROPPING',
    ],
  ])('%s', (_what, request, around, error, hint) => {
    expect(judgeAdd({ ...REQUEST, ...request }, { ...AROUND, ...around })).toEqual({ error, hint });
  });

  test('ids do not count when they are ignored', () => {
    const clusters = { metas: new Map([['onebox2', []]]), ids: new Map<string, number>() };
    expect(judgeAdd(REQUEST, { ...AROUND, clusters, ignoresIds: true })).toBeUndefined();
  });

  test('a table of the other cluster is fed by one table', () => {
    const info = {
      appId: 3,
      dupId: 1,
      remote: 'onebox2',
      remoteAppName: 'temp',
      remoteReplicaCount: 3,
      createTimestampMs: 0,
      status: 'DS_LOG',
      failMode: 'FAIL_SLOW',
    } as const;
    expect(judgeSharedTarget(REQUEST, [{ appName: 'users', infos: [info] }])).toEqual({
      error: 'ERR_INVALID_PARAMETERS',
      hint: 'illegal operation: another app(users) is also duplicated to the same remote app(cluster=onebox2, app=temp)',
    });
    expect(
      judgeSharedTarget(REQUEST, [{ appName: 'users', infos: [{ ...info, remoteAppName: 'users' }] }]),
    ).toBeUndefined();
  });
});

describe('the progress of a partition', () => {
  const report = (confirmedDecree: number, lastCommittedDecree?: number) => ({
    confirmedDecree,
    checkpointPrepared: false,
    lastCommittedDecree,
  });

  test('grows, and is stored once a period', () => {
    const first = afterReport(progressFrom(UNKNOWN_DECREE), report(5, 9), 0, 5000);
    expect(first).toMatchObject({
      storing: true,
      reportedDecree: 5,
      storedDecree: -1,
      lastCommittedDecree: 9,
    });
    const stored = afterStored(first, 5);
    expect(stored).toMatchObject({ storing: false, storedDecree: 5 });
    const soon = afterReport(stored, report(7), 4999, 5000);
    expect(soon).toMatchObject({
      storing: false,
      reportedDecree: 7,
      storedDecree: 5,
      lastCommittedDecree: 9,
    });
    expect(afterReport(soon, report(6), 5000, 5000)).toMatchObject({ storing: true, reportedDecree: 7 });
  });

  test('never falls, and what is the same is not stored again', () => {
    const progress = progressFrom(5);
    expect(afterReport(progress, report(3), 0, 5000)).toMatchObject({ storing: false, reportedDecree: 5 });
    expect(afterReport(progress, report(5), 0, 5000)).toMatchObject({ storing: false });
  });

  test('while it is being stored only the committed decree moves', () => {
    const storing = afterReport(progressFrom(1), report(2, 3), 0, 5000);
    expect(afterReport(storing, report(4, 8), 9000, 5000)).toEqual({ ...storing, lastCommittedDecree: 8 });
  });

  test('what is not confirmed is counted when both decrees are known, and never below 0', () => {
    expect(notConfirmed({ ...progressFrom(3), lastCommittedDecree: 10 })).toBe(7);
    expect(notConfirmed({ ...progressFrom(11), lastCommittedDecree: 10 })).toBe(0);
    expect(notConfirmed({ ...progressFrom(-1), lastCommittedDecree: 10 })).toBe(0);
    expect(notConfirmed(progressFrom(3))).toBe(0);
  });
});

describe('the znode', () => {
  const TEXT =
    '{"remote":"onebox2","status":"DS_LOG","create_timestamp_ms":1767225600000,"fail_mode":"FAIL_SLOW","remote_app_name":"temp","remote_replica_count":3}';
  const table = { appId: 2, appName: 'temp', maxReplicaCount: 3 };
  const parse = (text: string) => parseDuplicationJson('/d', table, 7, Buffer.from(text));

  test('is that of reference/cluster-behaviour.md 2.3, byte for byte', () => {
    expect(writeDuplicationJson(parse(TEXT)).toString()).toBe(TEXT);
  });
  test('of a release before 2.6 speaks of the own table', () => {
    const old = TEXT.replace(/,"remote_app_name".*/, '}');
    expect(parse(old)).toEqual(parse(TEXT));
  });
  test('with a status nobody knows counts as removed', () => {
    expect(parse(TEXT.replace('DS_LOG', 'DS_START')).status).toBe('DS_REMOVED');
  });
  test('that is broken is refused', () => {
    expect(() => parse('{')).toThrow('the znode /d cannot be read');
  });
  test.each([
    ['12', 12],
    ['-1', -1],
    ['', -1],
    ['x', -1],
  ])('of a partition %p is decree %p', (text, decree) => {
    expect(parseDecree(Buffer.from(text))).toBe(decree);
    expect(parseDecree(undefined)).toBe(-1);
  });
});

describe('a follower', () => {
  const envs = (status: string | undefined, master = 'onebox') =>
    new Map([
      ['duplication.master_cluster', master],
      ...(status === undefined ? [] : ([['duplication.follower_app_status', status]] as const)),
    ]);

  test.each<[string | undefined, string | undefined, string]>([
    ['creating', 'creating', 'ERR_OK'],
    ['created', 'created', 'ERR_OK'],
    ['created', 'creating', 'ERR_APP_EXIST'],
    ['creating', undefined, 'ERR_APP_EXIST'],
    [undefined, 'creating', 'ERR_INVALID_STATE'],
    ['creating', 'x', 'ERR_INVALID_PARAMETERS'],
    ['x', 'creating', 'ERR_INVALID_PARAMETERS'],
  ])('that is %p and is asked to be %p: %s', (mine, asked, verdict) => {
    expect(judgeFollowerRequest(envs(mine), envs(asked))).toBe(verdict);
  });
  test('is marked as created', () => {
    expect(judgeFollowerRequest(envs('creating'), envs('created'))).toEqual(envs('created'));
  });
  test('of another cluster, or of none, exists', () => {
    expect(judgeFollowerRequest(envs('creating', 'other'), envs('creating'))).toBe('ERR_APP_EXIST');
    expect(judgeFollowerRequest(new Map(), envs('creating'))).toBe('ERR_APP_EXIST');
  });

  const address = { ip: '127.0.0.1', port: 35801 };
  const partition = (given: Partial<PartitionConfiguration>) =>
    make(partitionConfiguration, {
      primary: address,
      secondaries: [address],
      max_replica_count: 3,
      ...given,
    });
  test('is there when each partition has a primary and, where it can, a secondary', () => {
    expect(followerHealth(1, [partition({})])).toBe('ERR_OK');
    expect(followerHealth(2, [partition({})])).toBe('ERR_INCONSISTENT_STATE');
    expect(followerHealth(1, [partition({ primary: null })])).toBe('ERR_INACTIVE_STATE');
    expect(followerHealth(1, [partition({ secondaries: [] })])).toBe('ERR_NOT_ENOUGH_MEMBER');
    expect(followerHealth(1, [partition({ secondaries: [], max_replica_count: 1 })])).toBe('ERR_OK');
  });
});
