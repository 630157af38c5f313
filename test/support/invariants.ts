import { join } from 'node:path';
import { parseNode } from '@onebox/base';
import type { Node } from '@onebox/base';
import { CONTROL_SOCKET, askControl } from '@onebox/server';
import type { LoggedEvent, ServerStatus } from '@onebox/server';
import { eventsOf } from './event-log';
import { httpGet } from './http-get';
import { lockNumber, toldContradictions } from './told-contradictions';
import type { PartitionRow, PartitionZnode, TestCluster } from './test-cluster';

interface TableRow {
  readonly app_id: string;
  readonly app_name: string;
  readonly partition_count: string;
}

/** A table's znode, as far as it is looked at here. */
interface TableZnode {
  readonly status: string;
  readonly app_name: string;
  readonly app_id: number;
  readonly partition_count: number;
}

/** A standby that has just joined learns of the leader in a moment. */
const REDIRECTS_WITHIN_MS = 1000;

/** The tables that can be used, by id. */
async function shownTables(cluster: TestCluster): Promise<ReadonlyMap<number, TableRow>> {
  const { general_info: tables } = await cluster.json<{ general_info: Record<string, TableRow> }>(
    '/meta/apps',
  );
  return new Map(Object.values(tables).map((row) => [Number(row.app_id), row]));
}

/** Every partition of every table, as the leader shows it. */
async function shownRows(cluster: TestCluster): Promise<readonly (readonly PartitionRow[])[]> {
  const tables = await shownTables(cluster);
  return Promise.all([...tables.values()].map(({ app_name: name }) => cluster.partitions(name)));
}

/**
 * Waits until nothing changes any more: a healthy cluster may still be writing, such as the ballots that primaries force
 * after they lost their lease (reference/cluster-behaviour.md 4.6). A config-sync is what the last of these wait for.
 */
async function atRest(cluster: TestCluster): Promise<void> {
  let last = '';
  let since = performance.now();
  await cluster.eventually(
    'no change of any partition for half a config-sync interval',
    async () => {
      const now = JSON.stringify(await shownRows(cluster));
      if (now !== last) since = performance.now();
      last = now;
      return performance.now() - since > cluster.timing.Y / 2;
    },
    4 * cluster.timing.Y,
  );
}

/** Scenario 42: what holds at any time when the cluster is at rest. */
export async function expectAtRest(cluster: TestCluster): Promise<void> {
  await atRest(cluster);
  const events = eventsOf(cluster);
  const rows = await expectAsStored(cluster, events);
  expect(toldContradictions(events)).toEqual([]);
  await expectCounted(cluster, rows);
  await expectServed(cluster, rows);
  await expectOneOwner(cluster, events);
}

/** Tables and partitions are in ZooKeeper as the leader shows them. @returns the partitions of all tables that can be used */
async function expectAsStored(
  cluster: TestCluster,
  events: readonly LoggedEvent[],
): Promise<readonly PartitionRow[]> {
  const shown = await shownTables(cluster);
  const ids = (await (await cluster.zk()).children(`${cluster.root}/apps`)).map(Number);
  expect(ids).toEqual(expect.arrayContaining([...shown.keys()]));
  const all: PartitionRow[] = [];
  for (const id of ids) {
    const { value: table } = await cluster.znode<TableZnode>(`/apps/${id}`);
    const znodes = await cluster.partitionZnodes(id);
    const row = shown.get(id);
    expect(table).toMatchObject({ app_id: id, partition_count: znodes.length });
    expect(table.status).toBe(`app_status::${row === undefined ? 'AS_DROPPED' : 'AS_AVAILABLE'}`);
    if (row === undefined) expectDropped(znodes.map(({ value }) => value));
    else {
      expect(row).toMatchObject({
        app_name: table.app_name,
        partition_count: String(table.partition_count),
      });
      const rows = await cluster.partitions(row.app_name);
      expect(rows).toEqual(znodes.map(({ value }) => asShown(value)));
      all.push(...rows);
    }
    // Every change is one write and one ballot (4.1); only a recall writes and leaves the ballot.
    const recalled = wasRecalled(id, row !== undefined, events);
    for (const { value, version } of znodes) {
      const { pid, ballot } = value;
      if (recalled) expect(version).toBeGreaterThanOrEqual(ballot);
      else expect({ pid, version }).toEqual({ pid, version: ballot });
    }
    expectNotLower(
      cluster,
      znodes.map(({ value }) => value),
    );
  }
  return all;
}

function asShown(value: PartitionZnode): PartitionRow {
  const isLed = value.hp_primary !== 'invalid host_port';
  return {
    index: Number(value.pid.split('.')[1]),
    ballot: value.ballot,
    replicaCount: `${(isLed ? 1 : 0) + value.hp_secondaries.length}/${value.max_replica_count}`,
    primary: isLed ? value.hp_primary : '-',
    secondaries: value.hp_secondaries,
  };
}

