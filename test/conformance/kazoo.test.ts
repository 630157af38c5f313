import { describeOnEachZooKeeper } from '../../packages/cluster/test/support/on-each-zookeeper';
import { hasLocalZooKeeper } from '../../packages/cluster/test/support/local-zookeeper-for-tests';
import { TestZooKeeper } from '../../packages/cluster/test/support/test-zookeeper';
import type { TestZooKeeperKind } from '../../packages/cluster/test/support/test-zookeeper';
import { findKazoo, runKazoo } from './kazoo/kazoo-run';
import type { ScenarioResult } from './kazoo/kazoo-run';

/** Sessions of 4 s, which kazoo asks for, are 20 ticks. */
const TIME_SCALE = 0.1;
const WITHIN_MS = 180_000;

const SCENARIOS = [
  ...['basics', 'large_values', 'chroot', 'acls', 'words', 'transactions'],
  ...['one_shot_watches', 'data_watch', 'children_watch'],
  ...['lock', 'read_write_lock', 'semaphore', 'election', 'barriers_and_counter', 'queue_and_party'],
  ...['session_expiry', 'expiry_by_time', 'connection_cut', 'server_restart'],
];

const python = findKazoo();
if (python === undefined) {
  process.stderr.write(
    "SKIPPED: kazoo's conformance, because no Python here has it (Debian: python3-kazoo)\n",
  );
}
const describeWithKazoo = python === undefined ? describe.skip : describe;

const played = new Map<TestZooKeeperKind, Promise<readonly ScenarioResult[]>>();

/** What kazoo makes of a server, once for all tests. */
function resultsOn(kind: TestZooKeeperKind): Promise<readonly ScenarioResult[]> {
  const results = played.get(kind) ?? play(kind);
  played.set(kind, results);
  return results;
}

async function play(kind: TestZooKeeperKind): Promise<readonly ScenarioResult[]> {
  const zookeeper = await TestZooKeeper.start({ kind, timeScale: TIME_SCALE });
  try {
    return await runKazoo(python ?? '', zookeeper.hosts, async () => {
      await zookeeper.kill();
      await zookeeper.startAgain();
    });
  } finally {
    await zookeeper.destroy();
  }
}

describeWithKazoo('kazoo', () => {
  describeOnEachZooKeeper('its client, watchers, recipes, transactions and reconnects work', (kind) => {
    test(
      'in every scenario',
      async () => {
        const results = await resultsOn(kind);
        expect(results.filter(({ passed }) => !passed)).toEqual([]);
        expect(results.map(({ scenario }) => scenario)).toEqual(SCENARIOS);
      },
      WITHIN_MS,
    );
  });

  (hasLocalZooKeeper ? test : test.skip)(
    'it sees the same on the embedded server as on Apache ZooKeeper',
    async () => {
      const [embedded, local] = await Promise.all([resultsOn('embedded'), resultsOn('local')]);
      expect(embedded).toEqual(local);
    },
    WITHIN_MS,
  );
});
