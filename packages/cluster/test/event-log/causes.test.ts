import { parseNode } from '@onebox/base';
import type { LoggedEvent } from '@onebox/server';
import { causesOf, eventText, explainPartition, History } from '../../src/event-log';
import { changedTo, cutOff, event, REPLICA1, REPLICA2, REPLICA3, REPLICAS } from './told';

const nameOf = (node: string) =>
  REPLICAS.includes(node as never) ? `replica${REPLICAS.indexOf(node as never) + 1}` : node;
const texts = (events: readonly LoggedEvent[]) =>
  events.map((each) => eventText(each, { nameOf, brief: true }));
const why = (of: LoggedEvent, events: readonly LoggedEvent[]) => texts(causesOf(of, new History(events)));

const started = (server: string, pid = 41) =>
  event(server, 'server-started', {
    ...{ pid, role: 'replica', version: '2.6' },
    node: { replica1: REPLICA1, replica2: REPLICA2 }[server] ?? REPLICA3,
  });
const command = (verb: string, instance: string | null) =>
  event('onebox', 'command', {
    verb,
    instance,
    text: `onebox ${verb}${instance === null ? '' : ` ${instance}`}`,
  });
const died = (instance: string) =>
  event('onebox', 'server-died', { instance, pid: null, code: null, signal: 'SIGKILL' });
const dead = (node = REPLICA1) => event('meta1', 'node-dead', { node, silentMs: 2200 });
const proposed = (head: Parameters<typeof event>[3] = {}) =>
  event(
    'meta1',
    'proposal',
    {
      ...{ partition: '2.3', proposal: 'CT_UPGRADE_TO_PRIMARY', target: REPLICA2, node: REPLICA2, ballot: 4 },
      ...{ origin: 'cure' as const, reason: 'it has no primary' },
    },
    head,
  );
const asked = (ballot: number, change: string, node = REPLICA2) =>
  event('replica2', 'update-asked', { partition: '2.3', change, node, ballot, reason: '' });
const removed = () => changedTo({ ballot: 4, change: 'CT_DOWNGRADE_TO_INACTIVE', primary: null });
const promoted = (head: Parameters<typeof event>[3] = {}) =>
  changedTo({ ballot: 5, change: 'CT_UPGRADE_TO_PRIMARY', node: REPLICA2, primary: REPLICA2 }, head);

test('why is this ballot 5? Because somebody killed replica1', () => {
  const events = [
    ...[started('replica1'), started('replica2'), command('kill', 'replica1'), died('replica1'), dead()],
    ...[removed(), proposed(), asked(5, 'CT_UPGRADE_TO_PRIMARY'), promoted()],
  ];
  expect(why(events.at(-1) as LoggedEvent, events)).toEqual([
    '2.3: replica2 asks to become primary, ballot 5',
    '2.3: replica2 is asked to become primary (cure): it has no primary',
    '2.3 ballot 4: replica1 removed',
    'node replica1 is dead (silent for 2.2 s)',
    'replica1 died by SIGKILL',
    '`onebox kill replica1`',
  ]);
});

test('the cause that a server named counts more than what is found', () => {
  const first = dead(REPLICA3);
  const named = changedTo({ ballot: 4 }, { cause: first.id });
  const events = [started('replica1'), first, dead(REPLICA1), named];
  expect(causesOf(named, new History(events))[0]).toBe(first);
});

test('a cause that was rotated away is looked for as if none had been named', () => {
  const last = changedTo({ ballot: 4 }, { cause: 'meta1/gone/7' });
  const node = dead();
  expect(causesOf(last, new History([node, last]))).toEqual([node]);
});

test('what was before a node came back is not why it is dead now', () => {
  const events = [
    ...[started('replica1'), died('replica1'), dead(), started('replica1', 42)],
    event('meta1', 'node-alive', { node: REPLICA1 }),
    dead(),
  ];
  expect(why(events.at(-1) as LoggedEvent, events)).toEqual([]);
});

test('a pause and a fault are reasons as a death is: the latest counts', () => {
  const paused = event('onebox', 'paused', { instance: 'replica1', untilUnixMs: null });
  const fault = { ...cutOff('replica1', 'meta1'), untilUnixMs: null };
  const cut = event('onebox', 'fault-set', fault);
  const enforced = event('replica1', 'fault-set', fault);
  const events = [started('replica1'), command('pause', 'replica1'), paused, dead()];
  expect(why(events.at(-1) as LoggedEvent, events)).toEqual(['replica1 paused', '`onebox pause replica1`']);
  const both = [...events.slice(0, 3), cut, enforced, dead()];
  // Told by the command and by the server: once is enough.
  expect(why(both.at(-1) as LoggedEvent, both)).toEqual(['fault f1: cut replica1 from meta1']);
});

