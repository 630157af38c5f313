import { RPC, configurationMetaControlRequest, make } from '@onebox/protocol';
import type { MetricRegistry } from '@onebox/server';
import { countMetricHealth } from '../src/metrics/partition-health';
import { writePartitionJson } from '../src/state/partition-json';
import { R1, R2, R3 } from './cluster-fixture';
import { MIN_INI } from './simulation/meta-under-test';
import { moved } from '../../server/test/metrics/metric-values';
import { SimulatedCluster } from './simulation/simulated-cluster';
import { tableRequests } from './simulation/table-requests';

/** What the leader's metrics show is the state of its tables (reference/metrics.md 3.1, 3.4, 3.5). */

const LIVELY = make(configurationMetaControlRequest, { level: 500 });

let cluster: SimulatedCluster;
beforeEach(() => {
  cluster = new SimulatedCluster(3);
});
afterEach(() => cluster.close());

const requests = tableRequests(() => cluster.leader);

function metrics(): MetricRegistry {
  return cluster.leader.metrics;
}

/** `temp` is table 2 and has 8 partitions, `stat` is table 1 and has 4: the default tables. */
function shown(id: string): Record<string, number> | undefined {
  return moved(metrics(), id);
}

/** The ids of entities of a type that somebody owns. */
function owned(type: string): string[] {
  return [...metrics().entities()]
    .filter((entity) => entity.type === type && !entity.stale)
    .map(({ id }) => id)
    .sort();
}

function sum(name: string, table: string): number {
  return cluster.table(table).partitions.reduce((total, { gpid }) => {
    const values = shown(`partition@${gpid.appId}.${gpid.partitionIndex}`);
    return total + (values?.[name] ?? 0);
  }, 0);
}

describe('the entities', () => {
  test('are those of the available tables, on the leader only, with the ids as attributes', async () => {
    expect([...metrics().entities()].map(({ id }) => id)).toEqual(['server']);
    await cluster.start();
    expect(owned('table')).toEqual(['table@1', 'table@2']);
    expect(owned('partition')).toHaveLength(12);
    expect(metrics().find('partition@2.7')?.attributes).toEqual({ table_id: '2', partition_id: '7' });
    expect(metrics().find('table@2')?.attributes).toEqual({ table_id: '2' });
  });

  test('come with a created table, are stale once it is dropped, and go on counting when it is recalled', async () => {
    await cluster.start();
    await requests.create('fresh', { partition_count: 2 });
    expect(owned('table')).toEqual(['table@1', 'table@2', 'table@3']);
    await cluster.run(12_000);
    expect(shown('partition@3.1')).toEqual({
      partition_configuration_changes: 3,
      writable_partition_changes: 1,
    });

    await cluster.run(10_000);
    await requests.drop('fresh');
    expect(owned('table')).toEqual(['table@1', 'table@2']);
    expect(owned('partition')).toHaveLength(12);
    // The removal of the members is no longer counted, and what is reported stays as it was.
    await cluster.run(12_000);
    expect(shown('partition@3.1')).toEqual({
      partition_configuration_changes: 3,
      writable_partition_changes: 1,
    });
    expect(shown('table@3')).toEqual({ healthy_partitions: 2 });

    await requests.recall(3);
    expect(owned('table')).toEqual(['table@1', 'table@2', 'table@3']);
    await cluster.run(60_000);
    expect(shown('partition@3.1')).toEqual({
      // At the first tick its last nodes had not reported it yet.
      choose_primary_failed_operations: 1,
      partition_configuration_changes: 6,
      writable_partition_changes: 2,
    });
  });

  test('move to the new leader, whose counters begin at 0', async () => {
    await cluster.start();
    await requests.drop('stat');
    const old = metrics();
    await cluster.failOver(5000);
    expect([...old.entities()].filter(({ type, stale }) => type !== 'server' && !stale)).toEqual([]);
    expect(owned('table')).toEqual(['table@2']);
    expect(shown('partition@2.0')).toEqual({});
    // The gauges come with its first tick.
    expect(shown('table@2')).toEqual({});
    await cluster.run(10_100);
    expect(shown('table@2')).toEqual({ healthy_partitions: 8 });
  });
});

describe('the health of a table', () => {
  test('has five words, by the 2pc minimum', () => {
    const partition = (primary: boolean, secondaries: number) => ({
      gpid: { appId: 1, partitionIndex: 0 },
      ballot: 3,
      maxReplicaCount: 3,
      primary: primary ? R1 : undefined,
      secondaries: [R2, R3].slice(0, secondaries),
      lastDrops: [],
      lastCommittedDecree: 0,
      flags: 0,
    });
    const all = [
      partition(false, 0),
      partition(false, 2),
      partition(true, 0),
      partition(true, 1),
      partition(true, 2),
    ];
    const counts = { dead: 1, unreadable: 1, unwritable: 1, writable_ill: 1, healthy: 1 };
    expect(countMetricHealth(all, 2)).toEqual(counts);
    expect(countMetricHealth(all, 1)).toEqual({ ...counts, unwritable: 0, writable_ill: 2 });
    expect(countMetricHealth(all, 4)).toEqual({ ...counts, unwritable: 3, writable_ill: 0, healthy: 0 });
  });

  test('follows it at every tick, from all dead to all healthy', async () => {
    await cluster.elect();
    for (const replica of cluster.replicas.values()) replica.start();
    await cluster.run(5000);
    expect(shown('table@2')).toEqual({});
    await cluster.run(5100);
    // Counted before the first cure gives them primaries.
    expect(shown('table@2')).toEqual({ dead_partitions: 8 });
    await cluster.run(10_000);
    expect(shown('table@2')).toEqual({ healthy_partitions: 8 });
  });

  test('shows a dead node, and is measured while the cluster is frozen, too', async () => {
    await cluster.start();
    const led = cluster.stored('temp').filter(({ primary }) => primary === R3).length;
    cluster.replica(R1).stop();
    cluster.replica(R2).stop();
    await cluster.run(40_000);
    expect(cluster.leader.server.view.functionLevel()).toBe('freezed');
    // On paper the survivor's partitions are complete: what it asks for is refused.
    expect(shown('table@2')).toEqual({ unreadable_partitions: 8 - led, healthy_partitions: led });
    expect(shown('server')).toEqual({
      alive_replica_servers: 1,
      unalive_replica_servers: 2,
      replica_server_disconnections: 2,
    });
  });

  test('calls a partition below the 2pc minimum unwritable', async () => {
    await cluster.close();
    const ini = MIN_INI.replace('mutation_2pc_min_replica_count = 1', 'mutation_2pc_min_replica_count = 3');
    cluster = await new SimulatedCluster(3, { ini }).start();
    await cluster.run(10_000);
    expect(shown('table@2')).toEqual({ healthy_partitions: 8 });
    cluster.replica(R1).stop();
    await cluster.run(40_000);
    expect(shown('table@2')).toEqual({ unwritable_partitions: 8 });
    expect(sum('unwritable_partition_changes', 'temp')).toBe(8);
  });
});

