import { until } from '@onebox/base';
import type { Node } from '@onebox/base';
import { httpGet } from '../support/http-get';
import { expectAtRest } from '../support/invariants';
import { expectReplayed } from '../support/replayed';
import { SLACK_MS } from '../support/timing';
import { withCluster } from '../support/test-cluster';
import { askForEnvAt, createTableAt, leads, leavesByDesign, redirectsTo } from './support/meta-servers';
import { withoutPartitions, zookeeperContents } from './support/zookeeper-contents';

describe('a leader cut off from ZooKeeper only', () => {
  test('it goes on leading in its own mind and writes nothing, while another leads and hears no beacon; healed, it exits 0 and the new one takes all over', () =>
    withCluster({}, async (cluster) => {
      const { S, t, G, c, b, I } = cluster.timing;
      const [old, second, third] = await cluster.electionOfThree();
      const oldName = cluster.instanceOf(old);
      const ballots = await cluster.ballots('temp');

      await cluster.run('fault', 'cut', oldName, '--from', 'zookeeper');
      cluster.outOfReach.add(old);
      const asked = createTableAt(old, 'too_late', 60_000);
      await until(`${second} leads`, () => leads(second), {
        withinMs: S + t + 1000 + SLACK_MS,
        everyMs: 20,
      });
      // Nobody told it: the only one who could is out of its reach (reference/cluster-behaviour.md 2.5).
      expect(await leads(old)).toBe(true);
      await cluster.eventually(
        'the third meta to redirect to the new leader',
        async () => (await redirectsTo(third)) === second,
        1000,
      );

      // The old one acknowledges every beacon, so none goes to the new one: it counts everybody dead, and freezes.
      await cluster.eventually('freezed', async () => (await cluster.level()) === 'freezed', G + c);
      expect(Object.values(await cluster.nodes())).toEqual(['UNALIVE', 'UNALIVE', 'UNALIVE']);
      await cluster.eventually(
        'no partition with a primary',
        async () => (await cluster.partitions('temp')).every(({ primary }) => primary === '-'),
        2000,
      );
      // At the same moment the other one shows the state before it all.
      const stale = await httpGet(old, '/meta/app?name=temp&detail');
      expect(
        Object.values((JSON.parse(stale.body) as Rows).replicas).map((row) => Number(row.ballot)),
      ).toEqual(ballots);
      const before = await zookeeperContents(cluster);
      expect(Object.keys(before)).not.toContain(`${cluster.root}/apps/3`);
      // What it is asked for now it takes for its own to do, and shows it as begun.
      const askedWhenDeposed = createTableAt(old, 'later_still', 60_000);
      const envAsked = askForEnvAt(old, 60_000);
      await until("the table in the old one's mind", () => isBeingCreatedAt(old, 'later_still'), {
        withinMs: SLACK_MS,
      });
      await envAsked;

      await cluster.run('fault', 'clear');
      await leavesByDesign(cluster, oldName, 2000);
      expect(await asked).not.toBe('ERR_OK');
      expect(await askedWhenDeposed).not.toBe('ERR_OK');
      await cluster.eventually(
        'every node ALIVE at the new leader',
        async () => Object.values(await cluster.nodes()).every((status) => status === 'ALIVE'),
        b + 2000,
      );
      expect(await cluster.level()).toBe('steady');
      await cluster.allHealthy(2 * I);
      cluster.outOfReach.clear();
      await cluster.run('start', oldName, '--no-wait');
      await cluster.eventually(
        'the deposed leader at the end of the queue',
        async () => JSON.stringify(await cluster.electionOrder()) === JSON.stringify([second, third, old]),
        2000,
      );
      await expectAtRest(cluster);
      // Its primary was removed, a secondary promoted, the old primary added again: three changes each (4.5).
      expect(await cluster.ballots('temp')).toEqual(ballots.map((ballot) => ballot + 3));
      const after = await zookeeperContents(cluster);
      expect(Object.keys(after)).toEqual(Object.keys(before));
      expect(withoutPartitions(after)).toEqual(withoutPartitions(before));
      await expectReplayed(cluster);
    }));

  test('without its lock node it writes nothing either, though its session lives on and its request is on the way', () =>
    withCluster({}, async (cluster) => {
      const [old, second, third] = await cluster.electionOfThree();
      const oldName = cluster.instanceOf(old);
      const [lockNode] = await cluster.lockNodes();
      const before = await zookeeperContents(cluster);

      await cluster.run('fault', 'cut', oldName, '--from', 'zookeeper');
      cluster.outOfReach.add(old);
      // Its write stands in the connection, in front of which is the cut.
      const asked = createTableAt(old, 'too_late', 60_000);
      await until("the table in the old one's mind", () => isBeingCreatedAt(old, 'too_late'), {
        withinMs: SLACK_MS,
      });
      await (await cluster.zk()).remove(`${cluster.root}/dsn.meta.server.leader/${lockNode}`);
      await cluster.eventually(`${second} leads`, () => leads(second), 1000);
      await cluster.run('fault', 'clear');
      await leavesByDesign(cluster, oldName, 2000);
      expect(await asked).not.toBe('ERR_OK');

      await cluster.allHealthy(cluster.timing.I + cluster.timing.Y);
      cluster.outOfReach.clear();
      await expectAtRest(cluster);
      expect(await cluster.electionOrder()).toEqual([second, third]);
      const after = await zookeeperContents(cluster);
      expect(Object.keys(after)).toEqual(Object.keys(before));
      expect(withoutPartitions(after)).toEqual(withoutPartitions(before));
      await expectReplayed(cluster);
    }));
});

/** Whether a meta server has a table in its memory whose znodes are not acknowledged: it answers 500 (reference/cluster-behaviour.md 7.1). */
async function isBeingCreatedAt(meta: Node, name: string): Promise<boolean> {
  return (await httpGet(meta, `/meta/app?name=${name}`)).status === 500;
}

interface Rows {
  readonly replicas: Readonly<Record<string, { readonly ballot: string }>>;
}
