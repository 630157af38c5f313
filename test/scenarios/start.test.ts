import { httpGet } from '../support/http-get';
import { expectAtRest } from '../support/invariants';
import { onEachProvider } from '../support/on-each-provider';
import { withCluster } from '../support/test-cluster';
import type { TestCluster } from '../support/test-cluster';

/** How many partitions of a table each node leads, largest first. */
async function primariesPerNode(cluster: TestCluster, table: string): Promise<readonly number[]> {
  const counts = new Map<string, number>();
  for (const { primary } of await cluster.partitions(table))
    counts.set(primary, (counts.get(primary) ?? 0) + 1);
  return [...counts.values()].sort((a, b) => b - a);
}

describe('starting', () => {
  onEachProvider((on) => {
    test('scenario 1: three metas and three replica servers on an empty ZooKeeper become healthy', () =>
      withCluster(on, async (cluster) => {
        const answers = await Promise.all(cluster.metas.map((meta) => httpGet(meta, '/meta/cluster')));
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 307, 307]);

        const { general_info: tables } = await cluster.json<{
          general_info: Record<string, { app_id: string; app_name: string }>;
        }>('/meta/apps');
        expect(Object.values(tables).map((row) => [row.app_id, row.app_name])).toEqual([
          ['1', 'stat'],
          ['2', 'temp'],
        ]);
        expect(await primariesPerNode(cluster, 'temp')).toEqual([3, 3, 2]);
        expect(await primariesPerNode(cluster, 'stat')).toEqual([2, 1, 1]);
        for (const [table, id] of [
          ['stat', 1],
          ['temp', 2],
        ] as const) {
          for (const row of await cluster.partitions(table))
            expect(row).toMatchObject({ ballot: 3, replicaCount: '3/3' });
          for (const { value, version } of await cluster.partitionZnodes(id)) {
            expect({ ballot: value.ballot, drops: value.hp_last_drops, version }).toEqual({
              ballot: 3,
              drops: [],
              version: 3,
            });
          }
        }
        await expectAtRest(cluster);
      }));

    test('scenario 41: a cluster that was stopped starts again with the same tables, and led partitions at ballot + 1', () =>
      withCluster(on, async (cluster) => {
        await cluster.run('app', 'create', 't1', '-p', '4', '-e', 'default_ttl=60');
        const before = await Promise.all(['stat', 'temp', 't1'].map((table) => cluster.partitions(table)));
        await cluster.forgetZk();
        await cluster.run('stop');
        await cluster.start();
        const after = await Promise.all(['stat', 'temp', 't1'].map((table) => cluster.partitions(table)));
        expect(after.map((rows) => rows.map(({ index, primary }) => ({ index, primary })))).toEqual(
          before.map((rows) => rows.map(({ index, primary }) => ({ index, primary }))),
        );
        const bumped = () =>
          Promise.all(['stat', 'temp', 't1'].map((table) => cluster.ballots(table))).then((now) =>
            before.every((rows, i) => rows.every((row, p) => now[i]?.[p] === row.ballot + 1)),
          );
        await cluster.eventually('every ballot one higher', bumped, cluster.timing.Y);
        expect((await cluster.ask('/meta/app_envs?name=t1')).body).toBe('{"default_ttl":"60"}\n');
        await expectAtRest(cluster);
      }));
  });

  test('scenario 2: metas without replica servers list their tables, unhealthy and frozen, until replica servers come', () =>
    withCluster({ start: false }, async (cluster) => {
      for (const meta of ['meta1', 'meta2', 'meta3'])
        await cluster.run(...cluster.startWords(), meta, '--no-wait');
      await cluster.eventually('a leader', () => cluster.leader(), 5000);
      const rows = await cluster.eventually('the tables', () => cluster.partitions('temp'), 2000);
      expect(rows).toHaveLength(8);
      for (const row of rows) expect(row).toMatchObject({ ballot: 0, replicaCount: '0/3', primary: '-' });
      interface Health {
        readonly unhealthy: string;
        readonly write_unhealthy: string;
        readonly read_unhealthy: string;
      }
      const { healthy_info: health } = await cluster.json<{ healthy_info: Record<string, Health> }>(
        '/meta/apps?detail',
      );
      expect(health['2']).toMatchObject({ unhealthy: '8', write_unhealthy: '8', read_unhealthy: '8' });
      expect((await cluster.ask('/meta/nodes')).body).toBe(
        '{"details":{},"summary":{"total_node_count":"0","alive_node_count":"0","unalive_node_count":"0"}}\n',
      );
      expect(await cluster.level()).toBe('freezed');
      const refused = await cluster.cli('app', 'create', 't1', '--no-wait');
      expect({ code: refused.code, said: refused.stderr.includes('ERR_STATE_FREEZED') }).toEqual({
        code: 1,
        said: true,
      });

      for (const replica of ['replica1', 'replica2', 'replica3'])
        await cluster.run('start', replica, '--no-wait');
      await cluster.allHealthy(cluster.timing.I + 5000 * 0.1);
      expect(new Set([...(await cluster.ballots('temp')), ...(await cluster.ballots('stat'))])).toEqual(
        new Set([3]),
      );
      await expectAtRest(cluster);
    }));

  test('scenario 3: with two replica servers every partition rests at 2/3 with ballot 2, and nothing is moved', () =>
    withCluster({ replicas: 2 }, async (cluster) => {
      for (const row of await cluster.partitions('temp'))
        expect(row).toMatchObject({ ballot: 2, replicaCount: '2/3' });
      const { healthy } = await cluster.json<{ healthy: unknown }>('/meta/app?name=temp&detail');
      expect(healthy).toEqual({
        fully_healthy_partition_count: '0',
        unhealthy_partition_count: '8',
        write_unhealthy_partition_count: '0',
        read_unhealthy_partition_count: '0',
      });
      const info = await cluster.json<Record<string, string>>('/meta/cluster');
      expect(info['meta_function_level']).toBe('steady');
      expect(info['balance_operation_count']).toBe('move_pri=0,copy_pri=0,copy_sec=0,total=0');
      await expectAtRest(cluster);
    }));

  test('scenarios 4 and 5: a standby redirects to the leader, checks arguments first, and answers for itself elsewhere', () =>
    withCluster({}, async (cluster) => {
      const leader = await cluster.leaderOrFail();
      const standby = cluster.metas.find((meta) => meta !== leader) ?? leader;
      expect(await httpGet(standby, '/meta/apps?detail')).toEqual({
        status: 307,
        location: `http://${leader}/meta/apps?detail=`,
        body: '',
      });
      expect((await httpGet(standby, '/version')).status).toBe(200);
      for (const meta of [standby, leader]) {
        expect(await httpGet(meta, '/meta/nodes?bogus')).toEqual({
          status: 400,
          location: undefined,
          body: '',
        });
      }
    }));
});
