import type { ClusterStatus, InstanceStatus } from '@onebox/cluster';
import { statusText, uptimeText } from '../src/status-text';

const META: InstanceStatus = {
  name: 'meta1',
  role: 'meta',
  state: 'running',
  pid: 101,
  address: '127.0.0.1:34601',
  port: 34_601,
  leader: true,
  answering: true,
  uptimeMs: 61_000,
  rssBytes: 60 * 1024 * 1024,
  exitCode: null,
  signal: null,
  asked: false,
  faults: [],
  replicas: null,
  timers: {
    beaconMs: 300,
    checkMs: 200,
    leaseMs: 2000,
    graceMs: 2200,
    guardianIntervalMs: 1000,
    configSyncMs: 3000,
    groupCheckMs: 10_000,
    zookeeperSessionAskedMs: 6000,
    zookeeperSessionMs: 4000,
  },
};
const GONE = {
  pid: null,
  uptimeMs: null,
  rssBytes: null,
  answering: false,
  leader: false,
  timers: null,
} as const;

const DASHBOARD = { pid: null, exitCode: null, signal: null } as const;

const STATUS: ClusterStatus = {
  name: 'onebox',
  directory: '/home/u/.pegasus-onebox/onebox',
  state: 'partly running',
  health: { healthy: false, reason: 'meta2, meta3 do not run' },
  leader: '127.0.0.1:34601',
  metaServers: ['127.0.0.1:34601'],
  functionLevel: 'steady',
  pegasusVersion: 'documented',
  timeScale: 0.1,
  portOffset: 0,
  zookeeper: { provider: 'local', hosts: '127.0.0.1:22181', root: '/pegasus/onebox/127.0.0.1' },
  instances: [
    META,
    { ...META, ...GONE, name: 'meta2', state: 'exited', exitCode: 134, address: '127.0.0.1:34602' },
    { ...META, ...GONE, name: 'meta3', state: 'exited', signal: 'SIGKILL', address: '127.0.0.1:34603' },
    {
      ...META,
      name: 'replica1',
      role: 'replica',
      leader: false,
      address: '127.0.0.1:34801',
      replicas: { total: 12, primary: 4, secondary: 8, learning: 0, inactive: 0, error: 0 },
    },
    {
      ...META,
      ...GONE,
      name: 'replica2',
      role: 'replica',
      state: 'frozen',
      pid: 105,
      address: '127.0.0.1:34802',
    },
  ],
  faults: [],
  dashboard: null,
  dashboardProcess: null,
  tables: [],
};

test.each([{ exitCode: 0 }, { signal: 'SIGTERM' }])(
  'an instance that ended as it was asked to is stopped: %j',
  (exit) => {
    const meta1 = { ...META, ...GONE, state: 'exited', asked: true, ...exit } as const;
    expect(statusText({ ...STATUS, instances: [meta1] })).toContain('meta1     stopped  -    ');
  },
);

test.each([
  [{ exitCode: 0 }, 'exited (0)'],
  [{ signal: 'SIGTERM' }, 'killed (SIGTERM)'],
] as const)(
  'one that ended so without being asked is not: %j is %s, and stopped when nothing runs',
  (exit, text) => {
    const meta1 = { ...META, ...GONE, state: 'exited', ...exit } as const;
    expect(statusText({ ...STATUS, instances: [meta1] })).toContain(`meta1     ${text}  -    `);
    expect(statusText({ ...STATUS, state: 'stopped', instances: [meta1] })).toContain(
      'meta1     stopped  -    ',
    );
  },
);

test('a status for people names every process, how it ended, and the timers in force', () => {
  expect(statusText(STATUS)).toBe(
    [
      "Cluster 'onebox' is unhealthy: meta2, meta3 do not run.",
      '',
      'instance  state             pid  address          role          uptime  memory  replicas',
      'meta1     running           101  127.0.0.1:34601  primary meta  1m 1s   60 MB   -',
      'meta2     exited (134)      -    127.0.0.1:34602  meta          -       -       -',
      'meta3     killed (SIGKILL)  -    127.0.0.1:34603  meta          -       -       -',
      'replica1  running           101  127.0.0.1:34801  replica       1m 1s   60 MB   12 (4 primary, 8 secondary)',
      'replica2  frozen            105  127.0.0.1:34802  replica       -       -       -',
      '',
      'ZooKeeper        local at 127.0.0.1:22181, root /pegasus/onebox/127.0.0.1',
      'Function level   steady',
      'Timers           time scale 0.1, beacon 0.3 s, lease 2 s, grace 2.2 s, guardian 1 s, config-sync 3 s, ZooKeeper session 4 s',
      'State directory  /home/u/.pegasus-onebox/onebox',
      '',
    ].join('\n'),
  );
});

test.each<[Pick<ClusterStatus, 'dashboard' | 'dashboardProcess'>, string]>([
  [
    { dashboard: 'http://127.0.0.1:4711/?token=x', dashboardProcess: { ...DASHBOARD, state: 'running' } },
    'http://127.0.0.1:4711/?token=x',
  ],
  [
    { dashboard: 'http://127.0.0.1:4711/?token=x', dashboardProcess: { ...DASHBOARD, state: 'frozen' } },
    'http://127.0.0.1:4711/?token=x (frozen)',
  ],
  [
    { dashboard: null, dashboardProcess: { ...DASHBOARD, state: 'died', signal: 'SIGKILL' } },
    'died (SIGKILL); `onebox dashboard` starts it again',
  ],
  [
    { dashboard: null, dashboardProcess: { ...DASHBOARD, state: 'died', exitCode: 1 } },
    'died (exit code 1); `onebox dashboard` starts it again',
  ],
  [
    { dashboard: null, dashboardProcess: { ...DASHBOARD, state: 'died' } },
    'died; `onebox dashboard` starts it again',
  ],
])('a status says where the dashboard is, or what became of it: %#', (dashboard, text) => {
  expect(statusText({ ...STATUS, ...dashboard })).toContain(`\nDashboard        ${text}\nState`);
});

test.each([
  [850, '850ms'],
  [42_300, '42s'],
  [60_000, '1m'],
  [192_000, '3m 12s'],
  [18_180_000, '5h 3m'],
  [187_200_000, '2d 4h'],
])('%p ms of uptime are %p', (ms, text) => {
  expect(uptimeText(ms)).toBe(text);
});
