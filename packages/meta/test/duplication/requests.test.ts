import {
  DuplicationFailMode,
  DuplicationStatus,
  PatternMatchType,
  RPC,
  duplicationAddRequest,
  duplicationConfirmEntry,
  duplicationListRequest,
  duplicationModifyRequest,
  duplicationQueryRequest,
  duplicationSyncRequest,
  make,
  toWireHostPort,
} from '@onebox/protocol';
import type { DuplicationAddRequest, DuplicationModifyRequest } from '@onebox/protocol';
import { node } from '../cluster-fixture';
import { MIN_INI } from '../simulation/meta-under-test';
import { SimulatedCluster } from '../simulation/simulated-cluster';
import { tableRequests } from '../simulation/table-requests';

const ROOT = '/pegasus/onebox/127.0.0.1/apps';
const INI = `${MIN_INI}
[pegasus.clusters]
onebox = 127.0.0.1:34601
onebox2 = 127.0.0.1:35601
[duplication-group]
onebox = 1
onebox2 = 2
`.replace('[replication]', '[replication]\ncluster_name = onebox');

let cluster: SimulatedCluster;
const start = async (ini = INI): Promise<void> => {
  cluster = await new SimulatedCluster(3, { ini }).start();
};
const tables = tableRequests(() => cluster.leader);
afterEach(() => cluster.close());

const add = (request: Partial<DuplicationAddRequest> = {}) =>
  cluster.leader.call(
    RPC.RPC_CM_ADD_DUPLICATION,
    make(duplicationAddRequest, { app_name: 'temp', remote_cluster_name: 'onebox2', ...request }),
  );
const modify = (request: Partial<DuplicationModifyRequest>) =>
  cluster.leader.call(
    RPC.RPC_CM_MODIFY_DUPLICATION,
    make(duplicationModifyRequest, { app_name: 'temp', ...request }),
  );
const query = (table = 'temp') =>
  cluster.leader.call(RPC.RPC_CM_QUERY_DUPLICATION, make(duplicationQueryRequest, { app_name: table }));
const info = (table: string) => cluster.table(table).info;
const stored = (path: string) => cluster.store.text(`${ROOT}/${path}`);
const now = (): number => Math.floor(cluster.clock.unixMs() / 1000);

describe('add', () => {
  beforeEach(() => start());

  test('the id is the second of its creation, one more while that is taken, and everything is in ZooKeeper', async () => {
    const dupId = now();
    const createdMs = cluster.clock.unixMs();
    expect(await add()).toEqual({
      err: 'ERR_OK',
      hint: undefined,
      appid: 2,
      dupid: dupId,
      remote_app_name: 'temp',
      remote_replica_count: 3,
    });
    expect(stored(`2/duplication`)).toBe('');
    expect(stored(`2/duplication/${dupId}`)).toBe(
      `{"remote":"onebox2","status":"DS_PREPARE","create_timestamp_ms":${createdMs},"fail_mode":"FAIL_SLOW","remote_app_name":"temp","remote_replica_count":3}`,
    );
    for (let index = 0; index < 8; index += 1) expect(stored(`2/duplication/${dupId}/${index}`)).toBe('-1');
    expect(stored('2')).toContain('"duplicating":1');
    expect(info('temp').duplicating).toBe(true);
    expect(info('stat').duplicating).toBe(false);
  });

  test('to itself, or from a table that is not there, nothing is added', async () => {
    expect(await add({ remote_cluster_name: 'onebox' })).toMatchObject({
      err: 'ERR_INVALID_PARAMETERS',
      dupid: 0,
      hint: 'illegal operation: adding duplication to itself',
    });
    expect(await add({ app_name: 'nosuch' })).toMatchObject({
      err: 'ERR_APP_NOT_EXIST',
      hint: 'app nosuch was not found',
    });
    expect(stored('2/duplication')).toBeUndefined();
  });

  test('to the same cluster again: the same id, started again', async () => {
    const first = await add({ is_duplicating_checkpoint: false });
    await cluster.run(5000);
    expect(await add()).toMatchObject({ err: 'ERR_DUP_EXIST', appid: 2, dupid: first?.dupid });
    await modify({ dupid: first?.dupid ?? 0, status: DuplicationStatus.DS_PAUSE });
    expect(await add({ is_duplicating_checkpoint: false })).toMatchObject({
      err: 'ERR_DUP_EXIST',
      dupid: first?.dupid,
    });
    expect((await query())?.entry_list).toMatchObject([
      { dupid: first?.dupid, status: DuplicationStatus.DS_LOG },
    ]);
  });

  test('while the first is not stored yet: ERR_BUSY', async () => {
    cluster.store.disconnect();
    const first = add();
    await cluster.run(50);
    expect(await add()).toMatchObject({ err: 'ERR_BUSY' });
    cluster.store.reconnect();
    expect(await first).toMatchObject({ err: 'ERR_OK' });
  });

  test('two tables cannot feed one', async () => {
    await add({ remote_app_name: 'copy' });
    expect(await add({ app_name: 'stat', remote_app_name: 'copy' })).toMatchObject({
      err: 'ERR_INVALID_PARAMETERS',
      hint: 'illegal operation: another app(temp) is also duplicated to the same remote app(cluster=onebox2, app=copy)',
    });
    expect(await add({ app_name: 'stat' })).toMatchObject({ err: 'ERR_OK', remote_app_name: 'stat' });
  });
});