/** A dropped table's partitions have no members (7.3). */
function expectDropped(partitions: readonly PartitionZnode[]): void {
  for (const { pid, hp_primary, hp_secondaries, partition_flags } of partitions) {
    expect({ pid, hp_primary, hp_secondaries, partition_flags }).toEqual({
      ...{ pid, hp_primary: 'invalid host_port' },
      ...{ hp_secondaries: [], partition_flags: 1 },
    });
  }
}

/** Told so, or dropped once and here again: a leader may be killed before it tells. */
function wasRecalled(id: number, isAvailable: boolean, events: readonly LoggedEvent[]): boolean {
  return events.some((event) => {
    if (event.type === 'table-recalled') return event.appId === id;
    if (!isAvailable) return false;
    if (event.type === 'table-dropped') return event.appId === id;
    return (
      event.type === 'state-snapshot' &&
      event.tables.some(({ appId, status }) => appId === id && status === 'AS_DROPPED')
    );
  });
}

/** The highest ballot seen of each partition, of every cluster that was looked at in this file. */
const seenBallots = new WeakMap<TestCluster, Map<string, number>>();

function expectNotLower(cluster: TestCluster, partitions: readonly PartitionZnode[]): void {
  const seen = seenBallots.get(cluster) ?? new Map<string, number>();
  seenBallots.set(cluster, seen);
  for (const { pid, ballot } of partitions) {
    expect(ballot).toBeGreaterThanOrEqual(seen.get(pid) ?? 0);
    seen.set(pid, ballot);
  }
}

/** Each node has the replicas that partitions say it has, and so has the sum. */
async function expectCounted(cluster: TestCluster, rows: readonly PartitionRow[]): Promise<void> {
  interface NodeRow {
    readonly replica_count: string;
    readonly primary_count: string;
    readonly secondary_count: string;
  }
  const { details } = await cluster.json<{ details: Record<string, NodeRow> }>('/meta/nodes?detail');
  for (const [node, row] of Object.entries(details)) {
    const led = rows.filter(({ primary }) => primary === node).length;
    const followed = rows.filter(({ secondaries }) => secondaries.includes(node)).length;
    expect({ node, ...row }).toMatchObject({
      ...{ node, replica_count: String(led + followed) },
      ...{ primary_count: String(led), secondary_count: String(followed) },
    });
  }
  const counted = Object.values(details).reduce((sum, row) => sum + Number(row.replica_count), 0);
  expect(counted).toBe(rows.reduce((sum, row) => sum + Number(row.replicaCount.split('/')[0]), 0));
}

/**
 * Beyond the scenario: replica servers that are ALIVE lead and follow, in their own minds, what the leader says. Frozen, they may wait for
 * an answer for ever (5).
 */
async function expectServed(cluster: TestCluster, rows: readonly PartitionRow[]): Promise<void> {
  if ((await cluster.level()) === 'freezed') return;
  for (const [node, status] of Object.entries(await cluster.nodes())) {
    if (status !== 'ALIVE') continue;
    const instance = cluster.instanceOf(parseNode(node));
    const due = {
      primary: rows.filter(({ primary }) => primary === node).length,
      secondary: rows.filter(({ secondaries }) => secondaries.includes(node)).length,
    };
    await cluster.eventually(
      `${instance} with ${due.primary} primaries and ${due.secondary} secondaries`,
      async () => {
        const { primary, secondary } = await servedBy(cluster, instance);
        return primary === due.primary && secondary === due.secondary;
      },
      cluster.timing.Y,
    );
  }
}

async function servedBy(
  cluster: TestCluster,
  instance: string,
): Promise<{ readonly primary: number; readonly secondary: number }> {
  const socket = join(cluster.directory, instance, CONTROL_SOCKET);
  const { facts } = (await askControl(socket, { command: 'status' }, { withinMs: 3000 })) as ServerStatus;
  return facts['replicas'] as { readonly primary: number; readonly secondary: number };
}

/** The lock has one owner, who leads; it is the last who told that it won; whoever else answers sends everybody to it. */
async function expectOneOwner(cluster: TestCluster, events: readonly LoggedEvent[]): Promise<void> {
  const [owner] = await cluster.electionOrder();
  const leader = await cluster.leaderOrFail();
  expect(owner).toBe(leader);
  const [lockNode = ''] = await cluster.lockNodes();
  const won = events.filter((event) => event.type === 'election-won');
  const last = won.reduce((a, b) => (lockNumber(a.lockNode) > lockNumber(b.lockNode) ? a : b));
  expect({ server: last.server, lock: lockNumber(last.lockNode) }).toEqual({
    server: cluster.instanceOf(leader),
    lock: lockNumber(lockNode),
  });
  for (const meta of cluster.metas) {
    if (meta === leader || cluster.outOfReach.has(meta)) continue;
    await cluster.eventually(
      `${meta} to redirect to ${leader}, or not to answer`,
      () => redirectsOrIsSilent(meta, leader),
      REDIRECTS_WITHIN_MS,
    );
  }
}

async function redirectsOrIsSilent(meta: Node, leader: Node): Promise<boolean> {
  const answer = await httpGet(meta, '/meta/cluster').catch(() => undefined);
  return answer === undefined || answer.location === `http://${leader}/meta/cluster`;
}
