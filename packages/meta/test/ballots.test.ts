import type { Node } from '@onebox/base';
import type { PartitionConfig } from '../src/state/partition';
import { R1, R2, R3, R4 } from './cluster-fixture';
import { MIN_INI } from './simulation/meta-under-test';
import { SimulatedCluster } from './simulation/simulated-cluster';

const TABLES = ['stat', 'temp'];

/** Which partitions a node led, by table and index, before something happened. */
function ledBy(cluster: SimulatedCluster, node: Node): ReadonlySet<string> {
  return new Set(
    TABLES.flatMap((name) =>
      cluster.stored(name).flatMap(({ primary }, index) => (primary === node ? [`${name}.${index}`] : [])),
    ),
  );
}

function everyPartition(cluster: SimulatedCluster): [string, PartitionConfig][] {
  return TABLES.flatMap((name) =>
    cluster.stored(name).map((config, index): [string, PartitionConfig] => [`${name}.${index}`, config]),
  );
}

// reference/cluster-behaviour.md 4.5 and section 14, with upstream's timers on a fake clock.
describe('ballots', () => {
  let cluster: SimulatedCluster;

  afterEach(async () => {
    // Scenario 42: at rest memory is what ZooKeeper has, and a znode was written as often as its ballot says.
    for (const [id, stored] of everyPartition(cluster)) {
      const [name, index] = id.split('.') as [string, string];
      expect(cluster.table(name).partitions[Number(index)]).toEqual(stored);
      const { appId, partitionIndex } = stored.gpid;
      const path = `/pegasus/onebox/127.0.0.1/apps/${appId}/${partitionIndex}`;
      expect([path, cluster.store.versions.get(path)]).toEqual([path, stored.ballot]);
    }
    await cluster.close();
    await cluster.run(5000);
    expect(cluster.clock.pending).toBe(0);
  });

  test('a new table on three nodes is 3/3 at ballot 3, primaries spread 3/3/2 and 2/1/1', async () => {
    cluster = await new SimulatedCluster(3).start();
    expect(cluster.tables().map(({ info }) => [info.appId, info.appName])).toEqual([
      [1, 'stat'],
      [2, 'temp'],
    ]);
    expect([cluster.ballots('stat'), cluster.ballots('temp')]).toEqual([Array(4).fill(3), Array(8).fill(3)]);
    const primaries = (name: string) =>
      [R1, R2, R3]
        .map((node) => cluster.stored(name).filter(({ primary }) => primary === node).length)
        .sort();
    expect([primaries('stat'), primaries('temp')]).toEqual([
      [1, 1, 2],
      [2, 3, 3],
    ]);
    for (const [, { lastDrops, secondaries }] of everyPartition(cluster)) {
      expect([lastDrops, secondaries.length]).toEqual([[], 2]);
    }
  });

  test('a new table on two nodes is 2/3 at ballot 2, and on one node 1/3 at ballot 1', async () => {
    cluster = await new SimulatedCluster(2).start();
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(2));
    expect(cluster.leader.server.view.functionLevel()).toBe('steady');
    await cluster.close();
    cluster = await new SimulatedCluster(1).start();
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(1));
  });

  test('nothing has a primary before the first tick, ten seconds after the leader is ready', async () => {
    cluster = new SimulatedCluster(3);
    await cluster.elect();
    for (const replica of cluster.replicas.values()) replica.start();
    await cluster.run(9900);
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(0));
    await cluster.run(200);
    expect(cluster.ballots('temp').every((ballot) => ballot >= 1)).toBe(true);
  });

  test('with flow control each tick adds one secondary per partition, to a node only so many', async () => {
    const ini = (maxPerNode: number) =>
      MIN_INI.replace(
        '[meta_server]',
        `[meta_server]\nadd_secondary_enable_flow_control = true\nadd_secondary_max_count_for_one_node = ${maxPerNode}`,
      );
    cluster = await new SimulatedCluster(3, { ini: ini(20) }).start();
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(1));
    await cluster.run(10_000);
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(2));
    await cluster.run(10_000);
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(3));
    await cluster.close();
    cluster = await new SimulatedCluster(3, { ini: ini(1) }).start();
    await cluster.run(10_000);
    const all = [...cluster.ballots('stat'), ...cluster.ballots('temp')];
    expect(all.sort()).toEqual([...Array<number>(9).fill(1), 2, 2, 2]);
  });

  test('a dead node moves ballot 3 to 5 where it led and to 4 where it followed, and back it moves it once more', async () => {
    cluster = await new SimulatedCluster(3).start();
    const led = ledBy(cluster, R1);
    cluster.replica(R1).stop();
    await cluster.run(18_900);
    expect(cluster.leader.server.view.nodes()[0]).toEqual({ node: R1, alive: true });
    expect(cluster.ballots('temp')).toEqual(Array(8).fill(3));
    await cluster.run(7000);
    expect(cluster.leader.server.view.nodes()[0]).toEqual({ node: R1, alive: false });
    for (const [id, config] of everyPartition(cluster)) {
      expect([id, config.ballot, config.lastDrops]).toEqual([id, led.has(id) ? 5 : 4, [R1]]);
      expect(config.primary).toBeDefined();
      expect(config.secondaries).toHaveLength(1);
    }
    expect(cluster.leader.server.view.functionLevel()).toBe('steady');

    await cluster.run(60_000);
    cluster.replica(R1).start();
    await cluster.run(15_000);
    for (const [id, config] of everyPartition(cluster)) {
      expect([id, config.ballot, config.lastDrops]).toEqual([id, led.has(id) ? 6 : 5, []]);
      expect([config.secondaries.length, config.secondaries.at(-1)]).toEqual([2, R1]);
    }
  });

  test('a node that restarts within the grace moves the ballot once where it led', async () => {
    cluster = await new SimulatedCluster(3).start();
    const led = ledBy(cluster, R1);
    cluster.replica(R1).stop();
    await cluster.run(5000);
    cluster.replica(R1).start();
    await cluster.run(10_000);
    for (const [id, { ballot }] of everyPartition(cluster))
      expect([id, ballot]).toEqual([id, led.has(id) ? 4 : 3]);
    expect(ledBy(cluster, R1)).toEqual(led);
  });

  test('a spare node gets the lost replicas ten minutes after the drop', async () => {
    cluster = await new SimulatedCluster(3).start();
    const led = ledBy(cluster, R1);
    cluster.addReplica(4).start();
    cluster.replica(R1).stop();
    await cluster.run(24_000 + 9.5 * 60_000);
    expect(everyPartition(cluster).some(([, { secondaries }]) => secondaries.includes(R4))).toBe(false);
    await cluster.run(60_000);
    for (const [id, { ballot, secondaries, lastDrops }] of everyPartition(cluster)) {
      expect([id, ballot, secondaries.at(-1), lastDrops]).toEqual([id, led.has(id) ? 6 : 5, R4, [R1]]);
    }
  });

  test('a new leader waits ten minutes anew, and forgets a dead node that is in no configuration', async () => {
    cluster = await new SimulatedCluster(3).start();
    cluster.addReplica(4).start();
    cluster.replica(R1).stop();
    await cluster.run(8 * 60_000);
    await cluster.failOver(5000);
    expect(cluster.leader.server.view.nodes().map(({ node }) => node)).toEqual([R2, R3]);
    await cluster.run(5 * 60_000);
    expect(cluster.leader.server.view.nodes().map(({ node }) => node)).toEqual([R2, R3, R4]);
    expect(everyPartition(cluster).some(([, { secondaries }]) => secondaries.includes(R4))).toBe(false);
    await cluster.run(6 * 60_000);
    expect(everyPartition(cluster).every(([, { secondaries }]) => secondaries.includes(R4))).toBe(true);
  });

  test('a new leader finds nodes that died before it alive, for the grace', async () => {
    cluster = await new SimulatedCluster(3).start();
    const led = ledBy(cluster, R1);
    cluster.replica(R1).stop();
    await cluster.failOver(10_000);
    const view = () => cluster.leader.server.view.nodes();
    await cluster.run(21_000);
    expect(view()[0]).toEqual({ node: R1, alive: true });
    await cluster.run(6000);
    expect(view()[0]).toEqual({ node: R1, alive: false });
    for (const [id, { ballot }] of everyPartition(cluster))
      expect([id, ballot]).toEqual([id, led.has(id) ? 5 : 4]);
  });

  test('two of three nodes dead freeze the cluster: headless partitions stay so, no ballot moves, until one is back', async () => {
    cluster = await new SimulatedCluster(3).start();
    const led = ledBy(cluster, R3);
    cluster.replica(R1).stop();
    cluster.replica(R2).stop();
    await cluster.run(26_000);
    expect(cluster.leader.server.view.functionLevel()).toBe('freezed');
    for (const [id, config] of everyPartition(cluster)) {
      // On paper the survivor's partitions are complete: what it asks for is refused.
      expect([id, config.ballot, config.primary]).toEqual(led.has(id) ? [id, 3, R3] : [id, 4, undefined]);
    }
    const frozen = everyPartition(cluster);
    await cluster.run(60_000);
    expect(everyPartition(cluster)).toEqual(frozen);

    // The survivor was asked to lead them when they lost their primary, and has asked for it every second since.
    cluster.replica(R1).start();
    await cluster.run(1500);
    expect(cluster.leader.server.view.functionLevel()).toBe('steady');
    for (const [id, { ballot, primary }] of everyPartition(cluster).filter(([id]) => !led.has(id)))
      expect([id, ballot >= 5, primary]).toEqual([id, true, R3]);
    await cluster.run(10_000);
    expect(everyPartition(cluster).every(([, { primary }]) => primary !== undefined)).toBe(true);
  });

  test('a second node dead after the first: the first is out everywhere, of the second only its primaries', async () => {
    cluster = await new SimulatedCluster(3).start();
    const [ledBy1, ledBy2] = [ledBy(cluster, R1), ledBy(cluster, R2)];
    cluster.replica(R1).stop();
    await cluster.run(30_000);
    const between = new Map(everyPartition(cluster));
    for (const [id, { ballot }] of between) expect([id, ballot]).toEqual([id, ledBy1.has(id) ? 5 : 4]);
    cluster.replica(R2).stop();
    await cluster.run(60_000);
    expect(cluster.leader.server.view.functionLevel()).toBe('freezed');
    for (const [id, config] of everyPartition(cluster)) {
      const before = between.get(id);
      if (before?.primary !== R2) expect([id, config]).toEqual([id, before]);
      else expect([id, config.ballot, config.primary]).toEqual([id, before.ballot + 1, undefined]);
    }
    expect(ledBy2.size).toBeGreaterThan(0);

    // Each partition R2 led has R3 left, which has asked for it all the time.
    cluster.replica(R2).start();
    await cluster.run(1500);
    expect(everyPartition(cluster).every(([, { primary }]) => primary === R3)).toBe(true);
  });

  test('a dead primary whose secondary is dead too leaves it in the list, which the new primary inherits', async () => {
    cluster = await new SimulatedCluster(6).start();
    const led = everyPartition(cluster).filter(
      ([, { primary, secondaries }]) => primary === R1 && secondaries.includes(R2),
    );
    expect(led.length).toBeGreaterThan(0);
    cluster.replica(R1).stop();
    cluster.replica(R2).stop();
    await cluster.run(26_000);
    expect(cluster.leader.server.view.functionLevel()).toBe('steady');
    const after = new Map(everyPartition(cluster));
    for (const [id] of led) {
      // 6 comes with the new primary's first group check, which is the replica server's.
      expect(after.get(id)).toMatchObject({ ballot: 5, secondaries: [R2], lastDrops: [R1] });
    }
  });

  test('one of two nodes dead: ballot 3 without a primary where it led, untouched where it followed', async () => {
    cluster = await new SimulatedCluster(2).start();
    const led = ledBy(cluster, R1);
    cluster.replica(R1).stop();
    await cluster.run(26_000);
    for (const [id, config] of everyPartition(cluster)) {
      expect([id, config.ballot, config.primary]).toEqual(led.has(id) ? [id, 3, undefined] : [id, 2, R2]);
    }
    cluster.replica(R1).start();
    await cluster.run(20_000);
    expect(
      everyPartition(cluster).every(([, c]) => c.primary !== undefined && c.secondaries.length === 1),
    ).toBe(true);
  });

  test('of five nodes one dead is steady and two are freezed', async () => {
    cluster = await new SimulatedCluster(5).start();
    cluster.replica(R1).stop();
    await cluster.run(30_000);
    expect(cluster.leader.server.view.functionLevel()).toBe('steady');
    cluster.replica(R2).stop();
    await cluster.run(30_000);
    expect(cluster.leader.server.view.functionLevel()).toBe('freezed');
  });

  test('everything restarted at once: each ballot moves once, each primary stays', async () => {
    cluster = await new SimulatedCluster(3).start();
    const before = everyPartition(cluster).map(([id, { primary }]) => [id, primary]);
    for (const replica of cluster.replicas.values()) replica.stop();
    await cluster.failOver(3000);
    for (const replica of cluster.replicas.values()) replica.start();
    await cluster.run(5000);
    expect(everyPartition(cluster).map(([id, { primary }]) => [id, primary])).toEqual(before);
    expect(everyPartition(cluster).every(([, { ballot }]) => ballot === 4)).toBe(true);
  });

  test('while ZooKeeper is away nothing changes, and what was pending happens afterwards', async () => {
    cluster = await new SimulatedCluster(3).start();
    const before = everyPartition(cluster);
    cluster.store.disconnect();
    cluster.replica(R1).stop();
    await cluster.run(40_000);
    expect(everyPartition(cluster)).toEqual(before);
    expect(cluster.table('temp').partitions).toEqual(cluster.stored('temp'));
    cluster.store.reconnect();
    await cluster.run(2000);
    expect(everyPartition(cluster).every(([, { primary }]) => primary !== undefined && primary !== R1)).toBe(
      true,
    );
  });
});
