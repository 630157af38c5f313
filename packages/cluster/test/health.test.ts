import { describeLacking, lackingPartitions, ranges } from '../src/health/health';
import type { Node } from '@onebox/base';
import type { ListedPartition } from '../src/admin';
import { judge } from '../src/status/read-status';
import type { InstanceStatus } from '../src/status/cluster-status';

const node = '127.0.0.1:34801' as Node;
const partition = (index: number, present: number, max = 3): ListedPartition => ({
  index,
  ballot: present,
  maxReplicaCount: max,
  primary: present > 0 ? node : undefined,
  secondaries: Array.from({ length: Math.max(0, present - 1) }, () => node),
});

test('a partition wants its max replica count, but no more replicas than there are replica servers', () => {
  const partitions = [partition(0, 2), partition(1, 3), partition(2, 1)];
  const indices = (servers: number) =>
    lackingPartitions('temp', partitions, servers).map(({ index }) => index);
  expect([indices(3), indices(2), indices(1)]).toEqual([[0, 2], [2], []]);
  expect(lackingPartitions('temp', [partition(0, 0)], 0)).toEqual([]);
  expect(lackingPartitions('temp', [partition(0, 2, 2)], 3)).toEqual([]);
});

test('what is lacking is said by table and kind', () => {
  const lacking = [
    ...lackingPartitions('stat', [partition(0, 2)], 3),
    ...lackingPartitions(
      'temp',
      [0, 1, 2, 5].map((index) => partition(index, 0)),
      3,
    ),
    ...lackingPartitions('temp', [partition(6, 2), partition(7, 2)], 3),
  ];
  expect(describeLacking(lacking)).toBe(
    'stat: partition 0 has 2 of 3 replicas; temp: partitions 0-2,5 have no primary; temp: partitions 6-7 have 2 of 3 replicas',
  );
  expect(describeLacking([])).toBe('');
});

test('ranges join neighbours', () => {
  expect([[], [4], [0, 1, 2], [0, 2, 3, 7]].map(ranges)).toEqual(['', '4', '0-2', '0,2-3,7']);
});

const instance = (
  name: 'meta1' | 'replica1' | 'zookeeper',
  state: InstanceStatus['state'],
): InstanceStatus => ({
  name,
  role: 'meta',
  state,
  pid: null,
  address: '',
  port: null,
  leader: false,
  answering: state === 'running',
  uptimeMs: null,
  rssBytes: null,
  exitCode: null,
  asked: false,
  signal: null,
  faults: [],
  replicas: null,
  timers: null,
});

test('a cluster is judged from the ground up', () => {
  const servers = [instance('meta1', 'running'), instance('replica1', 'running')];
  const zookeeper = instance('zookeeper', 'running');
  expect(judge(servers, zookeeper, 'm', [], '')).toEqual({
    healthy: true,
    reason: 'all 0 partitions of 0 tables have every replica they can have',
  });
  const reason = (...args: Parameters<typeof judge>) => judge(...args).reason;
  expect(reason([instance('meta1', 'exited')], zookeeper, undefined, undefined, '')).toBe('it does not run');
  expect(reason(servers, instance('zookeeper', 'stopped'), 'm', [], '')).toBe('ZooKeeper does not serve');
  expect(judge(servers, instance('zookeeper', 'external'), 'm', [], '').healthy).toBe(true);
  expect(
    reason(
      [servers[0], instance('replica1', 'frozen')].flatMap((each) => each ?? []),
      zookeeper,
      undefined,
      undefined,
      '',
    ),
  ).toBe('replica1 is frozen; no meta server leads');
  expect(reason(servers, zookeeper, 'm', undefined, '')).toBe('the leader is still loading');
  expect(reason(servers, zookeeper, 'm', [], 'temp: partition 0 has no primary')).toBe(
    'temp: partition 0 has no primary',
  );
});
