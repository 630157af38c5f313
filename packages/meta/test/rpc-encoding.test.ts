import { parseNode } from '@onebox/base';
import {
  AppStatus,
  DnsAddressResolver,
  NodeStatus,
  PatternMatchType,
  configurationListAppsRequest,
  configurationListNodesRequest,
  make,
  queryCfgRequest,
} from '@onebox/protocol';
import type { AddressResolver, ConfigurationListAppsRequest } from '@onebox/protocol';
import { PROFILES } from '@onebox/server';
import {
  clusterInfoResponse,
  forwardPartitionConfigQuery,
  fromPartitionConfiguration,
  listApps,
  listNodes,
  queryPartitionConfig,
  toAppInfo,
  toPartitionConfiguration,
} from '../src/rpc-encoding';
import type { PartitionConfig } from '../src/state/partition';
import { FixtureView, R1, R2, R3, fixtureTable } from './http-fixture';

const addresses: AddressResolver = new DnsAddressResolver(() => Promise.reject(new Error('no names here')));
const ip = (port: number) => ({ ip: '127.0.0.1', port });
const hp = (port: number) => ({ host: '127.0.0.1', port });

describe('a table as app_info', () => {
  const { info } = fixtureTable(7, 't', 4, {
    envs: new Map([
      ['b', '2'],
      ['a', '1'],
    ]),
    createSecond: 1714557600,
    initPartitionCount: 4,
    atomicIdempotent: true,
  });

  test('has unix seconds and envs in key order', () => {
    expect(toAppInfo(info)).toEqual({
      status: AppStatus.AS_AVAILABLE,
      app_type: 'pegasus',
      app_name: 't',
      app_id: 7,
      partition_count: 4,
      envs: [
        ['a', '1'],
        ['b', '2'],
      ],
      is_stateful: true,
      max_replica_count: 3,
      expire_second: 0,
      create_second: 1714557600,
      drop_second: 0,
      duplicating: false,
      init_partition_count: 4,
      is_bulk_loading: false,
      atomic_idempotent: true,
    });
  });
});

describe('a partition as partition_configuration', () => {
  const config: PartitionConfig = {
    gpid: { appId: 2, partitionIndex: 5 },
    ballot: 4,
    maxReplicaCount: 3,
    primary: R2,
    secondaries: [R3],
    lastDrops: [R1],
    lastCommittedDecree: 17,
    flags: 0,
  };

  test('names every node in both forms', () => {
    expect(toPartitionConfiguration(config, addresses)).toEqual({
      pid: { appId: 2, partitionIndex: 5 },
      ballot: 4,
      max_replica_count: 3,
      primary: ip(34802),
      secondaries: [ip(34803)],
      last_drops: [ip(34801)],
      last_committed_decree: 17,
      partition_flags: 0,
      hp_primary: hp(34802),
      hp_secondaries: [hp(34803)],
      hp_last_drops: [hp(34801)],
    });
  });

  test('comes back as it was, without a primary too', () => {
    for (const value of [config, { ...config, primary: undefined, secondaries: [], flags: 1 }]) {
      expect(fromPartitionConfiguration(toPartitionConfiguration(value, addresses))).toEqual(value);
    }
  });

  test('host names win over addresses, and addresses do when there are no names', () => {
    const named = parseNode('box1:34802');
    const wire = toPartitionConfiguration({ ...config, primary: named, secondaries: [named] }, addresses);
    expect([wire.primary, wire.secondaries]).toEqual([null, [null]]);
    expect(fromPartitionConfiguration(wire)).toMatchObject({ primary: named, secondaries: [named] });
    const numeric = toPartitionConfiguration(config, addresses);
    delete numeric.hp_primary;
    delete numeric.hp_secondaries;
    delete numeric.hp_last_drops;
    expect(fromPartitionConfiguration(numeric)).toEqual(config);
  });
});

