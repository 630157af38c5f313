import { applyPatch } from '../../src/model';
import type { TableEntry } from '../../src/model';
import {
  GridRows,
  countsText,
  letterOf,
  opensByItself,
  partitionWords,
  tablesShown,
} from '../../src/page/grid-rows';
import { largeState, sampleState } from '../sample-state';

const all = { text: '', unhealthyOnly: false };
const tablesOf = (state: ReturnType<typeof sampleState>): readonly TableEntry[] =>
  tablesShown(state.tables, all);

describe('the rows of the grid', () => {
  test('are a table and, when it is open, its partitions', () => {
    const rows = new GridRows().rows(tablesOf(sampleState()), (appId) => appId === 1, 3);
    expect(rows.map(([key]) => key)).toEqual(['1', '1.0', '1.1', '1.2', '1.3', '2']);
  });

  test('count what each node has of a table', () => {
    const rows = new GridRows().rows(tablesOf(sampleState()), () => false, 3);
    const counts = rows.map(([, row]) => (row.kind === 'table' ? row.perNode.map(countsText) : []));
    expect(counts).toEqual([
      ['2P 2S', '1P 3S', '1P 3S'],
      ['0P 0S 1L', '7P 1S', '1P 7S'],
    ]);
  });

  test('a patch of one partition changes the row of that partition and of its table only', () => {
    const grid = new GridRows();
    const state = largeState(1000, 8);
    const before = grid.rows(tablesOf(state), () => true, 3);
    const after = applyPatch(state, { tables: { 500: { partitions: { 3: [5, 1, [2], []] } } } });
    const now = grid.rows(tablesOf(after), () => true, 3);
    expect(now).toHaveLength(9000);
    const changed = now.filter(([, row], i) => row !== before[i]?.[1]).map(([key]) => key);
    expect(changed).toEqual(['500', '500.3']);
  });

  test('a table that is opened changes no other row', () => {
    const grid = new GridRows();
    const tables = tablesOf(largeState(10, 2));
    const before = new Map(grid.rows(tables, () => false, 3));
    const now = grid.rows(tables, (appId) => appId === 4, 3);
    const changed = now.filter(([key, row]) => row !== before.get(key)).map(([key]) => key);
    expect(changed).toEqual(['4', '4.0', '4.1']);
  });

  test('are drawn anew when a node comes', () => {
    const grid = new GridRows();
    const tables = tablesOf(sampleState());
    grid.rows(tables, () => false, 3);
    const rows = grid.rows(tables, () => false, 4);
    expect(rows.map(([, row]) => (row.kind === 'table' ? row.perNode.length : 0))).toEqual([4, 4]);
  });
});

describe('the filter of tables', () => {
  const { tables } = largeState(12, 2);
  const names = (text: string, unhealthyOnly = false) =>
    tablesShown(tables, { text, unhealthyOnly }).map(({ name }) => name);

  test('finds a part of a name, whatever its case', () => {
    expect(names('LE_001')).toEqual(['table_0010', 'table_0011', 'table_0012']);
  });

  test('finds an app id', () => expect(names('7')).toEqual(['table_0007']));

  test('finds what is unhealthy', () => {
    expect(names('', true)).toEqual([]);
    const sample = tablesShown(sampleState().tables, { text: '', unhealthyOnly: true });
    expect(sample.map(({ name }) => name)).toEqual(['temp']);
  });

  test('app ids are numbers: 2 comes before 10', () => {
    expect(tablesShown(tables, all).map(({ appId }) => appId)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    ]);
  });
});

test('tables begin open while they are few', () => {
  expect(opensByItself(Object.values(largeState(25, 8).tables))).toBe(true);
  expect(opensByItself(Object.values(largeState(26, 8).tables))).toBe(false);
});

test('a node has of a partition the primary, a secondary, a learner or nothing', () => {
  expect([0, 1, 2, 3].map((node) => letterOf([5, 1, [2], [0]], node))).toEqual(['L', 'P', 'S', null]);
});

describe('a partition in the words of ls -d', () => {
  test.each([
    [[3, 0, [1, 2], []], 3, 'fully healthy'],
    [[4, 0, [1], [2]], 3, 'unhealthy: 2 of 3 replicas'],
    [[5, 0, [], []], 3, 'write unhealthy: 1 of 3 replicas'],
    [[6, -1, [], []], 3, 'no primary: read and write unhealthy'],
    [[3, 0, [], []], 1, 'fully healthy'],
  ] as const)('%j of %i replicas: %s', (partition, replicaCount, words) => {
    expect(partitionWords(partition, replicaCount)).toBe(words);
  });
});
