import { parseNode } from '@onebox/base';
import { describeLacking } from '@onebox/cluster';
import type { PartitionsAnswer, PartitionsRequest, ToldTable } from '@onebox/server';
import { KnownNodes } from '../../src/feed/known-nodes';
import { lackingText } from '../../src/feed/lacking-text';
import { TableMirror } from '../../src/feed/table-mirror';

const NODES = [1, 2, 3].map((i) => ({ name: `replica${i}` as const, node: parseNode(`127.0.0.1:3480${i}`) }));
const [R1, R2, R3] = NODES.map(({ node }) => node) as [
  (typeof NODES)[0]['node'],
  (typeof NODES)[0]['node'],
  (typeof NODES)[0]['node'],
];

type Told = Extract<PartitionsAnswer, { readonly leader: string }>;

function answer(facts: Partial<Told>): Told {
  const nodes = [R1, R2, R3].map((node) => ({ node, alive: true }));
  return { leader: 'a', full: false, count: 1, more: false, nodes, tables: [], ...facts };
}

const TEMP: ToldTable = {
  appId: 2,
  name: 'temp',
  status: 'AS_AVAILABLE',
  maxReplicaCount: 3,
  partitions: [
    [3, 0, [1, 2], []],
    [4, 1, [2], [0]],
  ],
};

/** A leader that gives these answers, one after the other. */
function leader(...answers: readonly (PartitionsAnswer | undefined)[]) {
  const asked: PartitionsRequest[] = [];
  const left = [...answers];
  return {
    asked,
    ask: async (request: PartitionsRequest) => {
      asked.push(request);
      return left.shift();
    },
  };
}

const mirror = () => new TableMirror(new KnownNodes(NODES), 3);

test('tables are shown with the health words of the shell, and who lacks what', async () => {
  const tables = mirror();
  const { ask } = leader(answer({ full: true, tables: [TEMP] }));
  expect(await tables.follow(ask)).toBe(true);
  expect(tables.tables).toEqual({
    2: {
      ...{ appId: 2, name: 'temp', status: 'AVAILABLE', partitionCount: 2, replicaCount: 3 },
      ...{ fullyHealthy: 1, unhealthy: 1, writeUnhealthy: 0, readUnhealthy: 0 },
      partitions: TEMP.partitions,
    },
  });
  expect(describeLacking(tables.lacking)).toBe('temp: partition 1 has 2 of 3 replicas');
});

test('after the first answer only what changed is asked for, in parts as long as there is more', async () => {
  const tables = mirror();
  const other = { ...TEMP, appId: 3, name: 'other' };
  const { ask, asked } = leader(
    answer({ full: true, count: 4, more: true, tables: [TEMP] }),
    answer({ count: 9, tables: [other] }),
    answer({ count: 9 }),
  );
  await tables.follow(ask);
  const before = tables.tables;
  await tables.follow(ask);
  expect(asked).toEqual([
    { command: 'partitions' },
    { command: 'partitions', leader: 'a', since: 4 },
    { command: 'partitions', leader: 'a', since: 9 },
  ]);
  expect(Object.keys(before)).toEqual(['2', '3']);
  expect(tables.tables).toBe(before);
});

test('a new leader counts nodes and changes anew; tables that are the same stay the same objects', async () => {
  const tables = mirror();
  const gone = { ...TEMP, appId: 3, name: 'gone' };
  await tables.follow(leader(answer({ full: true, count: 9, tables: [TEMP, gone] })).ask);
  const before = tables.tables[2];
  const nodes = [R3, R2, R1].map((node) => ({ node, alive: node !== R1 }));
  const same: ToldTable = {
    ...TEMP,
    partitions: [
      [3, 2, [1, 0], []],
      [4, 1, [0], [2]],
    ],
  };
  await tables.follow(leader(answer({ leader: 'b', full: true, count: 2, nodes, tables: [same] })).ask);
  expect(Object.keys(tables.tables)).toEqual(['2']);
  expect(tables.tables[2]).toBe(before);
  expect([R1, R2, R3].map((node) => tables.isAlive(node))).toEqual([false, true, true]);
});

test('a dropped table is gone, with what it lacked', async () => {
  const tables = mirror();
  await tables.follow(leader(answer({ full: true, tables: [TEMP] })).ask);
  await tables.follow(leader(answer({ count: 2, tables: [{ ...TEMP, status: 'AS_DROPPED' }] })).ask);
  expect(tables.tables).toEqual({});
  expect(tables.lacking).toEqual([]);
});

test('while nobody leads, tables stay as the last leader told them', async () => {
  const tables = mirror();
  await tables.follow(leader(answer({ full: true, tables: [TEMP] })).ask);
  const before = tables.tables;
  expect(await tables.follow(leader({ leader: null }).ask)).toBe(false);
  expect(await tables.follow(leader(undefined).ask)).toBe(false);
  expect(tables.tables).toBe(before);
});

test('a node that is no server of this cluster gets the next index', () => {
  const nodes = new KnownNodes(NODES);
  const before = nodes.list;
  expect([
    nodes.indexOf('127.0.0.1:34802'),
    nodes.indexOf('127.0.0.1:9'),
    nodes.indexOf('127.0.0.1:9'),
  ]).toEqual([1, 3, 3]);
  expect(before).toHaveLength(3);
  expect(nodes.list[3]).toEqual({ node: '127.0.0.1:9', instance: null });
});

test('of many tables that lack something some are named', () => {
  const lacking = ['a', 'b', 'c', 'd', 'e', 'f'].map((table) => {
    return { table, index: 0, present: 2, wanted: 3, hasPrimary: true };
  });
  expect(lackingText(lacking)).toBe(
    'a: partition 0 has 2 of 3 replicas; b: partition 0 has 2 of 3 replicas; ' +
      'c: partition 0 has 2 of 3 replicas; d: partition 0 has 2 of 3 replicas; and 2 more tables',
  );
  expect(lackingText(lacking.slice(0, 1))).toBe('a: partition 0 has 2 of 3 replicas');
});