describe('RPC_CM_LIST_APPS', () => {
  const view = new FixtureView();
  view.allTables = [
    fixtureTable(1, 'stat', 4),
    fixtureTable(2, 'temp', 8),
    fixtureTable(3, 'temp_old', 2, { status: 'AS_DROPPED', initPartitionCount: 2 }),
    fixtureTable(4, 'my_temp', 2, { status: 'AS_CREATING', initPartitionCount: 1 }),
  ];
  const names = (request: Partial<ConfigurationListAppsRequest>): string[] => {
    const response = listApps(view, make(configurationListAppsRequest, request));
    expect(response.err).toBe('ERR_OK');
    return response.infos.map(({ app_name }) => app_name);
  };

  test('without a filter: all tables in id order, dropped ones included', () => {
    expect(names({})).toEqual(['stat', 'temp', 'temp_old', 'my_temp']);
  });

  test('by status', () => {
    expect(names({ status: AppStatus.AS_AVAILABLE })).toEqual(['stat', 'temp']);
    expect(names({ status: AppStatus.AS_DROPPED })).toEqual(['temp_old']);
    expect(names({ status: AppStatus.AS_RECALLING })).toEqual([]);
  });

  test.each([
    ['PMT_MATCH_ALL', ['stat', 'temp', 'temp_old', 'my_temp']],
    ['PMT_MATCH_EXACT', ['temp']],
    ['PMT_MATCH_ANYWHERE', ['temp', 'temp_old', 'my_temp']],
    ['PMT_MATCH_PREFIX', ['temp', 'temp_old']],
    ['PMT_MATCH_POSTFIX', ['temp', 'my_temp']],
  ] as const)('by name, %s', (type, found) => {
    expect(names({ app_name_pattern: 'temp', match_type: PatternMatchType[type] })).toEqual(found);
  });

  test('by name and status', () => {
    const request = { app_name_pattern: 'temp', match_type: PatternMatchType.PMT_MATCH_PREFIX };
    expect(names({ ...request, status: AppStatus.AS_AVAILABLE })).toEqual(['temp']);
  });

  test('a pattern without a kind of match is not looked at', () => {
    expect(names({ app_name_pattern: 'x' })).toHaveLength(4);
  });

  test('a kind of match the servers do not know', () => {
    const answer = (type: keyof typeof PatternMatchType, from = view) =>
      listApps(
        from,
        make(configurationListAppsRequest, { app_name_pattern: '.*', match_type: PatternMatchType[type] }),
      );
    expect(answer('PMT_MATCH_REGEX')).toEqual({
      err: 'ERR_NOT_IMPLEMENTED',
      infos: [],
      hint_message: 'match_type is not supported: val=6, str=regex',
    });
    expect(answer('PMT_INVALID').hint_message).toBe('match_type is not supported: val=0, str=invalid');
    const empty = new FixtureView();
    empty.allTables = [];
    expect(answer('PMT_MATCH_REGEX', empty)).toEqual({ err: 'ERR_OK', infos: [] });
  });

  test('shows a usable initial partition count for default tables', () => {
    const { infos } = listApps(view, make(configurationListAppsRequest, {}));
    expect(infos.map(({ init_partition_count }) => init_partition_count)).toEqual([4, 8, 2, 1]);
  });
});

describe('RPC_CM_LIST_NODES', () => {
  const view = new FixtureView();
  view.allNodes = [
    { node: R1, alive: false },
    { node: R2, alive: true },
    { node: R3, alive: true },
  ];
  const row = (status: NodeStatus, port: number) => ({ status, node: ip(port), hp_node: hp(port) });
  const { NS_ALIVE, NS_UNALIVE } = NodeStatus;

  test.each([
    ['NS_INVALID', [row(NS_ALIVE, 34802), row(NS_ALIVE, 34803), row(NS_UNALIVE, 34801)]],
    ['NS_ALIVE', [row(NS_ALIVE, 34802), row(NS_ALIVE, 34803)]],
    ['NS_UNALIVE', [row(NS_UNALIVE, 34801)]],
  ] as const)('%s', (status, infos) => {
    const request = make(configurationListNodesRequest, { status: NodeStatus[status] });
    expect(listNodes(view, request, addresses)).toEqual({ err: 'ERR_OK', infos });
  });
});

