import type { DashboardState, PartitionEntry, ServerEntry, TableEntry } from '../src/model';

const AT = 1_790_000_000_000;

/** A cluster as the dashboard shows it: three metas, three replica servers of which one was killed, a table that lacks it. */
export function sampleState(): DashboardState {
  const servers = [
    meta(1, { leader: true, lockNode: 'LOCKNODE0000000000' }),
    meta(2, { lockNode: 'LOCKNODE0000000001' }),
    meta(3, { lockNode: 'LOCKNODE0000000002', faults: ['f1'] }),
    replica(1, {
      state: 'exited',
      answering: false,
      alive: false,
      pid: null,
      rssBytes: null,
      startedAt: null,
      replicas: null,
      signal: 'SIGKILL',
    }),
    replica(2, {}),
    replica(3, { restarts: 2 }),
    server('collector', 'collector', 34_101, {}),
    server('zookeeper', 'zookeeper', 22_181, { url: null, restarts: null }),
  ];
  return {
    cluster: {
      name: 'onebox',
      directory: '/home/somebody/.pegasus-onebox/onebox',
      state: 'partly running',
      healthy: false,
      reason: 'replica1 does not run; temp: partitions 0-7 have 2 of 3 replicas',
      leader: 'meta1',
      functionLevel: 'steady',
      pegasusVersion: '2.6.0-SNAPSHOT',
      timeScale: 0.1,
      at: AT,
    },
    zookeeper: {
      provider: 'embedded',
      hosts: '127.0.0.1:22181',
      root: '/pegasus/onebox/127.0.0.1',
      electionOrder: ['meta1', 'meta2', 'meta3'],
    },
    servers: Object.fromEntries(servers.map((each) => [each.name, each])),
    nodes: [1, 2, 3].map((i) => ({ node: `127.0.0.1:${34_800 + i}`, instance: `replica${i}` })),
    tables: {
      1: table(1, '__detect', partitions(4, 3)),
      2: table(2, 'temp', [
        [5, 1, [2], [0]],
        [4, 2, [1], []],
        ...partitions(6, 4).map(([ballot]): PartitionEntry => [ballot, 1, [2], []]),
      ]),
    },
    faults: {
      f1: {
        id: 'f1',
        kind: 'cut',
        instance: 'meta3',
        text: 'meta3 is cut off from zookeeper',
        since: AT - 5000,
        until: AT + 5000,
        clear: 'onebox fault clear f1',
      },
    },
    events: [
      {
        id: 'onebox/1/1',
        unixMs: AT - 3000,
        server: 'onebox',
        type: 'command',
        text: 'kill replica1',
        partition: null,
        cause: null,
      },
      {
        id: 'meta1/1/1',
        unixMs: AT - 1000,
        server: 'meta1',
        type: 'node-dead',
        text: '127.0.0.1:34801 is dead: silent for 2.2 s',
        partition: null,
        cause: null,
      },
      {
        id: 'meta1/1/2',
        unixMs: AT - 990,
        server: 'meta1',
        type: 'configuration-changed',
        text: '2.0 has ballot 5: primary 127.0.0.1:34802, secondaries 127.0.0.1:34803',
        partition: '2.0',
        cause: 'meta1/1/1',
      },
    ],
    eventsStale: null,
  };
}

/** The sample with so many healthy tables instead of its own. */
export function largeState(tables: number, partitionCount: number): DashboardState {
  const entries = Array.from({ length: tables }, (_, i) => {
    return table(i + 1, `table_${String(i + 1).padStart(4, '0')}`, partitions(partitionCount, 3));
  });
  return { ...sampleState(), tables: Object.fromEntries(entries.map((each) => [each.appId, each])) };
}

/** Healthy partitions of three replicas, their primaries one after another on the three nodes. */
function partitions(count: number, ballot: number): PartitionEntry[] {
  return Array.from({ length: count }, (_, i) => [ballot, i % 3, [(i + 1) % 3, (i + 2) % 3], []]);
}

function table(appId: number, name: string, entries: readonly PartitionEntry[]): TableEntry {
  const replicas = entries.map(([, primary, secondaries]) => (primary < 0 ? 0 : 1) + secondaries.length);
  const fullyHealthy = replicas.filter((count) => count >= 3).length;
  return {
    appId,
    name,
    status: 'AVAILABLE',
    partitionCount: entries.length,
    replicaCount: 3,
    fullyHealthy,
    unhealthy: entries.length - fullyHealthy,
    writeUnhealthy: replicas.filter((count) => count < 2).length,
    readUnhealthy: entries.filter(([, primary]) => primary < 0).length,
    partitions: entries,
  };
}

function meta(i: number, { lockNode, ...rest }: Partial<ServerEntry> & { lockNode: string }): ServerEntry {
  const session = { id: `0x10000${i}`, state: 'connected', timeoutMs: 2000, lockNode };
  return server(`meta${i}`, 'meta', 34_600 + i, { session, ...rest });
}

function replica(i: number, rest: Partial<ServerEntry>): ServerEntry {
  const replicas = { primary: 4, secondary: 8, total: 12 };
  return server(`replica${i}`, 'replica', 34_800 + i, { replicas, alive: true, ...rest });
}

function server(
  name: string,
  role: ServerEntry['role'],
  port: number,
  rest: Partial<ServerEntry>,
): ServerEntry {
  return {
    name,
    role,
    state: 'running',
    answering: true,
    leader: false,
    alive: null,
    pid: port - 30_000,
    address: `127.0.0.1:${port}`,
    port,
    url: `http://127.0.0.1:${port}/`,
    session: null,
    restarts: 0,
    rssBytes: 62 * 1024 * 1024,
    startedAt: AT - 60_000,
    exitCode: null,
    asked: false,
    signal: null,
    replicas: null,
    faults: [],
    ...rest,
  };
}