describe('modify', () => {
  let dupId: number;
  beforeEach(async () => {
    await start();
    dupId = (await add({ is_duplicating_checkpoint: false }))?.dupid ?? 0;
  });

  test.each<[string, Partial<DuplicationModifyRequest>, string]>([
    ['an unknown table', { app_name: 'nosuch', dupid: 1 }, 'ERR_APP_NOT_EXIST'],
    ['an unknown id', { dupid: 1 }, 'ERR_OBJECT_NOT_FOUND'],
  ])('%s', async (_what, request, err) => {
    expect(await modify(request)).toMatchObject({ err });
  });

  test('an illegal status, or one nobody knows, is ERR_INVALID_PARAMETERS', async () => {
    for (const status of [DuplicationStatus.DS_PREPARE, 17 as DuplicationStatus]) {
      expect(await modify({ dupid: dupId, status })).toMatchObject({ err: 'ERR_INVALID_PARAMETERS' });
    }
  });

  test('status and fail mode are stored together', async () => {
    const change = { status: DuplicationStatus.DS_PAUSE, fail_mode: DuplicationFailMode.FAIL_SKIP };
    expect(await modify({ dupid: dupId, ...change })).toEqual({ err: 'ERR_OK', appid: 2 });
    expect(stored(`2/duplication/${dupId}`)).toContain('"status":"DS_PAUSE"');
    expect(stored(`2/duplication/${dupId}`)).toContain('"fail_mode":"FAIL_SKIP"');
  });

  test('a change while the previous one is not stored is ERR_BUSY', async () => {
    cluster.store.disconnect();
    const first = modify({ dupid: dupId, status: DuplicationStatus.DS_PAUSE });
    await cluster.run(50);
    expect(await modify({ dupid: dupId, status: DuplicationStatus.DS_REMOVED })).toMatchObject({
      err: 'ERR_BUSY',
    });
    cluster.store.reconnect();
    expect(await first).toMatchObject({ err: 'ERR_OK' });
  });

  test('removed: its znodes are gone, and the table is duplicated no more', async () => {
    expect(await modify({ dupid: dupId, status: DuplicationStatus.DS_REMOVED })).toMatchObject({
      err: 'ERR_OK',
    });
    expect([...cluster.store.nodes.keys()].filter((path) => path.includes(`/${dupId}`))).toEqual([]);
    expect((await query())?.entry_list).toEqual([]);
    expect(stored('2')).toContain('"duplicating":0');
    expect(await modify({ dupid: dupId })).toMatchObject({ err: 'ERR_OBJECT_NOT_FOUND' });
  });

  test('a removal that a leader did not finish is finished by the next', async () => {
    await modify({ dupid: dupId, fail_mode: DuplicationFailMode.FAIL_FAST });
    // The mark and half of the partitions.
    cluster.store.disconnectAfter(5);
    void modify({ dupid: dupId, status: DuplicationStatus.DS_REMOVED });
    await cluster.run(100);
    cluster.store.fence();
    await cluster.failOver(100);
    expect((await query())?.entry_list).toEqual([]);
    expect([...cluster.store.nodes.keys()].filter((path) => path.includes(`/${dupId}`))).toEqual([]);
    expect(info('temp').duplicating).toBe(false);
  });
});