describe('the counters of a partition', () => {
  test('a dead primary costs two changes: one to unwritable, one back', async () => {
    await cluster.start();
    const first = cluster.stored('temp').find(({ primary }) => primary === R1);
    const followed = cluster.stored('temp').find(({ primary }) => primary !== R1);
    if (first === undefined || followed === undefined) throw new Error('primaries are spread');
    const at = ({ gpid }: typeof first): string => `partition@${gpid.appId}.${gpid.partitionIndex}`;
    const before = { partition_configuration_changes: 3, writable_partition_changes: 1 };
    expect([shown(at(first)), shown(at(followed))]).toEqual([before, before]);
    cluster.replica(R1).stop();
    await cluster.run(30_000);
    expect(shown(at(first))).toEqual({
      partition_configuration_changes: 5,
      unwritable_partition_changes: 1,
      writable_partition_changes: 2,
    });
    expect(shown(at(followed))).toEqual({ ...before, partition_configuration_changes: 4 });
    expect(shown('server')).toEqual({
      alive_replica_servers: 2,
      unalive_replica_servers: 1,
      replica_server_disconnections: 1,
    });
    cluster.replica(R1).start();
    await cluster.run(5000);
    expect(shown('server')).toEqual({ alive_replica_servers: 3, replica_server_disconnections: 1 });
  });

  test('the balancer marks what it would move at steady, and counts what it moves at lively', async () => {
    await cluster.start();
    cluster.replica(R1).stop();
    await cluster.run(60_000);
    cluster.replica(R1).start();
    await cluster.run(60_000);
    const all = (name: string): number => sum(name, 'temp') + sum(name, 'stat');
    const { view } = cluster.leader.server;
    const wanted = view.balanceCounts().total;
    expect([wanted, all('greedy_recent_balance_operations')]).toEqual([3, 3]);
    expect(all('greedy_move_primary_operations')).toBe(0);

    const ballots = cluster.ballots('temp');
    await cluster.leader.call(RPC.RPC_CM_CONTROL_META, LIVELY);
    await cluster.run(30_000);
    // Each move costs its partition two ballots.
    const moves = cluster.ballots('temp').map((ballot, index) => (ballot - (ballots[index] ?? 0)) / 2);
    const counted = cluster
      .table('temp')
      .partitions.map(
        (_config, index) => shown(`partition@2.${index}`)?.['greedy_move_primary_operations'] ?? 0,
      );
    expect(counted).toEqual(moves);
    expect(Math.max(...moves)).toBe(1);
    // Everything is even by now: the last rounds named nobody, and what they did not name keeps its gauge.
    expect(view.balanceCounts().total).toBe(0);
    expect(all('greedy_recent_balance_operations')).toBeGreaterThanOrEqual(
      all('greedy_move_primary_operations'),
    );
  });

  test('copies of a primary and of a secondary are counted apart', async () => {
    await cluster.start();
    cluster.addReplica(4).start();
    await cluster.run(40_000);
    await cluster.leader.call(RPC.RPC_CM_CONTROL_META, LIVELY);
    await cluster.run(90_000);
    const all = (name: string): number => sum(name, 'temp') + sum(name, 'stat');
    const counts = ['move_primary', 'copy_primary', 'copy_secondary'].map((kind) =>
      all(`greedy_${kind}_operations`),
    );
    expect(counts[0]).toBe(0);
    expect(counts[1]).toBe(3);
    expect(counts[2]).toBeGreaterThan(0);
  });

  test('each time nobody may safely lead a partition is counted', async () => {
    await cluster.start();
    const [first] = cluster.stored('temp');
    if (first === undefined) throw new Error('there is a partition');
    const dead = { ...first, ballot: 6, primary: undefined, secondaries: [], lastDrops: [R1, R2, R3] };
    const json = writePartitionJson(dead, (node) => node);
    cluster.store.nodes.set('/pegasus/onebox/127.0.0.1/apps/2/0', json);
    for (const replica of cluster.replicas.values()) replica.held.delete('2.0');
    await cluster.failOver(5000);
    await cluster.run(10_100);
    expect(shown('partition@2.0')).toEqual({ choose_primary_failed_operations: 1 });
    await cluster.run(10_000);
    expect(shown('partition@2.0')).toEqual({ choose_primary_failed_operations: 2 });
  });
});
