import { expectAtRest } from '../support/invariants';
import { expectReplayed } from '../support/replayed';
import { withCluster } from '../support/test-cluster';
import { leaseOf } from './support/server-status';
import { leads, leavesByDesign, redirectsTo } from './support/meta-servers';
import { zookeeperContents } from './support/zookeeper-contents';

const REPLICAS = ['replica1', 'replica2', 'replica3'];

describe('expired ZooKeeper sessions', () => {
  test('a standby leaves and nothing else changes; a leader leaves and the oldest waiter leads at once; all leave and stay down', () =>
    withCluster({}, async (cluster) => {
      const [first, second, third] = await cluster.electionOfThree();
      const [firstName, secondName, thirdName] = [first, second, third].map((meta) =>
        cluster.instanceOf(meta),
      ) as [string, string, string];
      const ballots = await cluster.ballots('temp');
      const before = await zookeeperContents(cluster);

      // A standby: on expiry it exits 0, as a leader does (reference/cluster-behaviour.md 2.5).
      await cluster.run('fault', 'expire-session', thirdName);
      // Its lock node was ephemeral: it is gone when the session is, not a session later.
      expect(await cluster.electionOrder()).toEqual([first, second]);
      await leavesByDesign(cluster, thirdName, 1000);
      expect(await redirectsTo(second)).toBe(first);
      expect(await zookeeperContents(cluster)).toEqual(before);
      await cluster.run('start', thirdName, '--no-wait');
      await cluster.eventually(
        'the standby back in the queue',
        async () => JSON.stringify(await cluster.electionOrder()) === JSON.stringify([first, second, third]),
        2000,
      );

      // The leader: what follows is scenario 8's, because nobody waits for a time-out.
      await cluster.run('fault', 'expire-session', firstName);
      await cluster.eventually(`${second} leads`, () => leads(second), 1000);
      await leavesByDesign(cluster, firstName, 1000);
      await cluster.allHealthy(cluster.timing.I);
      const failedOver = await cluster.ballots('temp');
      expectBumpedAtMostOnce(ballots, failedOver);
      await cluster.run('start', firstName, '--no-wait');
      await cluster.eventually(
        'the deposed leader at the end of the queue',
        async () => JSON.stringify(await cluster.electionOrder()) === JSON.stringify([second, third, first]),
        2000,
      );

      // All: nobody leads any more, and nobody brings them back (scenario 13 without the loss of data).
      const stored = await zookeeperContents(cluster);
      const metas = [firstName, secondName, thirdName];
      await Promise.all(metas.map((meta) => cluster.run('fault', 'expire-session', meta)));
      for (const meta of metas) await leavesByDesign(cluster, meta, 1000);
      expect(await cluster.electionOrder()).toEqual([]);
      await cluster.eventually(
        'every replica server without a lease',
        async () => {
          const links = await Promise.all(REPLICAS.map((replica) => leaseOf(cluster, replica)));
          return links.every((state) => state === 'disconnected');
        },
        cluster.timing.L,
      );
      expect(await zookeeperContents(cluster)).toEqual(stored);

      for (const meta of metas) await cluster.run('start', meta, '--no-wait');
      const { S, t, I, Y } = cluster.timing;
      await cluster.allHealthy(S + t + 2 * I + Y);
      await expectAtRest(cluster);
      expectBumpedAtMostOnce(failedOver, await cluster.ballots('temp'));
      await expectReplayed(cluster);
    }));
});

/** Primaries that lost their lease may each force one new ballot (reference/cluster-behaviour.md 4.6). */
function expectBumpedAtMostOnce(before: readonly number[], after: readonly number[]): void {
  for (const [i, ballot] of after.entries()) expect([before[i], (before[i] ?? 0) + 1]).toContain(ballot);
}
