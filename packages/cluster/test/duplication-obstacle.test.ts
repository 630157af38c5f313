import { ScaledClock, parseNode } from '@onebox/base';
import {
  DuplicationStatus,
  RPC,
  appInfo,
  configurationListAppsResponse,
  configurationListNodesResponse,
  duplicationEntry,
  duplicationQueryResponse,
  make,
  nodeInfo,
} from '@onebox/protocol';
import { MetaAdmin, duplicationObstacle, explainedDuplications } from '../src';
import type { ListedDuplication } from '../src';
import { startFakeMeta } from './support/fake-meta';
import type { FakeMeta } from './support/fake-meta';

const DUP: ListedDuplication = {
  dupId: 17,
  remote: 'onebox2',
  remoteTable: 'temp',
  remoteReplicaCount: 3,
  status: 'DS_PREPARE',
  failMode: 'FAIL_SLOW',
  createdMs: 1_714_528_800_000,
  partitions: [
    { index: 0, confirmedDecree: -1, lastCommittedDecree: 1 },
    { index: 1, confirmedDecree: -1, lastCommittedDecree: 1 },
  ],
};
const SOURCE = { table: 'temp', cluster: 'onebox', ownName: 'onebox' };
const FREE = { table: undefined, aliveNodes: 3 };
const following = (status: string, master = 'onebox') => ({
  ...FREE,
  table: {
    envs: { 'duplication.master_cluster': master, 'duplication.follower_app_status': status },
  },
});
const ORDINARY = { ...FREE, table: { envs: {} } };
const reason = (dup: Partial<ListedDuplication>, view: Parameters<typeof duplicationObstacle>[2]) =>
  duplicationObstacle({ ...DUP, ...dup }, SOURCE, view)?.reason;

describe('what a duplication waits for', () => {
  test.each([
    ['nothing where the table can be created', {}, FREE, undefined],
    ['nothing where it is being created', {}, following('creating'), undefined],
    ['an ordinary table of that name', {}, ORDINARY, 'table-exists'],
    ["another cluster's follower", {}, following('creating', 'onebox3'), 'table-exists'],
    ['the follower of a duplication that was removed', {}, following('created'), 'left-over'],
    ['too few servers for the replicas', { remoteReplicaCount: 4 }, FREE, 'too-few-servers'],
    ['a cluster that does not answer', {}, undefined, 'unreachable'],
    ['a cluster that does not answer, while shipping', { status: 'DS_LOG' }, undefined, 'unreachable'],
    ['a table to ship to', { status: 'DS_LOG' }, FREE, 'no-table'],
    ['nothing where any table takes what is shipped', { status: 'DS_LOG' }, ORDINARY, undefined],
    ['nothing while it is paused', { status: 'DS_PAUSE' }, undefined, undefined],
    ['the health of what was just created', { status: 'DS_APP' }, following('creating'), undefined],
  ])('%s', (_what, dup, view, expected) => {
    expect(reason(dup, view)).toBe(expected);
  });

  test('the next step can be typed as it is', () => {
    expect(duplicationObstacle(DUP, SOURCE, ORDINARY)).toEqual({
      reason: 'table-exists',
      message: "onebox2 has a table 'temp' already, which does not follow this cluster",
      nextStep:
        'Drop it there (`onebox app drop temp --name onebox2`), or choose another name: ' +
        '`onebox dup remove temp 17`, `onebox dup add temp onebox2 --remote-table temp_copy`.',
    });
    const other = { ...SOURCE, cluster: 'third' };
    expect(duplicationObstacle(DUP, other, ORDINARY)?.nextStep).toContain(
      '`onebox dup remove temp 17 --name third`, `onebox dup add temp onebox2 --remote-table temp_copy --name third`',
    );
    const copy = { ...DUP, remoteTable: 'temp_copy' };
    expect(duplicationObstacle(copy, SOURCE, ORDINARY)?.nextStep).toContain('--remote-table temp_copy2');
    expect(duplicationObstacle({ ...DUP, status: 'DS_LOG' }, SOURCE, FREE)?.nextStep).toBe(
      'Create it there: `onebox app create temp -p 2 -r 3 --name onebox2`.',
    );
  });
});

describe('duplications with what the other cluster says', () => {
  let near: FakeMeta;
  let far: FakeMeta;
  let connection: MetaAdmin;
  /** The statuses that the near cluster tells, one after another; the last one stays. */
  let statuses: DuplicationStatus[];

  beforeEach(async () => {
    near = await startFakeMeta();
    far = await startFakeMeta();
    connection = new MetaAdmin([near.node], new ScaledClock(1));
    statuses = [DuplicationStatus.DS_PREPARE];
    near.rpc.on(RPC.RPC_CM_QUERY_DUPLICATION, () => {
      const status = (statuses.length > 1 ? statuses.shift() : statuses[0]) ?? DuplicationStatus.DS_INIT;
      const entry = {
        dupid: 17,
        remote: 'onebox2',
        remote_app_name: 'copy',
        remote_replica_count: 1,
        status,
      };
      return make(duplicationQueryResponse, { err: 'ERR_OK', entry_list: [make(duplicationEntry, entry)] });
    });
    far.rpc.on(RPC.RPC_CM_LIST_APPS, () =>
      make(configurationListAppsResponse, { err: 'ERR_OK', infos: [make(appInfo, { app_name: 'copy' })] }),
    );
    far.rpc.on(RPC.RPC_CM_LIST_NODES, () =>
      make(configurationListNodesResponse, { err: 'ERR_OK', infos: [make(nodeInfo, {})] }),
    );
  });
  afterEach(async () => {
    connection.close();
    await near.close();
    await far.close();
  });

  const reasons = async (...metas: readonly FakeMeta['node'][]) => {
    const names = { cluster: 'onebox', ownName: 'onebox', metas: new Map([['onebox2', metas]]) };
    const dups = await explainedDuplications(connection, names, 'temp');
    return dups.map(({ dupId, obstacle }) => [dupId, obstacle?.reason]);
  };

  test('whichever of its meta servers answers is asked for its tables', async () => {
    expect(await reasons(parseNode('127.0.0.1:1'), far.node)).toEqual([[17, 'table-exists']]);
  });

  test('one that nobody answers for is unreachable', async () => {
    expect(await reasons(parseNode('127.0.0.1:1'))).toEqual([[17, 'unreachable']]);
    expect(await reasons()).toEqual([[17, 'unreachable']]);
  });

  test('nothing is said about one that has gone on while the other cluster was asked', async () => {
    statuses = [DuplicationStatus.DS_PREPARE, DuplicationStatus.DS_APP];
    expect(await reasons(far.node)).toEqual([[17, undefined]]);
  });
});
