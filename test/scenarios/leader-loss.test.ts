import { until } from '@onebox/base';
import type { Node } from '@onebox/base';
import { httpGet } from '../support/http-get';
import { expectAtRest } from '../support/invariants';
import { onEachProvider } from '../support/on-each-provider';
import { SLACK_MS } from '../support/timing';
import { withCluster } from '../support/test-cluster';
import type { TestCluster } from '../support/test-cluster';

/** What no failover may change: tables, ids, partition counts and envs, as the leader lists them. */
async function tablesAndEnvs(cluster: TestCluster): Promise<readonly string[]> {
  const answers = await Promise.all(
    ['/meta/apps', '/meta/app_envs?name=temp'].map((path) => cluster.ask(path)),
  );
  return answers.map(({ body }) => body);
}

/** Whether nobody listens there. What of a killed process goes last is not its place in the process table. */
async function refuses(node: Node): Promise<boolean> {
  return httpGet(node, '/meta/cluster').then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
  );
}

/** Waits until `next` leads and gives how long that took from `since`. */
async function tookOver(cluster: TestCluster, next: string, since: number): Promise<number> {
  const { S, t } = cluster.timing;
  await until(`${next} leads`, async () => (await cluster.leader()) === next, {
    withinMs: S + t + 1000 + SLACK_MS,
    everyMs: 20,
  });
  return performance.now() - since;
}

/**
 * Replica servers of a fresh cluster report at about the same moment, and again after this time: long enough for a new
 * leader's first tick to come in between.
 */
const SYNC_MS = 12_000;
const SELDOM_SYNCED = { args: ['--set', `replication.config_sync_interval_ms=${SYNC_MS * 10}`] };

