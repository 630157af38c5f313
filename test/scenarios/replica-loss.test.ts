import { until } from '@onebox/base';
import type { Node } from '@onebox/base';
import { expectAtRest } from '../support/invariants';
import { onEachProvider } from '../support/on-each-provider';
import { SLACK_MS } from '../support/timing';
import { withCluster } from '../support/test-cluster';
import type { PartitionRow, TestCluster } from '../support/test-cluster';

const TABLES = ['stat', 'temp'];

async function rowsByTable(cluster: TestCluster): Promise<readonly PartitionRow[]> {
  return (await Promise.all(TABLES.map((table) => cluster.partitions(table)))).flat();
}

/** Waits until a replica server is UNALIVE; gives how long that took from `since`, in milliseconds. */
async function unalive(cluster: TestCluster, node: Node, since: number): Promise<number> {
  const { G, c } = cluster.timing;
  await until(`${node} UNALIVE`, async () => (await cluster.nodes())[node] === 'UNALIVE', {
    withinMs: G + c + SLACK_MS,
    everyMs: 10,
  });
  return performance.now() - since;
}

/** The partitions after one node died and the others took over: led ones at +2, followed ones at +1, all 2/3. */
function expectFailedOver(before: readonly PartitionRow[], after: readonly PartitionRow[], dead: Node): void {
  for (const [i, row] of after.entries()) {
    const was = before[i];
    const cost = was?.primary === dead ? 2 : 1;
    expect(row).toMatchObject({ ballot: (was?.ballot ?? 0) + cost, replicaCount: '2/3' });
    expect([row.primary, ...row.secondaries]).not.toContain(dead);
    expect(row.primary).not.toBe('-');
  }
}

/** A primary's group check may notice a dead secondary before the beacons do (reference 4.5): here it never comes. */
const BEACONS_ONLY = { args: ['--set', 'replication.group_check_interval_ms=100000000'] };

describe('losing a replica server', () => {
  onEachProvider((on) => {
    test.each([
      ['scenario 14', 'kill'],
      ['scenario 17', 'stop'],
    ])(
      '%s: %s of a replica server is noticed by its beacons alone, and every partition fails over',
      (_scenario, verb) =>
        withCluster({ ...BEACONS_ONLY, ...on }, async (cluster) => {
          const { G, b } = cluster.timing;
          const dead = cluster.replica(1);
          const before = await rowsByTable(cluster);
          const gone = performance.now();
          await cluster.run(verb, 'replica1');
          expect((await cluster.nodes())[dead]).toBe('ALIVE');
          expect(await rowsByTable(cluster)).toEqual(before);
          expect(await unalive(cluster, dead, gone)).toBeGreaterThan(G - b);
          const after = await cluster.eventually(
            'every partition led again at 2/3',
            async () => {
              const rows = await rowsByTable(cluster);
              return rows.every((row) => row.primary !== '-' && row.replicaCount === '2/3')
                ? rows
                : undefined;
            },
            1000,
          );
          expectFailedOver(before, after, dead);
          expect(await cluster.level()).toBe('steady');
          const { summary } = await cluster.json<{ summary: unknown }>('/meta/nodes');
          expect(summary).toEqual({ total_node_count: '3', alive_node_count: '2', unalive_node_count: '1' });
          for (const id of [1, 2]) {
            for (const { value } of await cluster.partitionZnodes(id))
              expect(value.hp_last_drops).toEqual([dead]);
          }
          await expectAtRest(cluster);
        }),
    );
  });

  test('scenarios 15, 31 and 32: it comes back as last secondary; steady only counts the moves, lively makes them', () =>
    withCluster({}, async (cluster) => {
      const { b, I, Y } = cluster.timing;
      const node = cluster.replica(1);
      const before = await rowsByTable(cluster);
      await cluster.run('kill', 'replica1');
      await unalive(cluster, node, performance.now());
      await cluster.eventually(
        'failed over',
        async () => (await rowsByTable(cluster)).every((row) => row.primary !== '-'),
        1000,
      );

      await cluster.run('start', 'replica1', '--no-wait');
      await cluster.eventually(
        'ALIVE again',
        async () => (await cluster.nodes())[node] === 'ALIVE',
        b + 2000,
      );
      await cluster.allHealthy(I);
      const after = await rowsByTable(cluster);
      for (const [i, row] of after.entries()) {
        const was = before[i];
        expect(row).toMatchObject({
          ballot: (was?.ballot ?? 0) + (was?.primary === node ? 3 : 2),
          replicaCount: '3/3',
        });
        expect(row.primary).not.toBe(node);
        expect(row.secondaries.at(-1)).toBe(node);
      }
      for (const { value } of await cluster.partitionZnodes(2)) expect(value.hp_last_drops).toEqual([]);

      // 31: in steady the balancer only says what it would do.
      const counts = async () => {
        const info = await cluster.json<Record<string, string>>('/meta/cluster');
        const [move, , , total] = [...(info['balance_operation_count'] ?? '').matchAll(/=(-?\d+)/g)].map(
          (m) => Number(m[1]),
        );
        return { move: move ?? 0, total: total ?? 0, stddev: Number(info['primary_replica_count_stddev']) };
      };
      const planned = await cluster.eventually(
        'planned moves counted',
        async () => {
          const now = await counts();
          return now.move > 0 ? now : undefined;
        },
        Y + 2 * I,
      );
      expect(planned.total).toBe(planned.move);
      expect(planned.stddev).toBeGreaterThan(0);
      expect(await rowsByTable(cluster)).toEqual(after);

      // 32: lively moves primaries until every table is even.
      await cluster.run('level', 'lively');
      const moved = await cluster.eventually(
        'every table even',
        async () => {
          for (const table of TABLES) {
            const rows = await cluster.partitions(table);
            if (rows.some((row) => row.replicaCount !== '3/3' || row.primary === '-')) return undefined;
            for (const number of [1, 2, 3]) {
              const led = rows.filter((row) => row.primary === cluster.replica(number)).length;
              if (led < Math.floor(rows.length / 3) || led > Math.ceil(rows.length / 3)) return undefined;
            }
          }
          return rowsByTable(cluster);
        },
        3 * I,
      );
      for (const [i, row] of moved.entries()) {
        const was = after[i];
        const changed = row.primary !== was?.primary;
        expect(row.ballot - (was?.ballot ?? 0)).toBe(changed ? 2 : 0);
      }
      const settled = await cluster.eventually(
        'counters back at 0',
        async () => {
          const now = await counts();
          return now.total === 0 ? now : undefined;
        },
        2 * I,
      );
      expect(settled.stddev).toBeLessThanOrEqual(0.82);
      await expectAtRest(cluster);
    }));

  test('scenario 16: restarted within its grace it is never UNALIVE; led partitions +1, followed ones unchanged', () =>
    withCluster({ timeScale: 0.3 }, async (cluster) => {
      const node = cluster.replica(1);
      const before = await rowsByTable(cluster);
      const statuses = new Set<string | undefined>();
      await cluster.run('kill', 'replica1');
      await cluster.run('start', 'replica1', '--no-wait');
      const expected = before.map((row) => row.ballot + (row.primary === node ? 1 : 0));
      await cluster.eventually(
        'led partitions bumped once',
        async () => {
          statuses.add((await cluster.nodes())[node]);
          const now = (await rowsByTable(cluster)).map((row) => row.ballot);
          return JSON.stringify(now) === JSON.stringify(expected);
        },
        cluster.timing.Y,
      );
      const after = await rowsByTable(cluster);
      expect(after.map(({ primary, replicaCount }) => ({ primary, replicaCount }))).toEqual(
        before.map(({ primary, replicaCount }) => ({ primary, replicaCount })),
      );
      expect([...statuses]).toEqual(['ALIVE']);
      await expectAtRest(cluster);
    }));
});