describe('RPC_CM_CLUSTER_INFO', () => {
  test('has its keys in order, the name of the cluster last', () => {
    expect(clusterInfoResponse(new FixtureView(), PROFILES.documented.variants)).toEqual({
      err: 'ERR_OK',
      keys: [
        'meta_servers',
        'primary_meta_server',
        'zookeeper_hosts',
        'zookeeper_root',
        'meta_function_level',
        'balance_operation_count',
        'primary_replica_count_stddev',
        'total_replica_count_stddev',
        'cluster_name',
      ],
      values: [
        '127.0.0.1:34601,127.0.0.1:34602,127.0.0.1:34603',
        '127.0.0.1:34601',
        '127.0.0.1:22181',
        '/pegasus/onebox/127.0.0.1',
        'steady',
        'move_pri=0,copy_pri=0,copy_sec=0,total=0',
        '0.82',
        '0.00',
        'onebox',
      ],
    });
  });
});

describe('RPC_CM_QUERY_PARTITION_CONFIG_BY_INDEX', () => {
  const view = new FixtureView();
  view.allTables = [
    fixtureTable(1, 'stat', 4),
    fixtureTable(2, 'creating', 2, { status: 'AS_CREATING' }),
    fixtureTable(3, 'recalling', 2, { status: 'AS_RECALLING' }),
    fixtureTable(4, 'dropping', 2, { status: 'AS_DROPPING' }),
    fixtureTable(5, 'dropped', 2, { status: 'AS_DROPPED' }),
  ];
  const query = (app_name: string, partition_indices: number[] = []) =>
    queryPartitionConfig(view, make(queryCfgRequest, { app_name, partition_indices }), addresses);
  const indices = (partition_indices: number[]): number[] =>
    query('stat', partition_indices).partitions.map(({ pid }) => pid.partitionIndex);

  test('an available table with all its partitions', () => {
    const answer = query('stat');
    expect({ ...answer, partitions: answer.partitions.length }).toEqual({
      err: 'ERR_OK',
      app_id: 1,
      partition_count: 4,
      is_stateful: true,
      partitions: 4,
    });
    expect(answer.partitions[1]).toMatchObject({
      ballot: 3,
      primary: ip(34802),
      secondaries: [ip(34801), ip(34803)],
    });
  });

  test('the partitions asked for; all when none of them exists', () => {
    expect(indices([2, 0])).toEqual([2, 0]);
    expect(indices([3, 9, -1])).toEqual([3]);
    expect(indices([3, 1, 3, 3])).toEqual([3, 1]);
    expect(indices([9, -1])).toEqual([0, 1, 2, 3]);
    expect(indices([])).toEqual([0, 1, 2, 3]);
  });

  test.each([
    ['nosuch', 'ERR_OBJECT_NOT_FOUND'],
    ['dropped', 'ERR_OBJECT_NOT_FOUND'],
    ['creating', 'ERR_BUSY_CREATING'],
    ['recalling', 'ERR_BUSY_CREATING'],
    ['dropping', 'ERR_BUSY_DROPPING'],
  ])('%s: %s', (name, err) => {
    expect(query(name)).toEqual({ err, app_id: 0, partition_count: 0, is_stateful: false, partitions: [] });
  });

  test('a standby names the leader as the primary of the only partition', () => {
    const leader = parseNode('127.0.0.1:34602');
    const answer = forwardPartitionConfigQuery(leader, addresses);
    expect(answer).toMatchObject({
      err: 'ERR_FORWARD_TO_OTHERS',
      app_id: 0,
      partition_count: 0,
      is_stateful: false,
    });
    expect(answer.partitions.map(({ primary, hp_primary }) => [primary, hp_primary])).toEqual([
      [ip(34602), hp(34602)],
    ]);
    const unknown = forwardPartitionConfigQuery(undefined, addresses);
    expect(unknown.partitions.map(({ primary, hp_primary }) => [primary, hp_primary])).toEqual([
      [null, null],
    ]);
  });
});