test('what a session has survived is not why it is suspended or expired later', () => {
  const session = { sessionId: 'a' };
  const resumed = event('meta1', 'session-resumed', session);
  const suspended = event('meta1', 'session-suspended', { ...session, reason: 'silence' });
  const zookeeper = event('onebox', 'paused', { instance: 'zookeeper', untilUnixMs: null });
  expect(why(suspended, [zookeeper, resumed, suspended])).toEqual([]);
  expect(why(suspended, [resumed, zookeeper, suspended])).toEqual(['zookeeper paused']);
  const opened = event('meta1', 'session-opened', { ...session, timeoutMs: 4000 });
  const expired = event('meta1', 'session-expired', session);
  expect(why(expired, [command('fault expire-session', 'meta1'), opened, expired])).toEqual([]);
});

test('instances whose start is not told any more are known by their addresses', () => {
  const node = dead();
  const events = [died('replica1'), node];
  expect(causesOf(node, new History(events))).toEqual([]);
  expect(causesOf(node, new History(events, [{ name: 'replica1', node: REPLICA1 }]))).toEqual([events[0]]);
});

test('a session that an operator expired', () => {
  const expired = event('meta1', 'session-expired', { sessionId: 'a' });
  const events = [command('fault expire-session', 'meta1'), command('fault clear', null), expired];
  expect(why(expired, events)).toEqual(['`onebox fault expire-session meta1`']);
});

test('a primary that had lost its lease asks for a new ballot because its leader was paused', () => {
  const leader = parseNode('127.0.0.1:34601');
  const events = [
    event('meta1', 'server-started', { pid: 9, role: 'meta', node: leader, version: '2.6' }),
    ...[started('replica2'), proposed(), promoted()],
    event('replica2', 'meta-found', { meta: leader }),
    ...[command('pause', 'meta1'), event('onebox', 'paused', { instance: 'meta1', untilUnixMs: null })],
    event('replica2', 'meta-lost', { meta: leader, reason: 'no answer' }),
    event('replica2', 'lease-lost', { replicas: 1 }),
    asked(6, 'CT_PRIMARY_FORCE_UPDATE_BALLOT'),
    changedTo({ ballot: 6, change: 'CT_PRIMARY_FORCE_UPDATE_BALLOT', node: REPLICA2 }),
  ];
  expect(why(events.at(-1) as LoggedEvent, events)).toEqual([
    '2.3: replica2 asks to stay primary with a new ballot, ballot 6',
    'replica2 lost its lease: 1 replica inactive',
    'replica2 lost its leader 127.0.0.1:34601: no answer',
    'meta1 paused',
    '`onebox pause meta1`',
  ]);
});

test('an update answers no proposal from before the last change', () => {
  const late = asked(6, 'CT_UPGRADE_TO_PRIMARY');
  expect(why(late, [proposed(), promoted(), late])).toEqual([]);
});

test('a server that was told to end, and one that ended by itself', () => {
  const exits = event('replica1', 'server-exits', { code: 0, reason: 'got signal id: 15' });
  const ended = event('onebox', 'server-died', { instance: 'replica1', pid: 41, code: 0, signal: null });
  const stopped = [started('replica1'), command('stop', null), exits, ended];
  expect(why(ended, stopped)).toEqual([
    'replica1 ends itself with exit code 0: got signal id: 15',
    '`onebox stop`',
  ]);
  expect(why(ended, [command('kill', 'replica1'), started('replica1'), ended])).toEqual([]);
});

test('a new leader: because the one before is gone, not because it queued', () => {
  const [joined, won] = ['meta1', 'meta2'].map((server) => [
    event(server, 'election-joined', { lockNode: '/lock/LOCKNODE1' }),
    event(server, 'election-won', { lockNode: '/lock/LOCKNODE1' }, {}),
  ]) as [LoggedEvent[], LoggedEvent[]];
  const second = { ...(won[1] as LoggedEvent), cause: (won[0] as LoggedEvent).id, monotonicUs: 9e9 };
  const events = [...joined, won[0] as LoggedEvent, command('kill', 'meta1'), died('meta1'), second];
  expect(why(second, events)).toEqual(['meta1 died by SIGKILL', '`onebox kill meta1`']);
  expect(why(joined[1] as LoggedEvent, events)).toEqual([]);
});

