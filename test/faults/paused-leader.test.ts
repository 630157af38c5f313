import { until } from '@onebox/base';
import { expectAtRest } from '../support/invariants';
import { expectReplayed } from '../support/replayed';
import { SLACK_MS } from '../support/timing';
import { withCluster } from '../support/test-cluster';
import { askForEnvAt, createTableAt, leads, leavesByDesign, redirectsTo } from './support/meta-servers';
import { zookeeperContents } from './support/zookeeper-contents';

describe('a leader that hangs', () => {
  test('paused for longer than its session it is deposed; resumed it exits 0, and what it was asked meanwhile changes nothing', () =>
    withCluster({}, async (cluster) => {
      const { S, t } = cluster.timing;
      const [old, second, third] = await cluster.electionOfThree();
      const oldName = cluster.instanceOf(old);
      cluster.outOfReach.add(old);

      const asked = performance.now();
      await cluster.run('pause', oldName);
      // Whoever hangs still takes connections: requests wait in its sockets until it goes on.
      const envAsked = askForEnvAt(old, 60_000);
      const tableAsked = createTableAt(old, 'too_late', 60_000);
      // Until its session ends the standbys send everybody to it (reference/cluster-behaviour.md 2.4).
      expect(await redirectsTo(second)).toBe(old);
      await until(`${second} leads`, () => leads(second), {
        withinMs: S + t + 1000 + SLACK_MS,
        everyMs: 20,
      });
      // It was heard of for the last time a third of a session before, at the earliest (2.1).
      expect(performance.now() - asked).toBeGreaterThanOrEqual((2 * S) / 3);
      await cluster.eventually(
        'the third meta to redirect to the new leader',
        async () => (await redirectsTo(third)) === second,
        1000,
      );
      expect(await cluster.electionOrder()).toEqual([second, third]);
      await cluster.allHealthy(cluster.timing.I);
      await expectAtRest(cluster);

      const before = await zookeeperContents(cluster);
      await cluster.run('resume', oldName);
      await leavesByDesign(cluster, oldName, 2000);
      expect(await tableAsked).not.toBe('ERR_OK');
      await envAsked;
      expect(await zookeeperContents(cluster)).toEqual(before);
      expect(await leads(second)).toBe(true);

      cluster.outOfReach.clear();
      await cluster.run('start', oldName, '--no-wait');
      await cluster.eventually(
        'the deposed leader at the end of the queue',
        async () => JSON.stringify(await cluster.electionOrder()) === JSON.stringify([second, third, old]),
        2000,
      );
      await expectAtRest(cluster);
      await expectReplayed(cluster);
    }));
});
