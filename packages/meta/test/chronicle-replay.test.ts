import { compareBytes } from '@onebox/server';
import type { LoggedConfiguration } from '@onebox/server';
import * as fc from 'fast-check';
import { replay } from '../../cluster/src/event-log';
import { loggedConfiguration } from '../src/chronicle/logged-tables';
import { parsePartitionJson } from '../src/state/partition-json';
import { node } from './cluster-fixture';
import { SimulatedCluster } from './simulation/simulated-cluster';
import { tableRequests } from './simulation/table-requests';

// The events of all metas, replayed in order, give what ZooKeeper holds.

/** Every partition in ZooKeeper. */
function stored({ store }: SimulatedCluster): Map<string, LoggedConfiguration> {
  const partitions = [...store.nodes].flatMap(([path, data]) => {
    const [, appId, index] = /\/apps\/(\d+)\/(\d+)$/.exec(path) ?? [];
    if (appId === undefined || index === undefined) return [];
    const gpid = { appId: Number(appId), partitionIndex: Number(index) };
    return [loggedConfiguration(parsePartitionJson(path, gpid, data))];
  });
  return new Map(partitions.map((each) => [each.partition, each]));
}

function replayed({ told }: SimulatedCluster): Map<string, LoggedConfiguration> {
  const events = told.flatMap((log) => log.events).sort((a, b) => a.monotonicUs - b.monotonicUs);
  return new Map([...replay(events)].sort(([a], [b]) => compareBytes(a, b)));
}

function sorted(partitions: ReadonlyMap<string, LoggedConfiguration>): Map<string, LoggedConfiguration> {
  return new Map([...partitions].sort(([a], [b]) => compareBytes(a, b)));
}

/** What is awaited has happened when the next step begins; requests go on beside it. */
type Step = (cluster: SimulatedCluster) => Promise<void> | void;

const replicaIndex = fc.integer({ min: 1, max: 4 });
const tableName = fc.constantFrom('stat', 'temp', 'a', 'b');

/** Something a cluster may go through; requests that make no sense are refused, as always. */
const step: fc.Arbitrary<{ readonly text: string; readonly run: Step }> = fc.oneof(
  replicaIndex.map((index) => ({
    text: `kill replica${index}`,
    run: (cluster: SimulatedCluster) => cluster.replica(node(index)).stop(),
  })),
  replicaIndex.map((index) => ({
    text: `start replica${index}`,
    run: (cluster: SimulatedCluster) => {
      const replica = cluster.replica(node(index));
      if (!replica.running) replica.start();
    },
  })),
  fc.integer({ min: 0, max: 30 }).map((writes) => ({
    text: `the leader dies ${writes} requests to ZooKeeper later`,
    run: async (cluster: SimulatedCluster) => {
      cluster.store.disconnectAfter(writes);
      await cluster.run(3000);
      cluster.store.fence();
      await cluster.failOver(1000);
    },
  })),
  fc.constant({
    text: "the leader's log is rotated",
    run: (cluster: SimulatedCluster) => cluster.leader.events.rotate(),
  }),
  tableName.map((name) => ({
    text: `create ${name}`,
    run: (cluster: SimulatedCluster) => beside(requests(cluster).create(name, { partition_count: 2 })),
  })),
  tableName.map((name) => ({
    text: `drop ${name}`,
    run: (cluster: SimulatedCluster) => beside(requests(cluster).drop(name)),
  })),
  fc.integer({ min: 1, max: 4 }).map((appId) => ({
    text: `table ${appId}, dropped or not, is recalled`,
    run: async (cluster: SimulatedCluster) => {
      const table = cluster.tables().find(({ info }) => info.appId === appId);
      if (table !== undefined) beside(requests(cluster).drop(table.info.appName));
      await cluster.run(1000);
      beside(requests(cluster).recall(appId));
    },
  })),
  fc.tuple(tableName, fc.integer({ min: 1, max: 3 })).map(([name, count]) => ({
    text: `${name} gets ${count} replicas`,
    run: (cluster: SimulatedCluster) => beside(requests(cluster).setReplicaCount(name, count)),
  })),
);

/** A request that the end of a leader cuts off is never answered: nobody waits for it. */
function beside(request: Promise<unknown>): void {
  request.catch(() => undefined);
}

function requests(cluster: SimulatedCluster): ReturnType<typeof tableRequests> {
  return tableRequests(() => cluster.leader);
}

test('whatever happens to a cluster, its events replayed are what ZooKeeper holds', async () => {
  const steps = fc.array(fc.tuple(step, fc.integer({ min: 1, max: 25 })), { minLength: 8, maxLength: 14 });
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const cluster = new SimulatedCluster(4);
      try {
        await cluster.start();
        for (const [{ text, run }, seconds] of script) {
          await run(cluster);
          await cluster.run(seconds * 1000);
          expect([text, replayed(cluster)]).toEqual([text, sorted(stored(cluster))]);
          compared += 1;
        }
      } finally {
        await cluster.close();
      }
    }),
    { seed: 20_260_101, numRuns: 4 },
  );
  expect(compared).toBeGreaterThanOrEqual(4 * 8);
}, 60_000);
