import { obstacleText, obstaclesAmong } from '../../src/faults/in-the-way';
import { listedFault, listedPause } from '../../src/faults/listed-fault';
import type { ListedFault } from '../../src/faults/listed-fault';
import { newCut, newDrop } from '../../src/faults/new-fault';
import { serversOf } from '../../src/topology';
import type { InstanceName } from '../../src/topology';

const record = { metas: 2, replicas: 2, collector: true, portOffset: 0, advertise: 'host' };
const servers = serversOf(record);
const names = servers.map(({ name }) => name);

const cut = (instance: InstanceName, ...from: readonly InstanceName[]): ListedFault =>
  listedFault({ id: 'f1', ...newCut({ record, instance, now: 0 }, from, {}) });
const pause = (instance: InstanceName): ListedFault =>
  listedPause({
    ...{ id: 'f1', instance, process: { pid: 1, startToken: '' } },
    ...{ sinceUnixMs: 0, untilUnixMs: null },
  });
const drop: ListedFault = listedFault({
  ...{ id: 'f1', ...newDrop({ record, instance: 'replica1', now: 0 }, { rpc: 'RPC_PREPARE' }) },
});

test.each([
  [cut('meta1'), ['meta1']],
  [cut('meta1', 'zookeeper', 'meta2'), ['meta1']],
  [cut('meta1', 'meta2'), []],
  [pause('zookeeper'), ['meta1', 'meta2']],
  [pause('meta2'), []],
  [cut('replica1'), ['replica1']],
  [cut('replica1', 'meta1', 'meta2', 'replica2'), ['replica1']],
  [cut('replica1', 'meta1', 'replica2'), []],
  [cut('collector'), []],
  [drop, []],
])('$text stands in the way of %j', (fault, inWhoseWay) => {
  const obstacles = obstaclesAmong([fault], servers, names);
  expect(obstacles.map(({ instance }) => instance)).toEqual(inWhoseWay);
  expect(obstaclesAmong([fault], servers, ['collector'])).toEqual([]);
});

test('the only meta server that is cut off is in the way of every replica server, too', () => {
  const small = serversOf({ ...record, metas: 1 });
  const obstacles = obstaclesAmong([cut('meta1')], small, ['meta1', 'replica1']);
  expect(obstacles.map(obstacleText)).toEqual([
    'f1 stands in the way of meta1: cut meta1 from everybody. `onebox fault clear f1` ends it.',
    'f1 stands in the way of replica1: cut meta1 from everybody. `onebox fault clear f1` ends it.',
  ]);
});
