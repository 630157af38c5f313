import { expectAtRest } from '../support/invariants';
import { SeededRandom } from '../support/seeded-random';
import { withCluster } from '../support/test-cluster';
import type { TestCluster } from '../support/test-cluster';

/** 20 s here; the nightly form, `npm run test:chaos`, has 300. */
const SECONDS = Number(process.env['ONEBOX_CHAOS_SECONDS'] ?? '20');
const SEED = Number(process.env['ONEBOX_CHAOS_SEED'] ?? '20261121');

const SERVERS = ['meta1', 'meta2', 'meta3', 'replica1', 'replica2', 'replica3'] as const;

/** The highest ballot seen of each partition: ballots never decrease. */
async function watchBallots(cluster: TestCluster, highest: Map<string, number>): Promise<void> {
  for (const table of ['stat', 'temp']) {
    for (const { index, ballot } of await cluster.partitions(table).catch(() => [])) {
      const key = `${table}.${index}`;
      expect(ballot).toBeGreaterThanOrEqual(highest.get(key) ?? 0);
      highest.set(key, ballot);
    }
  }
}

process.stderr.write(`chaos: ${SECONDS} s with ONEBOX_CHAOS_SEED=${SEED}\n`);

test(
  `${SECONDS} s of killing, stopping and starting servers at random leave a cluster that heals and agrees with ZooKeeper`,
  () =>
    withCluster({}, async (cluster) => {
      const random = new SeededRandom(SEED);
      const down = new Set<string>();
      const highest = new Map<string, number>();
      const deadline = performance.now() + SECONDS * 1000;
      const done: string[] = [];
      try {
        while (performance.now() < deadline) {
          const server = random.pick(SERVERS);
          const verb = down.has(server) ? 'start' : random.pick(['kill', 'stop']);
          done.push(`${verb} ${server}`);
          // A meta that left by design (its lock node was removed by a restart race) may be down already: kill says so.
          const result = await cluster.cli(verb, server, ...(verb === 'start' ? ['--no-wait'] : []));
          expect({ verb, server, code: result.code, stderr: result.stderr }).toMatchObject({ code: 0 });
          if (verb === 'start') down.delete(server);
          else down.add(server);
          if (random.below(3) === 0) await watchBallots(cluster, highest);
        }
        for (const server of SERVERS) await cluster.run('start', server, '--no-wait');
        const { S, t, I, Y } = cluster.timing;
        await cluster.allHealthy(S + t + 2 * I + Y + 10_000);
        await watchBallots(cluster, highest);
        await cluster.eventually(
          'one lock node for each meta',
          async () => (await cluster.electionOrder()).length === 3,
          S + t,
        );
        await expectAtRest(cluster);
      } catch (error) {
        process.stderr.write(`ONEBOX_CHAOS_SEED=${SEED}, after: ${done.join('; ')}\n`);
        throw error;
      }
    }),
  (SECONDS + 120) * 1000,
);
