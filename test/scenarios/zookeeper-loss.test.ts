import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { httpGet } from '../support/http-get';
import { withCluster } from '../support/test-cluster';

interface Status {
  readonly instances: readonly { name: string; state: string; exitCode?: number | null }[];
}

describe('losing ZooKeeper', () => {
  test('scenario 12: an outage with data kept changes nothing; a create meanwhile completes afterwards', () =>
    withCluster({}, async (cluster) => {
      const leader = await cluster.leaderOrFail();
      const locks = await cluster.lockNodes();
      await cluster.forgetZk();
      await cluster.run('stop', 'zookeeper');
      expect((await httpGet(leader, '/meta/cluster')).status).toBe(200);
      const creating = cluster.cli('app', 'create', 't1', '-p', '4', '--no-wait');
      // The table is in transition until ZooKeeper takes the writes: 500, the low byte of ERR_BUSY_CREATING.
      await cluster.eventually(
        'the table in creation',
        async () => (await httpGet(leader, '/meta/app?name=t1')).status === 500,
        2000,
      );
      expect(await httpGet(leader, '/meta/app?name=t1')).toMatchObject({ status: 500, body: '/' });
      expect((await httpGet(leader, '/meta/apps?detail')).status).toBe(200);
      await cluster.run('start', 'zookeeper', '--no-wait');
      expect(await creating).toMatchObject({ code: 0 });
      expect(await cluster.leader()).toBe(leader);
      expect(await cluster.lockNodes()).toEqual(locks);
      await cluster.allHealthy(cluster.timing.I);
    }));

  test('scenario 13: with ZooKeeper wiped every meta exits 0 and stays down; replica servers stay, inactive', () =>
    withCluster({}, async (cluster) => {
      await cluster.forgetZk();
      await cluster.run('stop', 'zookeeper');
      const data = join(cluster.directory, 'zookeeper', 'data');
      for (const entry of readdirSync(data)) rmSync(join(data, entry), { recursive: true });
      await cluster.run('start', 'zookeeper', '--no-wait');
      const status = async () => JSON.parse((await cluster.cli('status', '--json')).stdout) as Status;
      const metas = await cluster.eventually(
        'all metas gone',
        async () => {
          const rows = (await status()).instances.filter(({ name }) => name.startsWith('meta'));
          return rows.every(({ state }) => state !== 'running') ? rows : undefined;
        },
        cluster.timing.S + cluster.timing.t,
      );
      expect(metas.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
      const replicas = (await status()).instances.filter(({ name }) => name.startsWith('replica'));
      expect(replicas.map(({ state }) => state)).toEqual(['running', 'running', 'running']);
    }));
});
