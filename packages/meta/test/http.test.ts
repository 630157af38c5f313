import { parseNode } from '@onebox/base';
import type { HttpResponse } from '@onebox/server';
import { PROFILES, callRule } from '@onebox/server';
import { LEADER_IS_LOADING, metaHttpHandlers } from '../src/http';
import type { PartitionConfig } from '../src/state/partition';
import type { TableStatus, TableView } from '../src/state/table';
import { FixtureView, R1, R2, R3, fixtureActions, fixtureTable } from './http-fixture';

async function get(
  view: FixtureView,
  path: string,
  args: Record<string, string> = {},
  variants = PROFILES.master.variants,
): Promise<HttpResponse> {
  const handler = metaHttpHandlers(view, variants, fixtureActions(view, variants))[path];
  if (handler === undefined) throw new Error(`no handler for ${path}`);
  return handler({
    method: 'GET',
    path: path.slice(1),
    rawUrl: path,
    args: new Map(Object.entries(args)),
    body: Buffer.alloc(0),
  });
}

function viewOf(...tables: TableView[]): FixtureView {
  const view = new FixtureView();
  view.allTables = tables;
  return view;
}

function withPartitions(table: TableView, ...partitions: Partial<PartitionConfig>[]): TableView {
  const configs = table.partitions.map((config, index) => ({ ...config, ...partitions[index] }));
  return { info: table.info, partitions: configs };
}

const WRITERS = [
  '/meta/app/query_bulk_load',
  '/meta/app/start_bulk_load',
  '/meta/app/start_compaction',
  '/meta/app/usage_scenario',
];

describe('every call of a leader', () => {
  const { variants } = PROFILES.master;
  const view = new FixtureView();
  const paths = Object.keys(metaHttpHandlers(view, variants, fixtureActions(view, variants))).filter((path) =>
    path.startsWith('/meta/'),
  );

  test('exists in every profile, and redirects on a standby', () => {
    for (const { name, calls } of Object.values(PROFILES)) {
      // What changes a table by a POST, and bulk load, came with 2.4 (reference/http-api.md 4).
      const older = paths.filter((path) => name !== '2.0' || !WRITERS.includes(path));
      expect(calls.meta.map(({ path }) => path)).toEqual(expect.arrayContaining(older));
    }
    for (const path of paths) expect(callRule(path).redirects).not.toBe('never');
  });

  test.each(paths)('%s asks to retry while the leader is loading', async (path) => {
    const view = new FixtureView();
    view.loaded = false;
    expect(await get(view, path, { name: 'temp' })).toEqual({ status: 500, body: LEADER_IS_LOADING });
  });
});

describe('/meta/app/query_bulk_load', () => {
  test('takes an empty name for a table that does not exist', async () => {
    const view = new FixtureView();
    expect(await get(view, '/meta/app/query_bulk_load', { name: '' })).toEqual({
      status: 200,
      body: '{"error":"ERR_APP_NOT_EXIST","app_status":"replication::bulk_load_status::BLS_INVALID"}\n',
    });
    expect(await get(view, '/meta/app/query_bulk_load')).toEqual({
      status: 400,
      body: 'name should not be empty',
    });
  });
});

describe('/meta/cluster', () => {
  test("has one generation's counters as JSON inside the string, the other's as text", async () => {
    const view = new FixtureView();
    view.counts = { movePrimary: 2, copyPrimary: 1, copySecondary: 4, total: 7 };
    const counters = async (profile: 'master' | 'documented' | '2.5'): Promise<unknown> => {
      const { body } = await get(view, '/meta/cluster', {}, PROFILES[profile].variants);
      return (JSON.parse(String(body)) as Record<string, unknown>)['balance_operation_count'];
    };
    const text = 'move_pri=2,copy_pri=1,copy_sec=4,total=7';
    expect(await counters('documented')).toBe(text);
    expect(await counters('2.5')).toBe(text);
    expect(await counters('master')).toBe(
      '{\n  "copy_pri": 1,\n  "copy_sec": 4,\n  "move_pri": 2,\n  "total": 7\n}',
    );
  });

  test('shows the state of the cluster, one line, members in order', async () => {
    const view = new FixtureView();
    view.level = 'freezed';
    view.counts = { movePrimary: 0, copyPrimary: 0, copySecondary: 0, total: -1 };
    view.zookeeperHosts = '10.0.0.1:2181, 10.0.0.2:2181';
    view.allTables = [];
    const { body } = await get(view, '/meta/cluster', { x: '1' }, PROFILES.documented.variants);
    expect(body).toBe(
      '{"meta_servers":"127.0.0.1:34601,127.0.0.1:34602,127.0.0.1:34603","primary_meta_server":"127.0.0.1:34601",' +
        '"zookeeper_hosts":"10.0.0.1:2181, 10.0.0.2:2181","zookeeper_root":"/pegasus/onebox/127.0.0.1",' +
        '"meta_function_level":"freezed","balance_operation_count":"move_pri=0,copy_pri=0,copy_sec=0,total=-1",' +
        '"primary_replica_count_stddev":"0.00","total_replica_count_stddev":"0.00"}\n',
    );
  });

  test('2.0 and 2.4 remove blanks from the ZooKeeper hosts', async () => {
    const view = new FixtureView();
    view.zookeeperHosts = ' a:1, b:2\t';
    const { body } = await get(view, '/meta/cluster', {}, PROFILES['2.4'].variants);
    expect(JSON.parse(String(body))).toMatchObject({ zookeeper_hosts: 'a:1,b:2' });
  });
});

