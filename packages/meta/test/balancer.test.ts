import type { Node } from '@onebox/base';
import { gpidText } from '@onebox/base';
import type { BalanceInput, BalancePlan } from '../src/balancer';
import { planBalance, replicaSpread } from '../src/balancer';
import type { TableInfo, TableView } from '../src/state/table';
import { FLAGS, STAT_AFTER_RETURN, TEMP_AFTER_RETURN, servers, table } from './balancer-fixture';

const [R1, R2, R3, R4] = servers(4) as [Node, Node, Node, Node];

function plan(tables: readonly TableView[], more: Partial<BalanceInput> = {}): BalancePlan {
  return planBalance({
    mode: 'balance',
    aliveNodes: servers(3),
    tables,
    diskTag: () => 'default',
    flags: FLAGS,
    ...more,
  });
}

const summary = ({ proposals }: BalancePlan): string[] =>
  proposals.map(({ gpid, kind, from, to }) => `${gpidText(gpid)} ${kind} ${from.slice(-1)}>${to.slice(-1)}`);

describe('the spread of replicas', () => {
  const alive = (count: number) => servers(count).map((node) => ({ node, alive: true }));

  /** Single-replica tables: `leads[i]` primaries on server i. */
  const led = (leads: readonly number[]): TableView =>
    table(
      1,
      leads.flatMap((count, index) => new Array<string>(count).fill(String(index + 1))),
    );

  test.each([
    [[4, 4, 4], 0],
    [[5, 4, 3], 0.82],
    [[12, 0], 0],
    [[5, 4], 0.5],
    [[1, 2, 4], 1.25],
  ])('primaries %j', (leads, expected) => {
    expect(replicaSpread(alive(leads.length), [led(leads)]).primaryStddev).toBe(expected);
  });

  test('a node that leads nothing but holds something counts', () => {
    const rows = new Array<string>(12).fill('1 2');
    expect(replicaSpread(alive(2), [table(1, rows)])).toEqual({ primaryStddev: 6, totalStddev: 0 });
  });

  test('a dead node that still leads something makes the primaries a sample, one that only follows does not', () => {
    const rows = ['1 2', '1 2', '2 3', '4 1', '4 1', '4 1'];
    const nodes = [R1, R2, R3, R4].map((node) => ({ node, alive: node !== R4 }));
    // Primaries 2/1/0 of the living, deviation 1 with divisor n - 1; partitions 5/3/1, deviation 2.
    expect(replicaSpread(nodes, [table(1, rows)])).toEqual({ primaryStddev: 1, totalStddev: 2 });
    const deadFollower = [R1, R2, R3].map((node) => ({ node, alive: node !== R3 }));
    // Primaries 2/1 with divisor n; partitions 3/3 with divisor n - 1.
    expect(replicaSpread(deadFollower, [table(1, ['1 2', '1 2', '2 1 3'])])).toEqual({
      primaryStddev: 0.5,
      totalStddev: 0,
    });
  });

  test('dropped tables and empty nodes do not count', () => {
    const dropped = table(2, ['1', '1', '1'], { status: 'AS_DROPPED' });
    expect(replicaSpread(alive(4), [led([1, 1]), dropped])).toEqual({ primaryStddev: 0, totalStddev: 0 });
    expect(replicaSpread(alive(3), [])).toEqual({ primaryStddev: 0, totalStddev: 0 });
  });
});