describe('a spare node', () => {
  // Ten minutes are a minute at this scale, so the delay is set to 40 s: four seconds.
  const SPARE = { args: ['--set', 'meta_server.replica_assign_delay_ms_for_dropouts=40000'] };
  const DELAY = 4000;

  test('scenarios 18 and 35: it takes over only after the delay; a new leader forgets a dead node without replicas', () =>
    withCluster({ ...SPARE, replicas: 4, start: false }, async (cluster) => {
      const { I, S, t } = cluster.timing;
      await cluster.run(...cluster.startWords(), '--no-wait');
      await cluster.allHealthy(2 * I);
      const dead = cluster.replica(1);
      const held = (await rowsByTable(cluster)).filter((row) =>
        [row.primary, ...row.secondaries].includes(dead),
      ).length;
      const since = performance.now();
      await cluster.run('kill', 'replica1');
      await unalive(cluster, dead, since);
      const dropped = performance.now();
      const ill = async () => (await rowsByTable(cluster)).filter((row) => row.replicaCount === '2/3').length;
      await cluster.eventually('its partitions at 2/3', async () => (await ill()) === held, 1000);
      await cluster.allHealthy(DELAY + 2 * I);
      expect(performance.now() - dropped).toBeGreaterThan(DELAY - 200);
      expect((await cluster.nodes())[dead]).toBe('UNALIVE');
      for (const row of await rowsByTable(cluster))
        expect([row.primary, ...row.secondaries]).not.toContain(dead);

      const leader = await cluster.leaderOrFail();
      await cluster.run('kill', cluster.instanceOf(leader));
      await cluster.eventually(
        'a new leader that knows three nodes',
        async () => (await cluster.leader()) !== leader && Object.keys(await cluster.nodes()).length === 3,
        S + t + 1000,
      );
      expect(Object.keys(await cluster.nodes())).not.toContain(dead);
    }));

  test('scenario 19: a new leader starts the delay again', () =>
    withCluster({ ...SPARE, replicas: 4, start: false }, async (cluster) => {
      const { I } = cluster.timing;
      await cluster.run(...cluster.startWords(), '--no-wait');
      await cluster.allHealthy(2 * I);
      const dead = cluster.replica(1);
      const since = performance.now();
      await cluster.run('kill', 'replica1');
      await unalive(cluster, dead, since);
      const [lock] = await cluster.lockNodes();
      const [leader, second] = await cluster.electionOrder();
      await (await cluster.zk()).remove(`${cluster.root}/dsn.meta.server.leader/${lock ?? ''}`);
      await cluster.eventually('a new leader', async () => (await cluster.leader()) === second, 3000);
      expect(leader).not.toBe(second);
      const elected = performance.now();
      await cluster.allHealthy(DELAY + 2 * I);
      expect(performance.now() - elected).toBeGreaterThan(DELAY - 500);
    }));
});
