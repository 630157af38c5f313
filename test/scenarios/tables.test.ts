import { expectAtRest } from '../support/invariants';
import { withCluster } from '../support/test-cluster';
import type { TestCluster } from '../support/test-cluster';

interface TableZnode {
  readonly status: string;
  readonly init_partition_count: number;
  readonly envs: Readonly<Record<string, string>>;
}

/** The error code a refused command names. */
async function refusal(cluster: TestCluster, ...args: readonly string[]): Promise<string> {
  const { code, stderr } = await cluster.cli(...args);
  expect(code).toBe(1);
  return /ERR_[A-Z_]+/.exec(stderr)?.[0] ?? stderr;
}

describe('tables', () => {
  test('scenarios 23 and 24: create answers at once with the next id, and refuses what a real leader refuses', () =>
    withCluster({}, async (cluster) => {
      const { I } = cluster.timing;
      await cluster.run('app', 'create', 't1', '-p', '4', '-r', '3', '--no-wait');
      await cluster.eventually(
        't1 at 3/3',
        async () => (await cluster.partitions('t1')).every((row) => row.replicaCount === '3/3'),
        I + 300,
      );
      expect(await cluster.ballots('t1')).toEqual([3, 3, 3, 3]);
      const { value } = await cluster.znode<TableZnode>('/apps/3');
      expect(value).toMatchObject({ status: 'app_status::AS_AVAILABLE', init_partition_count: 4 });

      expect(await refusal(cluster, 'app', 'create', 't2', '-p', '0')).toBe('ERR_INVALID_PARAMETERS');
      expect(await refusal(cluster, 'app', 'create', 't2', '-r', '4')).toBe('ERR_INVALID_PARAMETERS');
      expect(await refusal(cluster, 'app', 'create', 't2', '-r', '6')).toBe('ERR_INVALID_PARAMETERS');
      expect(await refusal(cluster, 'app', 'create', 't1', '-p', '4')).toBe('ERR_APP_EXIST');
      const again = JSON.parse(
        await cluster.run('app', 'create', 't1', '-p', '4', '--if-not-exists', '--json'),
      ) as { id: number };
      expect(again.id).toBe(3);
      expect(await refusal(cluster, 'app', 'create', 't1', '-p', '8', '--if-not-exists')).toBe(
        'ERR_INVALID_PARAMETERS',
      );
      for (const count of ['3', '5', '7']) await cluster.run('app', 'create', `p${count}`, '-p', count);
      await expectAtRest(cluster);
    }));

  test('scenarios 25 and 26: a dropped table keeps its id for ever and is recalled with ballot + 3', () =>
    withCluster({}, async (cluster) => {
      const { I, Y, S, t } = cluster.timing;
      await cluster.run('app', 'create', 't1', '-p', '4');
      await cluster.run('app', 'drop', 't1');
      const { general_info: tables } = await cluster.json<{
        general_info: Record<string, { app_name: string }>;
      }>('/meta/apps');
      expect(Object.values(tables).map(({ app_name: name }) => name)).toEqual(['stat', 'temp']);
      expect(await cluster.ask('/meta/app?name=t1')).toMatchObject({
        status: 404,
        body: 'table not found: "t1"',
      });
      expect((await cluster.znode<TableZnode>('/apps/3')).value.status).toBe('app_status::AS_DROPPED');
      for (const { value } of await cluster.partitionZnodes(3)) {
        expect(value).toMatchObject({
          partition_flags: 1,
          ballot: 4,
          hp_primary: 'invalid host_port',
          hp_secondaries: [],
        });
        expect(value.hp_last_drops).toHaveLength(3);
      }

      const leader = await cluster.leaderOrFail();
      await cluster.run('kill', cluster.instanceOf(leader));
      await cluster.eventually(
        'a new leader',
        async () => {
          const now = await cluster.leader();
          return now !== undefined && now !== leader;
        },
        S + t + 1000,
      );
      await cluster.allHealthy(I);
      await cluster.run('app', 'create', 't2', '-p', '2');
      const created = JSON.parse(await cluster.run('app', 'show', 't2', '--json')) as { id: number };
      expect(created.id).toBe(4);

      await cluster.run('app', 'recall', '3');
      await cluster.eventually(
        't1 whole again',
        async () => (await cluster.partitions('t1')).every((row) => row.replicaCount === '3/3'),
        Y + 2 * I + 1000,
      );
      expect(await cluster.ballots('t1')).toEqual([7, 7, 7, 7]);
    }));

  test('scenario 27: envs are validated, shown at once, stored, and survive a new leader', () =>
    withCluster({}, async (cluster) => {
      const set = (...pairs: readonly string[]) => cluster.cli('app', 'env', 'temp', 'set', ...pairs);
      const low = await set('replica.slow_query_threshold=10');
      expect(low.code).toBe(1);
      expect(low.stderr).toContain("invalid value '10', should be '>= 20'");
      expect((await set('x=1')).stderr).toContain("app_env 'x' is not supported");
      expect((await set('default_ttl=60', 'x=1')).code).toBe(1);
      expect((await cluster.ask('/meta/app_envs?name=temp')).body).toBe('{}\n');

      expect((await set('replica.slow_query_threshold=1000')).code).toBe(0);
      const shown = '{"replica.slow_query_threshold":"1000"}\n';
      expect((await cluster.ask('/meta/app_envs?name=temp')).body).toBe(shown);
      expect((await cluster.znode<TableZnode>('/apps/2')).value.envs).toEqual({
        'replica.slow_query_threshold': '1000',
      });
      const leader = await cluster.leaderOrFail();
      await cluster.run('kill', cluster.instanceOf(leader));
      await cluster.eventually(
        'the env on the new leader',
        async () => {
          const now = await cluster.leader();
          return (
            now !== undefined &&
            now !== leader &&
            (await cluster.ask('/meta/app_envs?name=temp')).body === shown
          );
        },
        cluster.timing.S + cluster.timing.t + 1000,
      );
    }));

  test('scenario 39: max_replica_count 3 → 2 → 3 costs two ballots each way', () =>
    withCluster({}, async (cluster) => {
      const { I } = cluster.timing;
      const at = (count: string) => async () =>
        (await cluster.partitions('temp')).every((row) => row.replicaCount === count);
      await cluster.run('app', 'replica-count', 'temp', '2');
      await cluster.eventually('2/2 everywhere', at('2/2'), I + 500);
      expect(new Set(await cluster.ballots('temp'))).toEqual(new Set([5]));
      expect(await cluster.unhealthyTables()).toEqual([]);
      await cluster.run('app', 'replica-count', 'temp', '3');
      await cluster.eventually('3/3 everywhere', at('3/3'), 2 * I + 500);
      expect(new Set(await cluster.ballots('temp'))).toEqual(new Set([7]));
      await expectAtRest(cluster);
    }));
});