describe('moving primaries', () => {
  test('a node that came back gets its share by swapped roles', () => {
    const result = plan([table(2, TEMP_AFTER_RETURN)]);
    expect(summary(result)).toEqual(['2.0 move_primary 2>1', '2.1 move_primary 2>1']);
    expect(result.counts).toEqual({ movePrimary: 2, copyPrimary: 0, copySecondary: 0, total: 2 });
    expect(result.proposals[0]?.actions).toEqual([
      { type: 'CT_DOWNGRADE_TO_SECONDARY', target: R2, node: R2 },
      { type: 'CT_UPGRADE_TO_PRIMARY', target: R1, node: R1 },
    ]);
  });

  test('a check counts the same as a run, for all tables (scenario 31)', () => {
    const result = plan([table(1, STAT_AFTER_RETURN), table(2, TEMP_AFTER_RETURN)], { mode: 'check' });
    expect(result.counts.movePrimary).toBeGreaterThan(0);
    expect(result.counts.total).toBe(result.counts.movePrimary);
  });

  test('even primaries move nothing: every count is floor or ceil', () => {
    const even = table(1, ['1 2 3', '2 1 3', '3 1 2', '1 2 3']);
    expect(plan([even])).toEqual({
      proposals: [],
      counts: { movePrimary: 0, copyPrimary: 0, copySecondary: 0, total: 0 },
    });
  });

  test('the corner case: one node above ceil, none below floor', () => {
    const rows = ['1 2 3', '1 2 3', '1 2 3', '1 2 3', '2 1 3', '2 1 3', '3 1 2', '3 1 2'];
    expect(summary(plan([table(1, rows)]))).toEqual(['1.0 move_primary 1>2']);
  });

  test('primaries flow over a node in between when there is no direct way', () => {
    // R1 leads 4, R2 2, R3 0; R1 shares partitions with R2 only, R2 with R3.
    const rows = ['1 2', '1 2', '1 2', '1 2', '2 3', '2 3'];
    expect(summary(plan([table(1, rows)]))).toEqual([
      '1.0 move_primary 1>2',
      '1.1 move_primary 1>2',
      '1.4 move_primary 2>3',
      '1.5 move_primary 2>3',
    ]);
  });

  test('the disk that leads most gives first', () => {
    const rows = ['1 2', '1 2', '1 2', '1 2'];
    const tag = (node: Node, { partitionIndex }: { partitionIndex: number }): string =>
      node === R1 && partitionIndex === 0 ? 'ssd1' : 'ssd2';
    const result = plan([table(1, rows)], { aliveNodes: [R1, R2], diskTag: tag });
    expect(summary(result)).toEqual(['1.1 move_primary 1>2', '1.2 move_primary 1>2']);
  });
});

describe('copying primaries', () => {
  const blocked = ['1 2', '1 2', '1 2', '2 1', '2 1', '2 1'];

  test('a node outside the groups gets primaries as new replicas', () => {
    const result = plan([table(1, blocked)]);
    expect(summary(result)).toEqual(['1.0 copy_primary 1>3', '1.3 copy_primary 2>3']);
    expect(result.proposals[0]?.actions).toEqual([
      { type: 'CT_ADD_SECONDARY_FOR_LB', target: R1, node: R3 },
      { type: 'CT_DOWNGRADE_TO_SECONDARY', target: R1, node: R1 },
      { type: 'CT_UPGRADE_TO_PRIMARY', target: R3, node: R3 },
      { type: 'CT_REMOVE', target: R3, node: R1 },
    ]);
    expect(result.counts).toEqual({ movePrimary: 0, copyPrimary: 2, copySecondary: 0, total: 2 });
  });

  test('only_move_primary forbids it; secondaries are evened out instead', () => {
    const result = plan([table(1, blocked)], { flags: { ...FLAGS, onlyMovePrimary: true } });
    expect(result.counts).toMatchObject({ copyPrimary: 0, movePrimary: 0 });
    expect(result.counts.copySecondary).toBeGreaterThan(0);
  });

  test('the fullest disk gives first', () => {
    const tag = (node: Node, { partitionIndex }: { partitionIndex: number }): string =>
      node === R1 && partitionIndex === 0 ? 'ssd1' : 'ssd2';
    expect(summary(plan([table(1, blocked)], { diskTag: tag }))).toEqual([
      '1.1 copy_primary 1>3',
      '1.3 copy_primary 2>3',
    ]);
  });
});

