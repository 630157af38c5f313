import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseNode } from '@onebox/base';
import type { EventFacts, EventType } from '@onebox/server';
import { EVENT_TYPES, eventText } from '../../src/event-log';
import { configuration, cutOff, event, REPLICA1, REPLICA2 } from './told';

const META = parseNode('127.0.0.1:34601');
const SESSION = { sessionId: '0a1b' };
const TABLE = { appId: 2, name: 'temp' };

/** An example of every type, and its words. */
const EXAMPLES: { readonly [T in EventType]: readonly [facts: EventFacts[T], text: string] } = {
  'server-started': [
    { pid: 41, role: 'meta', node: META, version: '2.6' },
    'meta1 started: pid 41, 127.0.0.1:34601',
  ],
  'server-exits': [{ code: 1, reason: 'no disk\n at x' }, 'meta1 ends itself with exit code 1: no disk at x'],
  'server-died': [
    { instance: 'replica1', pid: 7, code: null, signal: 'SIGKILL' },
    'replica1 died by SIGKILL (pid 7)',
  ],
  command: [{ verb: 'kill', instance: 'replica1', text: 'onebox kill replica1' }, '`onebox kill replica1`'],
  paused: [{ instance: 'replica1', untilUnixMs: null }, 'replica1 paused'],
  resumed: [{ instance: 'replica1' }, 'replica1 resumed'],
  'fault-set': [{ ...cutOff('meta1'), untilUnixMs: null }, 'fault f1: cut meta1 from everybody'],
  'fault-ended': [{ ...cutOff('meta1'), how: 'healed' }, 'fault f1 healed: cut meta1 from everybody'],
  'session-opened': [{ ...SESSION, timeoutMs: 4000 }, 'meta1 opened ZooKeeper session 0a1b (time-out 4 s)'],
  'session-suspended': [
    { ...SESSION, reason: 'silence' },
    "meta1's ZooKeeper session 0a1b is suspended: silence",
  ],
  'session-resumed': [SESSION, "meta1's ZooKeeper session 0a1b goes on"],
  'session-expired': [SESSION, "meta1's ZooKeeper session 0a1b expired"],
  'election-joined': [{ lockNode: '/lock/LOCKNODE7' }, 'meta1 queues for the lock as LOCKNODE7'],
  'election-won': [{ lockNode: '/lock/LOCKNODE7' }, 'meta1 won the election with LOCKNODE7 and leads'],
  'election-lost': [{ reason: 'its session expired' }, 'meta1 is out of the election: its session expired'],
  'leader-seen': [{ leader: null }, 'meta1 sees no leader'],
  'state-snapshot': [
    {
      ...{ why: 'elected', lockNode: '/lock/LOCKNODE7', level: 'steady' },
      tables: [{ ...TABLE, status: 'AS_AVAILABLE', partitions: [configuration()] }],
    },
    'meta1 read its state from ZooKeeper: 1 table, 1 partition, level steady',
  ],
  'node-alive': [{ node: REPLICA1 }, 'node replica1 is alive'],
  'node-dead': [{ node: REPLICA1, silentMs: 22_000 }, 'node replica1 is dead (silent for 2.2 s)'],
  'level-changed': [
    { from: 'steady', to: 'freezed', reason: 'half of the nodes are dead' },
    'function level steady became freezed: half of the nodes are dead',
  ],
  'table-created': [
    { ...TABLE, partitionCount: 8, maxReplicaCount: 1 },
    "table 'temp' (2) created: 8 partitions, 1 replica each",
  ],
  'table-dropped': [TABLE, "table 'temp' (2) dropped"],
  'table-recalled': [TABLE, "table 'temp' (2) recalled"],
  'table-renamed': [{ ...TABLE, oldName: 'old' }, "table 'old' (2) renamed to 'temp'"],
  'table-changed': [{ ...TABLE, what: 'envs: set a=b' }, "table 'temp' (2): envs: set a=b"],
  proposal: [
    {
      ...{ partition: '2.3', proposal: 'CT_ADD_SECONDARY', target: REPLICA1, node: REPLICA2, ballot: 3 },
      ...{ origin: 'cure', reason: `${REPLICA2} has least` },
    },
    '2.3: replica1 is asked to add replica2 as secondary (cure): replica2 has least',
  ],
  'configuration-changed': [
    {
      ...configuration({ secondaries: [REPLICA2] }),
      ...{ change: 'CT_UPGRADE_TO_SECONDARY', node: REPLICA2, reason: '' },
    },
    '2.3 ballot 3: replica2 became secondary [primary replica1, secondaries replica2]',
  ],
  'balance-planned': [{ kind: 'move_primary', moves: 2 }, 'balancer plans 2 moves: move_primary'],
  'meta-lost': [{ meta: META, reason: 'no answer' }, 'meta1 lost its leader 127.0.0.1:34601: no answer'],
  'meta-found': [{ meta: META }, 'meta1 found its leader 127.0.0.1:34601'],
  'lease-lost': [{ replicas: 3 }, 'meta1 lost its lease: 3 replicas inactive'],
  'replica-status': [
    { partition: '2.3', from: 'PS_POTENTIAL_SECONDARY', to: 'PS_SECONDARY', ballot: 3 },
    "2.3: meta1's replica was potential secondary and is secondary (ballot 3)",
  ],
  'learning-started': [
    { partition: '2.3', primary: REPLICA1, ballot: 3 },
    '2.3: meta1 begins to learn from replica1',
  ],
  'learning-ended': [{ partition: '2.3', outcome: 'it has all' }, '2.3: meta1 ended learning: it has all'],
  'update-asked': [
    { partition: '2.3', change: 'CT_REMOVE', node: REPLICA2, ballot: 4, reason: 'no lease' },
    '2.3: meta1 asks to remove replica2, ballot 4: no lease',
  ],
};

