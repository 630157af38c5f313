import { expectAtRest } from '../support/invariants';
import { withCluster } from '../support/test-cluster';

describe('too few alive nodes', () => {
  test('scenario 20: with two of three dead the level freezes, and one coming back repairs what it can', () =>
    withCluster({}, async (cluster) => {
      const { G, c, b, I } = cluster.timing;
      await Promise.all([cluster.run('kill', 'replica1'), cluster.run('kill', 'replica2')]);
      await cluster.eventually('freezed', async () => (await cluster.level()) === 'freezed', G + c);
      const survivor = cluster.replica(3);
      const rows = await cluster.eventually(
        'no partition led by a dead node',
        async () => {
          const now = await cluster.partitions('temp');
          return now.every(({ primary }) => primary === '-' || primary === survivor) ? now : undefined;
        },
        2000,
      );
      expect(rows.some(({ primary }) => primary === '-')).toBe(true);

      const created = await cluster.cli('app', 'create', 't1', '--no-wait');
      expect({ code: created.code, said: created.stderr.includes('ERR_STATE_FREEZED') }).toEqual({
        code: 1,
        said: true,
      });
      await cluster.run('app', 'env', 'temp', 'set', 'default_ttl=60');
      await cluster.run('app', 'rename', 'stat', 'stats');
      await cluster.run('app', 'drop', 'stats');
      // Once frozen, no ballot moves.
      expect(await cluster.ballots('temp')).toEqual(rows.map(({ ballot }) => ballot));

      await cluster.run('start', 'replica1', '--no-wait');
      await cluster.eventually('steady', async () => (await cluster.level()) === 'steady', b + 2000);
      await cluster.eventually(
        'a primary everywhere',
        async () => (await cluster.partitions('temp')).every(({ primary }) => primary !== '-'),
        I + 1000,
      );
    }));

  test('scenario 21: of two replica servers one dead is enough to freeze', () =>
    withCluster({ replicas: 2 }, async (cluster) => {
      const { G, c, I } = cluster.timing;
      const dead = cluster.replica(1);
      const before = await cluster.partitions('temp');
      await cluster.run('kill', 'replica1');
      await cluster.eventually('freezed', async () => (await cluster.level()) === 'freezed', G + c);
      const after = await cluster.eventually(
        'its partitions without primary',
        async () => {
          const rows = await cluster.partitions('temp');
          return rows.some(({ primary }) => primary === dead) ? undefined : rows;
        },
        1000,
      );
      for (const [i, row] of after.entries()) {
        if (before[i]?.primary === dead)
          expect(row).toMatchObject({ ballot: 3, primary: '-', replicaCount: '1/3' });
        else expect(row).toEqual(before[i]);
      }
      await cluster.run('start', 'replica1', '--no-wait');
      await cluster.eventually(
        'every partition back at 2/3',
        async () =>
          (await cluster.partitions('temp')).every(
            (row) => row.primary !== '-' && row.replicaCount === '2/3',
          ),
        2 * I,
      );
      await expectAtRest(cluster);
    }));

  test('scenario 22: of five replica servers one dead is steady, two dead are frozen', () =>
    withCluster({ replicas: 5 }, async (cluster) => {
      const { G, c } = cluster.timing;
      const unalive = async () =>
        Object.values(await cluster.nodes()).filter((status) => status === 'UNALIVE').length;
      await cluster.run('kill', 'replica1');
      await cluster.eventually('one UNALIVE', async () => (await unalive()) === 1, G + c);
      expect(await cluster.level()).toBe('steady');
      await cluster.run('kill', 'replica2');
      await cluster.eventually('two UNALIVE', async () => (await unalive()) === 2, G + c);
      expect(await cluster.level()).toBe('freezed');
    }));
});
