import type { Node } from '@onebox/base';
import { httpGet } from '../support/http-get';
import { eventsOf } from '../support/event-log';
import type { TestCluster } from '../support/test-cluster';
import { ClusterAtRest } from './support/cluster-at-rest';
import { leaseOf } from './support/server-status';
import type { PartitionRow } from '../support/test-cluster';

/** Primaries look at their groups every three seconds of real time, not every ten. */
const OFTEN_CHECKED = { args: ['--no-collector', '--set', 'replication.group_check_interval_ms=30000'] };

const shared = ClusterAtRest.forThisFile(OFTEN_CHECKED);
let cluster: TestCluster;
beforeAll(() => {
  cluster = shared.cluster;
});
const rowsOfAll = () => shared.rowsOfAll();

const members = ({ primary, secondaries }: PartitionRow): readonly string[] => [primary, ...secondaries];

describe('a replica server that is cut off', () => {
  test('from one peer only: both stay ALIVE, and their primaries remove each other by the group check', async () => {
    const [r1, r2, r3] = [1, 2, 3].map((number) => cluster.replica(number)) as [Node, Node, Node];
    const before = await rowsOfAll();
    const sinceUnixMs = Date.now();
    await cluster.run('fault', 'cut', 'replica1', '--from', 'replica2');
    const apart = await cluster.eventually(
      'every partition that one of the two leads at 2/3',
      async () => {
        const rows = await rowsOfAll();
        return rows.every((row) => row.primary === r3 || row.replicaCount === '2/3') ? rows : undefined;
      },
      3000,
    );
    for (const [i, row] of apart.entries()) {
      const was = before[i] as PartitionRow;
      if (was.primary === r3) expect(row).toEqual(was);
      else {
        const lost = was.primary === r1 ? r2 : r1;
        expect(row.ballot).toBe(was.ballot + 1);
        expect(members(row)).toEqual(members(was).filter((member) => member !== lost));
      }
    }
    expect(Object.values(await cluster.nodes())).toEqual(['ALIVE', 'ALIVE', 'ALIVE']);
    expect(eventsOf(cluster, { sinceUnixMs, types: ['node-dead', 'lease-lost'] })).toEqual([]);

    await cluster.run('fault', 'clear');
    await cluster.allHealthy(2 * cluster.timing.I);
    // Asked to add it again at every tick, the primary had one answer when it could be reached: one more ballot.
    for (const [i, row] of (await rowsOfAll()).entries()) {
      const was = before[i] as PartitionRow;
      const cost = was.primary === r3 ? 0 : 2;
      expect(row).toMatchObject({ ballot: was.ballot + cost, primary: was.primary, replicaCount: '3/3' });
    }
  });

  test('from the leader only: it gives up its replicas before the leader gives them to others, and its process lives on', async () => {
    const { G, c, I } = cluster.timing;
    const node = cluster.replica(1);
    const before = await rowsOfAll();
    const leader = cluster.instanceOf(await cluster.leaderOrFail());
    const sinceUnixMs = Date.now();
    await cluster.run('fault', 'cut', 'replica1', '--from', 'leader');
    await cluster.eventually('UNALIVE', async () => (await cluster.nodes())[node] === 'UNALIVE', G + c);
    const failedOver = await cluster.eventually(
      'every partition led again at 2/3',
      async () => {
        const rows = await rowsOfAll();
        return rows.every((row) => row.primary !== '-' && row.replicaCount === '2/3') ? rows : undefined;
      },
      1000,
    );
    for (const [i, row] of failedOver.entries()) {
      const was = before[i] as PartitionRow;
      expect(row.ballot).toBe(was.ballot + (was.primary === node ? 2 : 1));
      expect(members(row)).not.toContain(node);
    }
    // Lease before grace (reference/cluster-behaviour.md 3.2, 3.3): at no moment did two servers believe to lead a partition.
    const told = eventsOf(cluster, { sinceUnixMs, types: ['lease-lost', 'node-dead'] });
    expect(told.map(({ type, server }) => ({ type, server }))).toEqual([
      { type: 'lease-lost', server: 'replica1' },
      { type: 'node-dead', server: leader },
    ]);
    expect(await leaseOf(cluster, 'replica1')).toBe('disconnected');
    expect((await httpGet(node, '/version')).status).toBe(200);

    await cluster.run('fault', 'clear');
    await cluster.allHealthy(I + 2000);
    for (const [i, row] of (await rowsOfAll()).entries()) {
      const was = before[i] as PartitionRow;
      expect(row).toMatchObject({
        ballot: was.ballot + (was.primary === node ? 3 : 2),
        replicaCount: '3/3',
      });
      expect(row.secondaries.at(-1)).toBe(node);
    }
  });
});
