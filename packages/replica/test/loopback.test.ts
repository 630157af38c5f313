import { until } from '@onebox/base';
import type { Gpid } from '@onebox/base';
import { RealCluster } from './support/real-cluster';

describe('replica servers that talk over real sockets', () => {
  test('learn from each other until every partition has three replicas', async () => {
    const { cluster, meta } = await RealCluster.start(3);
    try {
      const gpids: Gpid[] = Array.from({ length: 12 }, (_, partitionIndex) => ({ appId: 1, partitionIndex }));
      await until(
        'every replica server is connected',
        () =>
          cluster.replicas.every((replica) => /"state":"connected"/.test(JSON.stringify(replica.describe()))),
        { withinMs: 5000 },
      );
      meta.cures = cluster.nodes;
      for (const gpid of gpids) {
        meta.add(gpid);
        meta.cure(gpid);
      }
      await until(
        'every partition has ballot 3',
        () => gpids.every((gpid) => meta.partition(gpid).ballot === 3),
        { withinMs: 5000, everyMs: 5 },
      );
      await until(
        'the replicas know it',
        () => cluster.replicas.every((replica) => JSON.stringify(replica.describe()['replicas']) === healthy),
        { withinMs: 5000, everyMs: 5 },
      );
      const ballots = Object.fromEntries(gpids.map(({ partitionIndex }) => [`1.${partitionIndex}`, 3]));
      for (const replica of cluster.replicas) expect(replica.describe()['ballots']).toEqual(ballots);
      expect(new Set(meta.updates).size).toBe(36);
      expect(meta.updates.filter((update) => !update.endsWith('ERR_OK'))).toEqual([]);
    } finally {
      await cluster.close();
    }
  });
});

const healthy = JSON.stringify({
  total: 12,
  primary: 4,
  secondary: 8,
  learning: 0,
  inactive: 0,
  error: 0,
  stored: 0,
});
