import { parseNode } from '@onebox/base';
import type { LoggedEvent, LoggedFault } from '@onebox/server';
import { causesOf, eventText, History } from '../../src/event-log';
import { cutOff, event, lostAt, REPLICA1, REPLICA2 } from './told';

// Only what stood between a node and its leader is why the one counts the other dead.

const [META1, META2] = [1, 2].map((number) => parseNode(`127.0.0.1:3460${number}`)) as [
  typeof REPLICA1,
  typeof REPLICA1,
];
const NAMES = new Map([
  [META1, 'meta1'],
  [META2, 'meta2'],
  [REPLICA1, 'replica1'],
  [REPLICA2, 'replica2'],
]);
const servers = [...NAMES].map(([node, name]) => ({ node, name: name as 'meta1' }));
const why = (events: readonly LoggedEvent[]) =>
  causesOf(events.at(-1) as LoggedEvent, new History(events, servers)).map((each) =>
    eventText(each, { nameOf: (node) => NAMES.get(node) ?? node, brief: true }),
  );
const set = (fault: LoggedFault) => event('onebox', 'fault-set', { ...fault, untilUnixMs: null });
const dead = () => event('meta1', 'node-dead', { node: REPLICA1, silentMs: 22_000 });

const BEACON = 'RPC_FD_FAILURE_DETECTOR_PING';

test.each([
  cutOff('replica1'),
  cutOff('replica1', 'replica2', 'meta1'),
  cutOff('meta1'),
  cutOff('meta1', 'replica1'),
  lostAt('replica1', BEACON),
  lostAt('meta1', BEACON),
])('$text is why meta1 counts replica1 dead', (fault) => {
  expect(why([set(fault), dead()])).toEqual([`fault f1: ${fault.text}`]);
});

test.each([
  lostAt('replica1', 'RPC_PREPARE'),
  lostAt('replica2', BEACON),
  cutOff('replica1', 'replica2'),
  cutOff('replica2', 'replica1', 'replica3'),
  cutOff('meta1', 'zookeeper'),
  cutOff('replica11'),
])('$text is not', (fault) => {
  expect(why([set(fault), dead()])).toEqual([]);
});

describe('a leader that is cut off from ZooKeeper only', () => {
  const won = (server: string) => event(server, 'election-won', { lockNode: '/lock/1' });
  const found = (meta: typeof META1) => event('replica1', 'meta-found', { meta });
  const command = (verb: string) =>
    event('onebox', 'command', { verb, instance: null, text: `onebox ${verb}` });
  const elections = () => [
    ...[won('meta1'), found(META1), event('meta1', 'node-alive', { node: REPLICA1 })],
    ...[set(cutOff('meta1', 'zookeeper')), won('meta2')],
  ];
  const deadThere = () => event('meta2', 'node-dead', { node: REPLICA1, silentMs: 22_000 });

  test('keeps its nodes, which the new one counts dead: because of its election, and that because of the cut', () => {
    expect(why([...elections(), deadThere()])).toEqual([
      'meta2 won the election with 1 and leads',
      'fault f1: cut meta1 from zookeeper',
    ]);
    expect(why([...elections(), found(META2), deadThere()])).toEqual([]);
  });

  test('loses them when it is heard by ZooKeeper again: that is why they are alive for the new one', () => {
    const cleared = event('onebox', 'fault-ended', {
      ...{ ...cutOff('meta1', 'zookeeper'), how: 'cleared' },
    });
    const opened = event('meta1', 'session-opened', { sessionId: 'a', timeoutMs: 4000 });
    expect(
      why([
        ...[opened, ...elections(), deadThere(), command('fault clear'), cleared],
        event('meta1', 'session-expired', { sessionId: 'a' }),
        event('meta1', 'server-exits', { code: 1, reason: 'its session expired' }),
        event('replica1', 'meta-lost', { meta: META1, reason: 'closed' }),
        event('meta2', 'node-alive', { node: REPLICA1 }),
      ]),
    ).toEqual([
      'replica1 lost its leader meta1: closed',
      'meta1 ends itself with exit code 1: its session expired',
      "meta1's ZooKeeper session a expired",
      'fault f1 cleared: cut meta1 from zookeeper',
      'fault f1: cut meta1 from zookeeper',
    ]);
  });
});

test('a promotion follows from the loss of the primary, not from a node that came later', () => {
  const lost = event('meta1', 'configuration-changed', {
    ...{ partition: '2.3', ballot: 4, maxReplicaCount: 3, primary: null, secondaries: [REPLICA2] },
    ...{ lastDrops: [REPLICA1], lastCommittedDecree: 0, flags: 0, change: 'CT_DOWNGRADE_TO_INACTIVE' },
    ...{ node: REPLICA1, reason: '' },
  });
  const promotion = event('meta1', 'proposal', {
    ...{ partition: '2.3', proposal: 'CT_UPGRADE_TO_PRIMARY', target: REPLICA2, node: REPLICA2, ballot: 4 },
    ...{ origin: 'cure', reason: '' },
  });
  const events = [lost, event('meta1', 'node-alive', { node: REPLICA2 }), promotion];
  expect(causesOf(promotion, new History(events, servers))[0]).toBe(lost);
});