describe('query and list', () => {
  beforeEach(() => start());

  test('a table without duplications has none, an unknown one does not exist', async () => {
    expect(await query()).toEqual({ err: 'ERR_OK', appid: 2, entry_list: [] });
    expect(await query('nosuch')).toMatchObject({ err: 'ERR_APP_NOT_EXIST', entry_list: [] });
  });

  test('list shows every available table whose name fits', async () => {
    const added = await add();
    const list = (pattern: string, type: PatternMatchType) =>
      cluster.leader.call(
        RPC.RPC_CM_LIST_DUPLICATION,
        make(duplicationListRequest, { app_name_pattern: pattern, match_type: type }),
      );
    const all = await list('', PatternMatchType.PMT_MATCH_ALL);
    expect(
      all?.app_states.map(([name, { appid, partition_count, duplications }]) => [
        name,
        appid,
        partition_count,
        duplications.map(([dupId]) => dupId),
      ]),
    ).toEqual([
      ['stat', 1, 4, []],
      ['temp', 2, 8, [added?.dupid]],
    ]);
    expect((await list('te', PatternMatchType.PMT_MATCH_PREFIX))?.app_states.map(([name]) => name)).toEqual([
      'temp',
    ]);
    expect(await list('.*', PatternMatchType.PMT_MATCH_REGEX)).toMatchObject({
      err: 'ERR_NOT_IMPLEMENTED',
      hint_message: 'match_type is not supported: val=6, str=regex',
    });
  });
});

describe('sync', () => {
  let dupId: number;
  beforeEach(async () => {
    await start();
    dupId = (await add({ is_duplicating_checkpoint: false }))?.dupid ?? 0;
  });

  const sync = (from: number, decrees: readonly (readonly [number, number])[] = []) => {
    const request = make(duplicationSyncRequest, {
      hp_node: toWireHostPort(node(from)),
      confirm_list: decrees.map(([partitionIndex, confirmed]) => [
        { appId: 2, partitionIndex },
        [
          make(duplicationConfirmEntry, {
            dupid: dupId,
            confirmed_decree: confirmed,
            last_committed_decree: 50,
          }),
        ],
      ]),
    });
    return cluster.leader.call(RPC.RPC_CM_DUPLICATION_SYNC, request, { framing: 'rdsn' });
  };
  const progress = async (from = 1) => (await sync(from))?.dup_map[0]?.[1][0]?.[1].progress;

  test('a node nobody knows is not found', async () => {
    expect(await sync(9)).toEqual({ err: 'ERR_OBJECT_NOT_FOUND', dup_map: [] });
  });

  test('the answer has the duplications of the tables the node leads, with what is stored', async () => {
    const answer = await sync(1);
    expect(answer?.dup_map.map(([appId, dups]) => [appId, dups.map(([id]) => id)])).toEqual([[2, [dupId]]]);
    expect(answer?.dup_map[0]?.[1][0]?.[1]).toMatchObject({
      status: DuplicationStatus.DS_LOG,
      remote: 'onebox2',
    });
    expect(await progress()).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((index) => [index, -1]));
  });

  test('a confirmed decree is stored before the answer, at most every 5 s, and never falls', async () => {
    expect((await sync(1, [[0, 20]]))?.dup_map[0]?.[1][0]?.[1].progress?.[0]).toEqual([0, 20]);
    expect(stored(`2/duplication/${dupId}/0`)).toBe('20');
    await sync(1, [[0, 30]]);
    expect(stored(`2/duplication/${dupId}/0`)).toBe('20');
    await cluster.run(5000);
    await sync(1, [[0, 10]]);
    expect(stored(`2/duplication/${dupId}/0`)).toBe('30');
    const { partition_states: states = [] } = (await query())?.entry_list[0] ?? {};
    expect(states[0]).toEqual([0, { confirmed_decree: 30, last_committed_decree: 50 }]);
    expect(states[1]).toEqual([1, { confirmed_decree: -1, last_committed_decree: -1 }]);
  });

  test('a paused duplication is told to replica servers, a removed one is not', async () => {
    await modify({ dupid: dupId, status: DuplicationStatus.DS_PAUSE });
    expect((await sync(1))?.dup_map[0]?.[1][0]?.[1].status).toBe(DuplicationStatus.DS_PAUSE);
    await modify({ dupid: dupId, status: DuplicationStatus.DS_REMOVED });
    expect((await sync(1))?.dup_map).toEqual([]);
  });

  test('of a dropped table nothing is told; recalled it goes on', async () => {
    await sync(1, [[0, 20]]);
    await tables.drop('temp');
    expect((await sync(1))?.dup_map).toEqual([]);
    await cluster.failOver(100);
    await tables.recall(2);
    expect((await query())?.entry_list).toMatchObject([{ dupid: dupId, status: DuplicationStatus.DS_LOG }]);
    expect(stored(`2/duplication/${dupId}/0`)).toBe('20');
  });
});

test('switched off, every request is ERR_SERVICE_NOT_ACTIVE, and what is stored stays', async () => {
  await start(INI.replace('[replication]', '[replication]\nduplication_enabled = false'));
  expect(await add()).toMatchObject({ err: 'ERR_SERVICE_NOT_ACTIVE' });
  expect(await query()).toMatchObject({ err: 'ERR_SERVICE_NOT_ACTIVE' });
});