describe('copying secondaries', () => {
  // Primaries 2/2/2/2, partitions 6/6/6/6 minus what R4 lacks.
  const rows = ['1 2 3', '2 1 3', '3 1 2', '4 1 2', '1 2 3', '2 1 3', '3 1 2', '4 1 3'];

  test('the emptiest node gets secondaries of the fullest, sent to the primary', () => {
    const result = plan([table(1, rows)], { aliveNodes: servers(4) });
    expect(result.counts).toEqual({ movePrimary: 0, copyPrimary: 0, copySecondary: 4, total: 4 });
    expect(summary(result)).toEqual([
      '1.0 copy_secondary 3>4',
      '1.1 copy_secondary 1>4',
      '1.2 copy_secondary 2>4',
      '1.5 copy_secondary 1>4',
    ]);
    expect(result.proposals[0]?.actions).toEqual([
      { type: 'CT_ADD_SECONDARY_FOR_LB', target: R1, node: R4 },
      { type: 'CT_REMOVE', target: R1, node: R3 },
    ]);
  });

  test('not while primaries move, and never with only_primary_balancer', () => {
    const uneven = table(2, ['1 2 3', '1 2 3', '1 2 3', '1 2 3', '4 2 3']);
    const both = [table(1, rows), uneven];
    expect(plan(both, { aliveNodes: servers(4) }).counts).toMatchObject({ copySecondary: 0 });
    expect(plan(both, { aliveNodes: servers(4), mode: 'check' }).counts.copySecondary).toBeGreaterThan(0);
    const onlyPrimary = { ...FLAGS, onlyPrimaryBalancer: true };
    expect(plan([table(1, rows)], { aliveNodes: servers(4), flags: onlyPrimary }).counts.total).toBe(0);
  });
});

describe('which tables are looked at', () => {
  const uneven = (appId: number, info: Partial<TableInfo> = {}): TableView =>
    table(appId, TEMP_AFTER_RETURN, info);

  test('balancer_in_turn stops a run, but not a check, after the first table with proposals', () => {
    const even = table(1, ['1 2 3', '2 1 3', '3 1 2']);
    const tables = [uneven(3), even, uneven(2)];
    const flags = { ...FLAGS, balancerInTurn: true };
    expect(new Set(plan(tables, { flags }).proposals.map(({ gpid }) => gpid.appId))).toEqual(new Set([2]));
    expect(plan(tables, { flags, mode: 'check' }).counts.total).toBe(4);
    expect(plan(tables).counts.total).toBe(4);
  });

  test('tables that are loading or not available are left alone', () => {
    const tables = [uneven(3, { isBulkLoading: true }), uneven(4, { status: 'AS_CREATING' })];
    expect(plan(tables).proposals).toEqual([]);
  });

  test('an unreported replica makes the total -1 and stops everything', () => {
    const diskTag = (node: Node, { partitionIndex }: { partitionIndex: number }): string | undefined =>
      node === R3 && partitionIndex === 7 ? undefined : 'default';
    expect(plan([uneven(2)], { diskTag })).toEqual({
      proposals: [],
      counts: { movePrimary: 0, copyPrimary: 0, copySecondary: 0, total: -1 },
    });
  });

  test('a dropped table need not be reported', () => {
    const dropped = uneven(9, { status: 'AS_DROPPED' });
    const diskTag = (_node: Node, { appId }: { appId: number }) => (appId === 9 ? undefined : 'default');
    expect(plan([table(1, ['1 2 3']), dropped], { diskTag }).counts.total).toBe(0);
  });
});

describe('the whole-cluster policy', () => {
  const flags = { ...FLAGS, balanceCluster: true };

  test('counts nothing in a check', () => {
    expect(plan([table(2, TEMP_AFTER_RETURN)], { flags, mode: 'check' }).counts.total).toBe(0);
  });

  test('moves the primaries of one table first', () => {
    const tables = [table(1, STAT_AFTER_RETURN), table(2, TEMP_AFTER_RETURN)];
    expect(summary(plan(tables, { flags }))).toEqual(['1.0 move_primary 2>1']);
  });

  test('then copies secondaries, a bounded number a round', () => {
    const rows = new Array<string>(3)
      .fill('1 2')
      .concat(new Array<string>(3).fill('2 1'))
      .concat('3 1', '3 2', '3 1');
    const result = plan([table(1, rows)], { flags: { ...flags, balanceOpCountPerRound: 2 } });
    expect(result.counts).toEqual({ movePrimary: 0, copyPrimary: 0, copySecondary: 2, total: 2 });
    expect(result.proposals.every(({ to }) => to === R3)).toBe(true);
  });

  test('does nothing on two nodes beyond moving roles', () => {
    expect(plan([table(1, ['1', '1', '1', '2'])], { flags, aliveNodes: [R1, R2] }).proposals).toEqual([]);
  });
});