describe('/meta/nodes', () => {
  test('a cluster without nodes', async () => {
    const view = viewOf();
    view.allNodes = [];
    expect(await get(view, '/meta/nodes', { detail: '' })).toEqual({
      status: 200,
      body: '{"details":{},"summary":{"total_node_count":"0","alive_node_count":"0","unalive_node_count":"0"}}\n',
    });
  });

  test('counts only available tables, and only for nodes that are listed', async () => {
    const view = viewOf(
      fixtureTable(1, 'stat', 2),
      fixtureTable(2, 'gone', 8, { status: 'AS_DROPPED' }),
      fixtureTable(3, 'coming', 8, { status: 'AS_CREATING' }),
    );
    view.allNodes = [
      { node: R1, alive: false },
      { node: parseNode('box9:34801'), alive: true },
    ];
    expect((await get(view, '/meta/nodes', { detail: 'false' })).body).toBe(
      '{"details":{"127.0.0.1:34801":{"address":"127.0.0.1:34801","status":"UNALIVE","replica_count":"2",' +
        '"primary_count":"1","secondary_count":"1"},"box9:34801":{"address":"box9:34801","status":"ALIVE",' +
        '"replica_count":"0","primary_count":"0","secondary_count":"0"}},' +
        '"summary":{"total_node_count":"2","alive_node_count":"1","unalive_node_count":"1"}}\n',
    );
  });
});

describe('/meta/apps', () => {
  test('lists available tables only, and counts health per table', async () => {
    const half = withPartitions(
      fixtureTable(7, 'half', 4, { createSecond: 0, isStateful: false }),
      { secondaries: [R2] },
      { secondaries: [] },
      { primary: undefined },
    );
    const view = viewOf(
      fixtureTable(5, 'fine', 1, { maxReplicaCount: 2, envs: new Map([['a', 'b']]) }),
      fixtureTable(6, 'dropped', 1, { status: 'AS_DROPPED' }),
      half,
      fixtureTable(8, 'coming', 1, { status: 'AS_CREATING' }),
    );
    expect((await get(view, '/meta/apps', { detail: '' })).body).toBe(
      '{"general_info":{"5":{"app_id":"5","status":"AVAILABLE","app_name":"fine","app_type":"pegasus",' +
        '"partition_count":"1","replica_count":"2","is_stateful":"true","create_time":"2024-05-01 10:00:00.000",' +
        '"drop_time":"-","drop_expire":"-","envs_count":"1"},"7":{"app_id":"7","status":"AVAILABLE",' +
        '"app_name":"half","app_type":"pegasus","partition_count":"4","replica_count":"3","is_stateful":"false",' +
        '"create_time":"-","drop_time":"-","drop_expire":"-","envs_count":"0"}},' +
        '"healthy_info":{"5":{"app_id":"5","app_name":"fine","partition_count":"1","fully_healthy":"1",' +
        '"unhealthy":"0","write_unhealthy":"0","read_unhealthy":"0"},"7":{"app_id":"7","app_name":"half",' +
        '"partition_count":"4","fully_healthy":"1","unhealthy":"3","write_unhealthy":"2","read_unhealthy":"1"}},' +
        '"summary":{"total_app_count":"2","fully_healthy_app_count":"1","unhealthy_app_count":"1",' +
        '"write_unhealthy_app_count":"1","read_unhealthy_app_count":"1"}}\n',
    );
  });

  test('without tables there is no health to show', async () => {
    const none = '{"general_info":{},"summary":{"total_app_count":"0"}}\n';
    expect(await get(viewOf(), '/meta/apps')).toEqual({ status: 200, body: none });
    expect(
      await get(viewOf(fixtureTable(1, 'a', 1, { status: 'AS_DROPPED' })), '/meta/apps', { detail: '' }),
    ).toEqual({
      status: 200,
      body: none,
    });
  });

  test('names are escaped', async () => {
    const { body } = await get(viewOf(fixtureTable(1, 'a"\\\u0001', 1)), '/meta/apps');
    expect(String(body)).toContain('"app_name":"a\\"\\\\\\u0001"');
  });
});