describe('losing the leader', () => {
  onEachProvider((on) => {
    test.each([
      ['scenario 6', 'kill'],
      ['scenario 7', 'stop'],
    ])('%s: after %s of the leader the oldest waiter takes over when the session ends', (_scenario, verb) =>
      withCluster(on, async (cluster) => {
        const { S, I } = cluster.timing;
        await cluster.run('app', 'env', 'temp', 'set', 'replica.slow_query_threshold=50');
        const before = await tablesAndEnvs(cluster);
        const ballots = await cluster.ballots('temp');
        const [leader, second, third] = await cluster.electionOfThree();

        const gone = performance.now();
        await cluster.run(verb, cluster.instanceOf(leader));
        // Until the dead leader's node vanishes, standbys send everybody to it, and it refuses.
        expect((await httpGet(second, '/meta/cluster')).location).toBe(`http://${leader}/meta/cluster`);
        await cluster.eventually('the dead leader to refuse', () => refuses(leader), 1000);
        const took = await tookOver(cluster, second, gone);
        expect(took).toBeGreaterThanOrEqual((2 * S) / 3);

        await cluster.eventually(
          'the third meta to redirect to the new leader',
          async () => (await httpGet(third, '/meta/cluster')).location === `http://${second}/meta/cluster`,
          1000,
        );
        expect(await tablesAndEnvs(cluster)).toEqual(before);
        expect(await cluster.electionOrder()).toEqual([second, third]);
        await cluster.allHealthy(I);
        // The first failover after a fresh start may bump each ballot once (reference 4.6).
        const after = await cluster.ballots('temp');
        for (const [i, ballot] of after.entries())
          expect([ballots[i], (ballots[i] ?? 0) + 1]).toContain(ballot);
        await expectAtRest(cluster);

        const status = JSON.parse((await cluster.cli('status', '--json')).stdout) as {
          instances: readonly { name: string; state: string; exitCode?: number | null }[];
        };
        const dead = status.instances.find(({ name }) => name === cluster.instanceOf(leader));
        expect(dead?.state).not.toBe('running');
        if (verb === 'stop') expect(dead?.exitCode).toBe(0);
      }),
    );
  });

  test('scenario 8: a leader whose lock node was deleted exits 0, and the next one leads with unchanged ballots', () =>
    withCluster({}, async (cluster) => {
      const ballots = await cluster.ballots('temp');
      const [leader, second] = await cluster.electionOrder();
      const [lock] = await cluster.lockNodes();
      const since = performance.now();
      await (await cluster.zk()).remove(`${cluster.root}/dsn.meta.server.leader/${lock ?? ''}`);
      await tookOver(cluster, second ?? '', since);
      await cluster.eventually(
        'the deposed leader to be gone',
        async () =>
          (await httpGet(leader ?? cluster.replica(1), '/version').catch(() => undefined)) === undefined,
        1000,
      );
      await cluster.allHealthy(cluster.timing.I);
      expect(await cluster.ballots('temp')).toEqual(ballots);
      await expectAtRest(cluster);
    }));

  test('scenario 9: a leader that is restarted at once removes its own stale node, and the oldest waiter leads', () =>
    withCluster({}, async (cluster) => {
      const ballots = await cluster.ballots('temp');
      const [leader, second, third] = await cluster.electionOfThree();
      const since = performance.now();
      await cluster.run('restart', cluster.instanceOf(leader));
      expect(await tookOver(cluster, second, since)).toBeLessThan((2 * cluster.timing.S) / 3 + SLACK_MS);
      await cluster.eventually(
        'the restarted meta at the end of the queue',
        async () => JSON.stringify(await cluster.electionOrder()) === JSON.stringify([second, third, leader]),
        1000,
      );
      await cluster.allHealthy(cluster.timing.I);
      expect(await cluster.ballots('temp')).toEqual(ballots);
    }));

  test('scenario 10: a dead waiter changes nothing, and its lock node goes when its session ends', () =>
    withCluster({}, async (cluster) => {
      const { S, t } = cluster.timing;
      const before = await tablesAndEnvs(cluster);
      const [leader, second, third] = await cluster.electionOfThree();
      await cluster.run('kill', cluster.instanceOf(third));
      await cluster.eventually(
        'the dead waiter’s node gone',
        async () => JSON.stringify(await cluster.electionOrder()) === JSON.stringify([leader, second]),
        S + t,
      );
      expect(await cluster.leader()).toBe(leader);
      expect(await tablesAndEnvs(cluster)).toEqual(before);
      await expectAtRest(cluster);
    }));

  test('scenario 11: with leader and first waiter killed together the last meta leads', () =>
    withCluster({}, async (cluster) => {
      const [leader, second, third] = await cluster.electionOfThree();
      const since = performance.now();
      await Promise.all([leader, second].map((meta) => cluster.run('kill', cluster.instanceOf(meta))));
      await tookOver(cluster, third, since);
      await cluster.allHealthy(cluster.timing.I);
    }));

  test('scenario 33: a new leader is back at level steady', () =>
    withCluster({}, async (cluster) => {
      await cluster.run('level', 'lively');
      expect(await cluster.level()).toBe('lively');
      const [leader, second] = await cluster.electionOrder();
      const since = performance.now();
      await cluster.run('kill', cluster.instanceOf(leader ?? cluster.replica(1)));
      await tookOver(cluster, second ?? '', since);
      expect(await cluster.level()).toBe('steady');
    }));

  test('scenario 34: a new leader counts 0, then -1 until every replica was reported, then real values', () =>
    withCluster(SELDOM_SYNCED, async (cluster) => {
      const { I } = cluster.timing;
      const [leader, second] = await cluster.electionOrder();
      const [lock] = await cluster.lockNodes();
      expect(leader).toBeDefined();
      const since = performance.now();
      // Deleting the lock node keeps every lease, so config-sync is not hurried by a reconnect.
      await (await cluster.zk()).remove(`${cluster.root}/dsn.meta.server.leader/${lock ?? ''}`);
      await tookOver(cluster, second ?? '', since);
      const seen: number[] = [];
      await cluster.eventually(
        'the counters known again',
        async () => {
          const info = await cluster.json<Record<string, string>>('/meta/cluster');
          const total = Number(/total=(-?\d+)/.exec(info['balance_operation_count'] ?? '')?.[1]);
          if (seen.at(-1) !== total) seen.push(total);
          return seen.length > 1 && seen.at(-1) === 0;
        },
        I + SYNC_MS + I,
      );
      expect(seen).toEqual([0, -1, 0]);
    }));
});
