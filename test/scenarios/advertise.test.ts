import { httpGet } from '../support/http-get';
import { withCluster } from '../support/test-cluster';

const NOBODY = '203.0.113.7'; // RFC 5737: an address for documentation

test('a cluster is healthy whose advertised address leads nowhere from where it runs, and shows it everywhere', async () => {
  await withCluster(
    { metas: 2, replicas: 2, zookeeper: 'embedded', args: ['--bind', '0.0.0.0', '--advertise', NOBODY] },
    async (cluster) => {
      const answers = await Promise.all(cluster.metas.map((meta) => httpGet(meta, '/meta/nodes')));
      const leader = answers.find(({ status }) => status === 200);
      const standby = answers.find(({ status }) => status === 307);
      expect(Object.keys((JSON.parse(leader?.body ?? '') as { details: object }).details)).toEqual(
        [cluster.replica(1), cluster.replica(2)].map((node) => node.replace('127.0.0.1', NOBODY)),
      );
      expect(standby?.location).toMatch(new RegExp(`^http://${NOBODY}:\\d+/meta/nodes$`));
    },
  );
});