const NAMES = new Map<string, string>([
  [REPLICA1, 'replica1'],
  [REPLICA2, 'replica2'],
]);
const words = { nameOf: (node: string) => NAMES.get(node) ?? node, timeScale: 0.1 };

test.each(EVENT_TYPES)('%s is one line of words', (type) => {
  const [facts, text] = EXAMPLES[type];
  expect(eventText(event('meta1', type, facts), words)).toBe(text);
});

test('only a partition that was never led has a first primary', () => {
  const [facts] = EXAMPLES['configuration-changed'];
  const [step] = EXAMPLES.proposal;
  const own = { node: REPLICA1, target: REPLICA1, reason: '' };
  const assigned = (ballot: number) => [
    eventText(
      event('meta1', 'configuration-changed', {
        ...{ ...facts, ...own },
        ...{ change: 'CT_ASSIGN_PRIMARY', ballot },
      }),
      { ...words, brief: true },
    ),
    eventText(
      event('meta1', 'proposal', {
        ...{ ...step, ...own },
        ...{ proposal: 'CT_ASSIGN_PRIMARY', ballot: ballot - 1 },
      }),
      words,
    ),
  ];
  expect(assigned(1)).toEqual([
    '2.3 ballot 1: replica1 became the first primary',
    '2.3: replica1 is asked to become the first primary (cure)',
  ]);
  expect(assigned(7)).toEqual([
    '2.3 ballot 7: replica1 became primary',
    '2.3: replica1 is asked to become primary (cure)',
  ]);
});

test('a replica that asked for something is inactive until it is answered, and says so', () => {
  const became = (from: string, to: string, answer: 'awaited' | 'received') =>
    eventText(event('replica1', 'replica-status', { partition: '2.3', from, to, ballot: 3, answer }), words);
  expect(became('PS_PRIMARY', 'PS_INACTIVE', 'awaited')).toBe(
    "2.3: replica1's replica was primary and waits, inactive, for the leader's answer (ballot 3)",
  );
  expect(became('PS_INACTIVE', 'PS_PRIMARY', 'received')).toBe(
    "2.3: replica1's replica has the leader's answer and is primary (ballot 3)",
  );
});

test('docs/events.md has every type', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/events.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([a-z-]+)`/g)].map(([, type]) => type),
  );
  expect(named.sort()).toEqual([...EVENT_TYPES].sort());
});

test('a type of a later version is shown with its facts', () => {
  const later = event('meta1', 'moon-rose' as EventType, { phase: 'full' } as never);
  expect(eventText(later)).toBe('moon-rose {"phase":"full"}');
});

test('a configuration can be left out, a pause and a fault say how long they last', () => {
  const [facts] = EXAMPLES['configuration-changed'];
  const changed = event('meta1', 'configuration-changed', facts);
  expect(eventText(changed, { ...words, brief: true })).toBe('2.3 ballot 3: replica2 became secondary');
  const paused = event('onebox', 'paused', { instance: 'replica1', untilUnixMs: 5000 }, { unixMs: 3500 });
  expect(eventText(paused)).toBe('replica1 paused for 1.5 s');
});
