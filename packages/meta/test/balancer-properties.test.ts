import type { Node } from '@onebox/base';
import { gpidText } from '@onebox/base';
import type { BalanceAction, BalanceInput, BalancePlan, BalancerFlags } from '../src/balancer';
import { planBalance, replicaSpread } from '../src/balancer';
import type { PartitionConfig } from '../src/state/partition';
import { members } from '../src/state/partition';
import type { TableView } from '../src/state/table';
import { FLAGS, STAT_AFTER_RETURN, TEMP_AFTER_RETURN, servers, table } from './balancer-fixture';

/** Small, seeded and good enough: mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Cluster {
  readonly nodes: readonly Node[];
  readonly tables: readonly TableView[];
  readonly disk: BalanceInput['diskTag'];
}

/** Up to six nodes, four tables and three disks; replicas lie anywhere, or crowd on a few favourite nodes. */
function anyCluster(seed: number): Cluster {
  const next = random(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  const nodeCount = 1 + below(6);
  const tables = Array.from({ length: 1 + below(4) }, (_unused, index) => {
    const replicas = 1 + below(Math.min(nodeCount, 4));
    const favourites = 1 + below(nodeCount);
    const rows = Array.from({ length: 1 + below(20) }, () => {
      const order = Array.from({ length: nodeCount }, (_none, node) => ({ node: node + 1, dice: next() }));
      order.sort((a, b) => Number(a.node > favourites) - Number(b.node > favourites) || a.dice - b.dice);
      return order
        .slice(0, replicas)
        .map(({ node }) => node)
        .join(' ');
    });
    return table(index + 1, rows);
  });
  const diskCount = 1 + below(3);
  const disk: Cluster['disk'] = (node, gpid) =>
    `d${(Number(node.slice(-1)) + gpid.appId * 7 + gpid.partitionIndex * 3) % diskCount}`;
  return { nodes: servers(nodeCount), tables, disk };
}

/** One step of a proposal, refused when a real cluster would refuse it. */
function step(config: PartitionConfig, { type, target, node }: BalanceAction): PartitionConfig {
  const { primary, secondaries } = config;
  const refuse = (unless: boolean): void => {
    if (!unless) throw new Error(`${gpidText(config.gpid)}: ${type} of ${node} sent to ${target}`);
  };
  const without = secondaries.filter((other) => other !== node);
  switch (type) {
    case 'CT_ADD_SECONDARY_FOR_LB':
      refuse(target === primary && !members(config).includes(node));
      return { ...config, secondaries: [...secondaries, node] };
    case 'CT_DOWNGRADE_TO_SECONDARY':
      refuse(target === primary && node === primary);
      return { ...config, primary: undefined, secondaries: [...secondaries, node] };
    case 'CT_UPGRADE_TO_PRIMARY':
      refuse(target === node && primary === undefined && secondaries.includes(node));
      return { ...config, primary: node, secondaries: without };
    case 'CT_REMOVE':
      refuse(target === primary && secondaries.includes(node));
      return { ...config, secondaries: without };
  }
}

/** What the tables look like when every proposal was carried out. */
function execute(tables: readonly TableView[], { proposals }: BalancePlan): readonly TableView[] {
  const byGpid = new Map(proposals.map((proposal) => [gpidText(proposal.gpid), proposal]));
  return tables.map(({ info, partitions }) => ({
    info,
    partitions: partitions.map((config) =>
      (byGpid.get(gpidText(config.gpid))?.actions ?? []).reduce(step, config),
    ),
  }));
}

/** Runs the balancer until it has nothing left to do. @throws Error when that takes more than 200 rounds */
function balance({ nodes, tables: start, disk }: Cluster, flags: BalancerFlags): readonly TableView[] {
  let tables = start;
  for (let round = 0; round < 200; round += 1) {
    const plan = planBalance({ mode: 'balance', aliveNodes: nodes, tables, diskTag: disk, flags });
    if (plan.proposals.length === 0) return tables;
    tables = execute(tables, plan);
  }
  throw new Error('the balancer does not come to an end');
}

const SEEDS = Array.from({ length: 150 }, (_unused, index) => index + 1);

/** The seeds for which something does not hold. */
const violations = (holds: (cluster: Cluster) => boolean): number[] =>
  SEEDS.filter((seed) => !holds(anyCluster(seed)));

describe('for any cluster', () => {
  test.each([
    ['table by table', FLAGS],
    ['table by table, in turn', { ...FLAGS, balancerInTurn: true }],
    ['table by table, without copying primaries', { ...FLAGS, onlyMovePrimary: true }],
    ['the whole cluster', { ...FLAGS, balanceCluster: true }],
  ])('%s: rounds end, and no partition ever has two replicas on one node', (_what, flags) => {
    const complete = (config: PartitionConfig): boolean =>
      config.primary !== undefined && new Set(members(config)).size === config.maxReplicaCount;
    expect(
      violations((cluster) => balance(cluster, flags).every(({ partitions }) => partitions.every(complete))),
    ).toEqual([]);
  });

  test('table by table: in the end every node leads floor to ceil of its share of every table', () => {
    const even =
      (nodes: readonly Node[]) =>
      ({ partitions }: TableView): boolean =>
        nodes.every((node) => {
          const share = partitions.length / nodes.length;
          const leads = partitions.filter(({ primary }) => primary === node).length;
          return leads >= Math.floor(share) && leads <= Math.ceil(share);
        });
    expect(violations((cluster) => balance(cluster, FLAGS).every(even(cluster.nodes)))).toEqual([]);
  });

  test('table by table: a check announces something exactly when a run would do something', () => {
    expect(
      violations(({ nodes, tables, disk }) => {
        const input = { aliveNodes: nodes, tables, diskTag: disk, flags: FLAGS };
        const check = planBalance({ ...input, mode: 'check' });
        const run = planBalance({ ...input, mode: 'balance' });
        return check.counts.total > 0 === run.counts.total > 0;
      }),
    ).toEqual([]);
  });
});

test('after a node came back, lively evens out its tables with at most 0.82 between the primaries (scenario 32)', () => {
  const nodes = servers(3);
  const start = [table(1, STAT_AFTER_RETURN), table(2, TEMP_AFTER_RETURN)];
  const spread = (tables: readonly TableView[]): number =>
    replicaSpread(
      nodes.map((node) => ({ node, alive: true })),
      tables,
    ).primaryStddev;
  expect(spread(start)).toBe(2.83);
  const end = balance({ nodes, tables: start, disk: () => 'default' }, FLAGS);
  expect(spread(end)).toBeLessThanOrEqual(0.82);
  const leads = end.map(({ partitions }) =>
    nodes.map((node) => partitions.filter(({ primary }) => primary === node).length).sort(),
  );
  expect(leads).toEqual([
    [1, 1, 2],
    [2, 3, 3],
  ]);
});
