import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLogger } from '@onebox/base';
import { readEvents, replay } from '@onebox/cluster';
import { FileEventLog, compareBytes } from '@onebox/server';
import type { EventFacts, EventLog, EventType, LoggedConfiguration, LoggedEvent } from '@onebox/server';
import * as fc from 'fast-check';
import { loggedConfiguration } from '../../packages/meta/src/chronicle/logged-tables';
import { parsePartitionJson } from '../../packages/meta/src/state/partition-json';
import { node } from '../../packages/meta/test/cluster-fixture';
import { SimulatedCluster } from '../../packages/meta/test/simulation/simulated-cluster';
import { tableRequests } from '../../packages/meta/test/simulation/table-requests';

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

test.each([
  ['', undefined],
  [', though files are full all the time and nothing older is there', 7],
])(
  'whatever happens to a cluster, its events replayed are what ZooKeeper holds%s',
  async (_though, eventsPerFile) => {
    const steps = fc.array(fc.tuple(step, fc.integer({ min: 1, max: 25 })), { minLength: 8, maxLength: 14 });
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const cluster = new SimulatedCluster(4, { eventsPerFile });
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
  },
  60_000,
);

test('a file that begins while a new table is told holds all of its partitions', async () => {
  const cluster = new SimulatedCluster(3, { eventsPerFile: 3 });
  await cluster.start();
  for (const partitionCount of [4, 5, 6]) {
    beside(requests(cluster).create(`of_${partitionCount}`, { partition_count: partitionCount }));
    await cluster.run(50);
    expect(cluster.leader.events.events.at(-1)).toMatchObject({ change: 'created' });
    expect(replayed(cluster)).toEqual(sorted(stored(cluster)));
  }
  await cluster.close();
});

/** Writes events, and knows what they have to lead to: the last that was told of each partition. */
class WatchedLog implements EventLog {
  readonly truth = new Map<string, LoggedConfiguration>();
  compared = 0;
  private began = false;

  constructor(
    private readonly log: FileEventLog,
    private readonly read: () => readonly LoggedEvent[],
  ) {}

  tell<T extends EventType>(type: T, facts: EventFacts[T], cause?: string): string {
    const id = this.log.tell(type, facts, cause);
    this.log.flush();
    this.began ||= type === 'state-snapshot';
    if (type === 'configuration-changed') {
      const {
        change: _change,
        node: _node,
        reason: _reason,
        ...configuration
      } = facts as never as EventFacts['configuration-changed'];
      this.truth.set(configuration.partition, configuration);
    } else if (type === 'state-snapshot') {
      // Of a rotated file: it must hold what is true already.
      const { tables } = facts as never as EventFacts['state-snapshot'];
      const told = tables.flatMap(({ partitions }) => partitions);
      if (this.truth.size === 0) for (const each of told) this.truth.set(each.partition, each);
    }
    if (this.began) {
      expect([id, sorted(replay(this.read()))]).toEqual([id, sorted(this.truth)]);
      this.compared += 1;
    }
    return id;
  }

  onRotated(tell: () => void): void {
    this.log.onRotated(tell);
  }

  close(): void {
    this.log.close();
  }
}

test('after every event the files lead to what is true, rotated or not, and recalls keep the ballot', async () => {
  const home = mkdtempSync(join(tmpdir(), 'onebox-events-'));
  try {
    const directory = join(home, 'meta1', 'log');
    const file = new FileEventLog({
      directory,
      server: 'meta1',
      log: new MemoryLogger(),
      largestBytes: 1500,
    });
    const events = new WatchedLog(file, () => readEvents({ path: home, pm2Home: join(home, 'pm2') }));
    const cluster = new SimulatedCluster(3, { context: { events } });
    await cluster.start();
    for (let round = 0; round < 4; round += 1) {
      beside(requests(cluster).drop('stat'));
      await cluster.run(1000);
      beside(requests(cluster).recall(1));
      await cluster.run(15_000);
    }
    expect(sorted(events.truth)).toEqual(sorted(stored(cluster)));
    expect(events.compared).toBeGreaterThan(100);
    await cluster.close();
    events.close();
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
