import type { OneboxError } from '@onebox/base';
import { planTables } from '../../src/api/table-plan';

test('without a word the cluster has the table of upstream’s onebox', () => {
  expect(planTables(undefined, 3)).toEqual({ options: { set: [] }, later: [] });
  expect(planTables([], 3)).toEqual({
    options: { app: undefined, partitions: undefined, set: [] },
    later: [],
  });
});

test('the first table takes the place of temp, and the others are default tables beside it', () => {
  expect(
    planTables(['users', { name: 'orders', partitions: 16 }, { name: 'big', replicaCount: 5 }], 5),
  ).toEqual({
    options: {
      app: 'users',
      partitions: undefined,
      set: [
        'meta_server.apps.orders.app_name=orders',
        'meta_server.apps.orders.partition_count=16',
        'meta_server.apps.orders.max_replica_count=3',
        'meta_server.apps.big.app_name=big',
        'meta_server.apps.big.partition_count=8',
        'meta_server.apps.big.max_replica_count=5',
      ],
    },
    later: [],
  });
});

test('no table is to have more replicas than there are servers, unless it says so', () => {
  expect(planTables(['a', { name: 'b', replicaCount: 3 }], 1).options.set).toEqual([
    'meta_server.apps.a.max_replica_count=1',
    'meta_server.apps.b.app_name=b',
    'meta_server.apps.b.partition_count=8',
    'meta_server.apps.b.max_replica_count=3',
  ]);
  expect(planTables(['a'], 0).options.set).toEqual(['meta_server.apps.a.max_replica_count=1']);
});

test('a table with envs is created when the cluster is healthy', () => {
  const users = { name: 'users', envs: { default_ttl: '3600' } };
  expect(planTables([users, 'orders'], 3)).toEqual({
    options: { app: 'orders', partitions: undefined, set: [] },
    later: [users],
  });
  expect(planTables([{ ...users, envs: {} }], 3).later).toEqual([]);
});

test('the table of the collector can be said to be larger, but is not another table', () => {
  expect(planTables(['stat', 'users'], 3).options).toEqual({ app: 'users', partitions: undefined, set: [] });
  expect(planTables([{ name: 'stat', partitions: 2, replicaCount: 1 }], 3).options).toEqual({
    app: undefined,
    partitions: undefined,
    set: ['meta_server.apps.stat.partition_count=2', 'meta_server.apps.stat.max_replica_count=1'],
  });
});

test('a name that no table can have, and one that is there twice, are refused', () => {
  const failure = (tables: readonly string[]) => {
    try {
      planTables(tables, 3);
    } catch (error) {
      return (error as OneboxError).code;
    }
    return undefined;
  };
  expect(failure(['a b'])).toBe('ONEBOX_BAD_TABLE_NAME');
  expect(failure(['a', 'b', 'a'])).toBe('ONEBOX_BAD_OPTION');
});
