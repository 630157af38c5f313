import type { ClusterEvent } from '@onebox/cluster';
import { StartReport } from '../src/start-report';

const EVENTS: readonly ClusterEvent[] = [
  { kind: 'notice', line: 'ZooKeeper: local (ZooKeeper 3.8.0)' },
  { kind: 'instance-started', instance: 'meta1' },
  { kind: 'config-warning', message: 'onebox.ini:12: [x] y is not a known key and is ignored' },
  { kind: 'zookeeper-ready', hosts: '127.0.0.1:22181' },
  { kind: 'leader-elected', leader: '127.0.0.1:34602' as never },
  { kind: 'nodes-alive', alive: 1, expected: 3 },
  { kind: 'nodes-alive', alive: 3, expected: 3 },
  { kind: 'tables-healthy', healthy: 0, total: 2 },
  { kind: 'tables-healthy', healthy: 2, total: 2 },
];

function reported(isTTY: boolean): string {
  let text = '';
  const report = new StartReport({ write: (more) => (text += more), isTTY });
  for (const event of EVENTS) report.event(event);
  return text;
}

test('progress is plain lines where nobody watches', () => {
  expect(reported(false)).toBe(
    [
      'ZooKeeper: local (ZooKeeper 3.8.0)',
      'warning: onebox.ini:12: [x] y is not a known key and is ignored',
      'ZooKeeper serves at 127.0.0.1:22181',
      '127.0.0.1:34602 leads the meta servers',
      'replica servers alive: 1 of 3',
      'replica servers alive: 3 of 3',
      'tables healthy: 0 of 2',
      'tables healthy: 2 of 2',
      '',
    ].join('\n'),
  );
});

test('on a terminal a count is updated in place', () => {
  expect(reported(true).split('\n').slice(4)).toEqual([
    'replica servers alive: 1 of 3\r\u001b[2Kreplica servers alive: 3 of 3',
    'tables healthy: 0 of 2\r\u001b[2Ktables healthy: 2 of 2',
    '',
  ]);
});