describe('/meta/app', () => {
  test('an ill table in detail', async () => {
    const table = withPartitions(
      fixtureTable(3, 't', 3),
      { ballot: 5, primary: R3, secondaries: [R2] },
      { ballot: 0, primary: undefined, secondaries: [] },
      { secondaries: [] },
    );
    expect((await get(viewOf(table), '/meta/app', { name: 't', detail: '0' })).body).toBe(
      '{"general":{"app_name":"t","app_id":"3","partition_count":"3","max_replica_count":"3"},' +
        '"replicas":{"0":{"pidx":"0","ballot":"5","replica_count":"2/3","primary":"127.0.0.1:34803",' +
        '"secondaries":"[127.0.0.1:34802]"},"1":{"pidx":"1","ballot":"0","replica_count":"0/3","primary":"-",' +
        '"secondaries":"[]"},"2":{"pidx":"2","ballot":"3","replica_count":"1/3","primary":"127.0.0.1:34803",' +
        '"secondaries":"[]"}},"nodes":{"127.0.0.1:34802":{"node":"127.0.0.1:34802","primary":"0","secondary":"1",' +
        '"total":"1"},"127.0.0.1:34803":{"node":"127.0.0.1:34803","primary":"2","secondary":"0","total":"2"},' +
        '"total":{"node":"total","primary":"2","secondary":"1","total":"3"}},' +
        '"healthy":{"fully_healthy_partition_count":"0","unhealthy_partition_count":"3",' +
        '"write_unhealthy_partition_count":"2","read_unhealthy_partition_count":"1"}}\n',
    );
  });

  test('the replica count comes from the first partition', async () => {
    const table = withPartitions(fixtureTable(3, 't', 1, { maxReplicaCount: 3 }), { maxReplicaCount: 2 });
    expect((await get(viewOf(table), '/meta/app', { name: 't' })).body).toBe(
      '{"general":{"app_name":"t","app_id":"3","partition_count":"1","max_replica_count":"2"}}\n',
    );
  });

  test.each<[TableStatus, string, string]>([
    ['AS_CREATING', 'ERR_BUSY_CREATING', '/'],
    ['AS_RECALLING', 'ERR_BUSY_CREATING', '/'],
    ['AS_DROPPING', 'ERR_BUSY_DROPPING', '0'],
  ])('%s: the name of the error, or one byte of it', async (status, name, byte) => {
    const view = viewOf(fixtureTable(3, 't', 1, { status }));
    const busy = await get(view, '/meta/app', { name: 't', detail: '' });
    expect([busy.status, String(busy.body)]).toEqual([500, byte]);
    const older = await get(view, '/meta/app', { name: 't' }, PROFILES['2.5'].variants);
    expect([older.status, String(older.body)]).toEqual([500, name]);
  });

  test('a dropped or unknown table, and no name at all', async () => {
    const view = viewOf(fixtureTable(3, 't', 1, { status: 'AS_DROPPED' }));
    expect(await get(view, '/meta/app', { name: 't' })).toEqual({
      status: 404,
      body: 'table not found: "t"',
    });
    const empty = { status: 400, body: "app name shouldn't be empty" };
    expect(await get(view, '/meta/app', { name: '' })).toEqual(empty);
    expect(await get(view, '/meta/app', { detail: '' })).toEqual(empty);
    expect(await get(view, '/meta/app', {}, PROFILES['2.4'].variants)).toEqual({
      status: 404,
      body: 'table not found: ""',
    });
  });
});

describe('/meta/app_envs', () => {
  test('envs come by name, in byte order', async () => {
    const envs = new Map([
      ['b', '2'],
      ['\u{1F600}', 'emoji'],
      ['\uFFFD', 'below it'],
      ['a', 'quote "'],
    ]);
    const view = viewOf(fixtureTable(3, 't', 1, { envs }));
    expect(await get(view, '/meta/app_envs', { x: '1', name: 't' })).toEqual({
      status: 200,
      body: '{"a":"quote \\"","b":"2","\uFFFD":"below it","\u{1F600}":"emoji"}\n',
    });
  });

  test.each<[string, TableStatus | undefined]>([
    ['unknown', undefined],
    ['being created', 'AS_CREATING'],
    ['being dropped', 'AS_DROPPING'],
    ['dropped', 'AS_DROPPED'],
  ])('a table that is %s looks like one without envs', async (_what, status) => {
    const view =
      status === undefined
        ? viewOf()
        : viewOf(fixtureTable(3, 't', 1, { status, envs: new Map([['a', 'b']]) }));
    expect(await get(view, '/meta/app_envs', { name: 't' })).toEqual({ status: 200, body: '{}\n' });
  });

  test('no name', async () => {
    const empty = { status: 400, body: "app name shouldn't be empty" };
    expect(await get(viewOf(), '/meta/app_envs')).toEqual(empty);
    expect(await get(viewOf(), '/meta/app_envs', { name: '' })).toEqual(empty);
  });
});
