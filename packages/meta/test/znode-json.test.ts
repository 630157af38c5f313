import { parseNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import { parsePartitionJson, writePartitionJson } from '../src/state/partition-json';
import { parseTableJson, writeTableJson } from '../src/state/table-json';
import { lockDirectory, znodePaths } from '../src/state/znode-paths';
import { config, table } from './cluster-fixture';

const GPID = { appId: 2, partitionIndex: 0 };
const [P1, P2, P3] = ['box1:34801', 'box1:34802', 'box1:34803'].map(parseNode) as [Node, Node, Node];

/** `box1` is 10.0.0.5. */
const addressOf = (node: Node): string => node.replace('box1', '10.0.0.5');

// The two examples of reference/cluster-behaviour.md 2.3.
const TABLE_JSON =
  '{"status":"app_status::AS_AVAILABLE","app_type":"pegasus","app_name":"temp","app_id":2,"partition_count":8,"envs":{},"is_stateful":1,"max_replica_count":3,"expire_second":0,"create_second":1767225600,"drop_second":0,"duplicating":0,"init_partition_count":-1,"is_bulk_loading":0,"atomic_idempotent":0}';
const PARTITION_JSON =
  '{"pid":"2.0","ballot":3,"max_replica_count":3,"primary":"10.0.0.5:34801","secondaries":["10.0.0.5:34802","10.0.0.5:34803"],"last_drops":[],"last_committed_decree":0,"partition_flags":0,"hp_primary":"box1:34801","hp_secondaries":["box1:34802","box1:34803"],"hp_last_drops":[]}';

const PARTITION = config({ ballot: 3, primary: P1, secondaries: [P2, P3] });

describe("a table's znode", () => {
  test('is written as upstream writes it, and read back', () => {
    expect(writeTableJson(table(), 'AS_AVAILABLE').toString()).toBe(TABLE_JSON);
    expect(parseTableJson('/apps/2', 2, Buffer.from(TABLE_JSON))).toEqual(table());
  });

  test('of a dropped table has its times; flags are 1; envs are in byte order', () => {
    const dropped = table({
      envs: new Map([
        ['b', 'x'],
        ['a"', 'é'],
        ['10', ''],
      ]),
      dropSecond: 1767225700,
      expireSecond: 1767830500,
      duplicating: true,
      initPartitionCount: 8,
      atomicIdempotent: true,
    });
    const json = writeTableJson(dropped, 'AS_DROPPED');
    expect(json.toString()).toBe(
      '{"status":"app_status::AS_DROPPED","app_type":"pegasus","app_name":"temp","app_id":2,"partition_count":8,"envs":{"10":"","a\\"":"é","b":"x"},"is_stateful":1,"max_replica_count":3,"expire_second":1767830500,"create_second":1767225600,"drop_second":1767225700,"duplicating":1,"init_partition_count":8,"is_bulk_loading":0,"atomic_idempotent":1}',
    );
    expect(parseTableJson('/apps/2', 2, json)).toEqual({ ...dropped, status: 'AS_DROPPED' });
  });

  test('of an older release lacks keys, of a newer one has more: both are read', () => {
    const older =
      '{"status":"app_status::AS_AVAILABLE","app_name":"temp","partition_count":8,"is_stateful":true}';
    expect(parseTableJson('/apps/2', 2, Buffer.from(older))).toEqual(
      table({ appType: '', maxReplicaCount: 0, createSecond: 0 }),
    );
    const newer = TABLE_JSON.replace('{', '{"something_new":[1],');
    expect(parseTableJson('/apps/2', 2, Buffer.from(newer))).toEqual(table());
  });

  test.each([
    ['not JSON', '{"status"', /cannot be read/],
    ['a list', '[]', /it is not a JSON object/],
    [
      'a transitional status',
      TABLE_JSON.replace('AVAILABLE', 'CREATING'),
      /"status" is not app_status::AS_AVAILABLE or/,
    ],
    [
      'the id of another table',
      TABLE_JSON.replace('"app_id":2', '"app_id":3'),
      /"app_id" is not the table of the znode, 2/,
    ],
    [
      'a text for a number',
      TABLE_JSON.replace('"partition_count":8', '"partition_count":"8"'),
      /not an integer/,
    ],
    ['an env that is a number', TABLE_JSON.replace('"envs":{}', '"envs":{"a":1}'), /not an object of texts/],
  ])('with %s is refused', (_what, json, message) => {
    expect(() => parseTableJson('/apps/2', 2, Buffer.from(json))).toThrow(message);
  });
});

describe("a partition's znode", () => {
  test('is written as upstream writes it, addresses beside host names, and read back', () => {
    expect(writePartitionJson(PARTITION, addressOf).toString()).toBe(PARTITION_JSON);
    expect(parsePartitionJson('/apps/2/0', GPID, Buffer.from(PARTITION_JSON))).toEqual(PARTITION);
  });

  test('without a primary names none, in both forms', () => {
    const json = writePartitionJson(config({ ballot: 4, lastDrops: [P1], flags: 1 }), addressOf);
    expect(json.toString()).toBe(
      '{"pid":"2.0","ballot":4,"max_replica_count":3,"primary":"invalid address","secondaries":[],"last_drops":["10.0.0.5:34801"],"last_committed_decree":0,"partition_flags":1,"hp_primary":"invalid host_port","hp_secondaries":[],"hp_last_drops":["box1:34801"]}',
    );
    expect(parsePartitionJson('/apps/2/0', GPID, json)).toEqual(
      config({ ballot: 4, lastDrops: [P1], flags: 1 }),
    );
  });

  test('of a release up to 2.5 has addresses only, which are the identity then', () => {
    const older = PARTITION_JSON.slice(0, PARTITION_JSON.indexOf(',"hp_primary"')) + '}';
    expect(parsePartitionJson('/apps/2/0', GPID, Buffer.from(older))).toEqual(
      config({
        ballot: 3,
        primary: parseNode('10.0.0.5:34801'),
        secondaries: [parseNode('10.0.0.5:34802'), parseNode('10.0.0.5:34803')],
      }),
    );
  });

  test('of another partition, or with an address that is none, is refused', () => {
    const parse = (json: string) => () => parsePartitionJson('/apps/2/0', GPID, Buffer.from(json));
    expect(parse(PARTITION_JSON.replace('"2.0"', '"2.1"'))).toThrow(
      /"pid" is not the partition of the znode, 2.0/,
    );
    expect(parse(PARTITION_JSON.replace('"box1:34801"', '"box1"'))).toThrow(
      /"primary" is not a host:port address/,
    );
    expect(parse(PARTITION_JSON.replace('["box1:34802","box1:34803"]', '[""]'))).toThrow(/"secondaries"/);
  });
});

test('znodes lie below the cluster root, whatever slashes it has', () => {
  const paths = znodePaths('/pegasus/onebox/127.0.0.1/');
  expect([paths.root, paths.apps, paths.table(2), paths.partition(GPID)]).toEqual([
    '/pegasus/onebox/127.0.0.1',
    '/pegasus/onebox/127.0.0.1/apps',
    '/pegasus/onebox/127.0.0.1/apps/2',
    '/pegasus/onebox/127.0.0.1/apps/2/0',
  ]);
  expect(znodePaths('/').apps).toBe('/apps');
  expect(lockDirectory('/pegasus/onebox')).toBe('/pegasus/onebox/dsn.meta.server.leader');
});