const asking = (verb: string, table: string | null, unixMs?: number) =>
  event(
    'onebox',
    'command',
    { verb, instance: null, text: `onebox ${verb}${table === null ? '' : ` ${table}`}`, table },
    unixMs === undefined ? {} : { unixMs },
  );
const TEMP = { appId: 2, name: 'temp' };

test('what the leader was asked for leads to the command that asked, by the table and what was done', () => {
  const created = event('meta1', 'table-created', { ...TEMP, partitionCount: 8, maxReplicaCount: 3 });
  const create = [asking('app create', 'temp'), asking('app create', 'other')];
  expect(why(created, [...create, created])).toEqual(['`onebox app create temp`']);
  const dropped = event('meta1', 'table-dropped', TEMP);
  expect(why(dropped, [...create, dropped])).toEqual([]);
  const recalled = event('meta1', 'table-recalled', TEMP);
  expect(why(recalled, [asking('app recall', '2'), recalled])).toEqual(['`onebox app recall 2`']);
  const renamed = event('meta1', 'table-renamed', { ...TEMP, oldName: 'old' });
  expect(why(renamed, [asking('app rename', 'old'), renamed])).toEqual(['`onebox app rename old`']);
  const changed = event('meta1', 'table-changed', { ...TEMP, what: 'envs: set a=b' });
  const asked = [asking('app env', 'temp'), asking('bulk-load start', 'temp')];
  expect(why(changed, [...asked, changed])).toEqual(['`onebox app env temp`']);
  expect(why(changed, [asking('app env', 'temp', 1000), changed])).toEqual([]);
});

test('a move of the balancer leads to the level that allows it and to who set that, or to the node that came later', () => {
  const to = (level: string) =>
    event('meta1', 'level-changed', { from: 'steady', to: level, reason: `${level} set by request` });
  const planned = event('meta1', 'balance-planned', { kind: 'move_primary', moves: 1 });
  const alive = event('meta1', 'node-alive', { node: REPLICA3 });
  const lively = [asking('level', null), to('lively')];
  expect(why(planned, [alive, ...lively, planned])).toEqual([
    'function level steady became lively: lively set by request',
    '`onebox level`',
  ]);
  expect(why(planned, [...lively, started('replica3'), alive, planned])).toEqual([
    'node replica3 is alive',
    'replica3 started: pid 41, 127.0.0.1:34803',
  ]);
});

test('a fault that ended with its cluster leads to the stop, and its end to no fault of before', () => {
  const fault = cutOff('meta1');
  const set = event('onebox', 'fault-set', { ...fault, untilUnixMs: null });
  const ended = event('onebox', 'fault-ended', { ...fault, how: 'ended with the cluster' });
  expect(why(ended, [set, command('stop', null), ended])).toEqual(['`onebox stop`']);
  // Logs of earlier versions have ids that were given again.
  const [again, healed] = [
    event('onebox', 'fault-set', { ...fault, untilUnixMs: 5000 }),
    event('meta1', 'fault-ended', { ...fault, how: 'healed' }),
  ];
  const events = [set, { ...ended, how: 'cleared' as const }, again, healed];
  expect(causesOf(healed, new History(events))[0]).toBe(again);
});

test('causes that go in a circle end', () => {
  const one = changedTo({ ballot: 4 }, { id: 'meta1/x/one', cause: 'meta1/x/two' });
  const two = changedTo({ ballot: 5 }, { id: 'meta1/x/two', cause: 'meta1/x/one' });
  expect(causesOf(two, new History([one, two]))).toEqual([one]);
});

test('a partition is explained by its own events, with causes for its ballots', () => {
  const other = changedTo({ partition: '2.4', ballot: 9 });
  const events = [started('replica2'), dead(), removed(), other, proposed(), promoted()];
  expect(
    explainPartition(events, '2.3').map(({ event: each, causes }) => [texts([each])[0], causes.length]),
  ).toEqual([
    ['2.3 ballot 4: replica1 removed', 1],
    ['2.3: replica2 is asked to become primary (cure): it has no primary', 0],
    // The promotion names no cause and no server told that it asked for it.
    ['2.3 ballot 5: replica2 became primary', 0],
  ]);
});
