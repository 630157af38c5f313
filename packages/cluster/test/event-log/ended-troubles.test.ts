import { parseNode } from '@onebox/base';
import type { EventFacts, EventType, LoggedEvent } from '@onebox/server';
import { causesOf, eventText, History } from '../../src/event-log';
import { cutOff, event, REPLICA1 } from './told';

// What was over long ago is why nothing happens now. The grace is 22 s, a session has 10 s here.

const LEADER = parseNode('127.0.0.1:34601');
const HOUR = 3600;

/** An event so many seconds after the cluster was started. */
function at<T extends EventType>(second: number, server: string, type: T, facts: EventFacts[T]) {
  const head = { unixMs: 1_800_000_000_000 + second * 1000, monotonicUs: second * 1e6 };
  return event(server, type, facts, head);
}

const why = (events: readonly LoggedEvent[], timeScale?: number) => {
  const inTime = [...events].sort((a, b) => a.monotonicUs - b.monotonicUs);
  const causes = causesOf(inTime.at(-1) as LoggedEvent, new History(inTime, [], timeScale));
  return causes.map((each) => eventText(each, { nameOf: () => 'replica1', brief: true }));
};

const started = (second: number, server: string) =>
  at(second, server, 'server-started', {
    ...{ pid: 41, role: 'replica', version: '2.6' },
    node: server === 'replica1' ? REPLICA1 : LEADER,
  });
const alive = (second: number) => at(second, 'meta1', 'node-alive', { node: REPLICA1 });
const dead = (second: number, silentMs = 22_500) =>
  at(second, 'meta1', 'node-dead', { node: REPLICA1, silentMs });
const died = (second: number, instance: string) =>
  at(second, 'onebox', 'server-died', { instance, pid: 41, code: null, signal: 'SIGKILL' });
const paused = (second: number, instance: string) =>
  at(second, 'onebox', 'paused', { instance, untilUnixMs: null });
const resumed = (second: number, instance: string) => at(second, 'onebox', 'resumed', { instance });
const FAULT = cutOff('replica1', 'meta1');
const faultSet = (second: number, server = 'onebox', untilUnixMs: number | null = null) =>
  at(second, server, 'fault-set', { ...FAULT, untilUnixMs });
const faultEnded = (second: number, server = 'onebox') =>
  at(second, server, 'fault-ended', { ...FAULT, how: server === 'onebox' ? 'cleared' : 'healed' });
const begun = [started(0, 'meta1'), started(1, 'replica1'), alive(2)];

describe('a node is dead', () => {
  test('because of a fault that stands, or stood when the node was last heard', () => {
    const blamed = ['fault f1: cut replica1 from meta1'];
    expect(why([...begun, faultSet(10), dead(HOUR)])).toEqual(blamed);
    expect(why([...begun, faultSet(10), faultEnded(HOUR - 20), dead(HOUR)])).toEqual(blamed);
  });

  test('not because of a fault that was cleared before it was last heard, as the command tells or as the server does', () => {
    expect(why([...begun, faultSet(10), faultEnded(20), dead(HOUR)])).toEqual([]);
    const both = [faultSet(10), faultSet(10, 'replica1'), faultEnded(20), faultEnded(20, 'replica1')];
    expect(why([...begun, ...both, dead(HOUR)])).toEqual([]);
    // The same fault, set anew under an id that is free again.
    expect(why([...begun, ...both, faultSet(HOUR - 30), dead(HOUR)])).toHaveLength(1);
  });

  test('not because of a fault whose time was over, though its server was killed before it could tell', () => {
    const until = faultSet(10).unixMs + 3000;
    const events = [faultSet(10, 'onebox', until), faultSet(10, 'replica1', until)];
    expect(why([...begun, ...events, dead(HOUR)])).toEqual([]);
    expect(why([...begun, ...events, dead(30)])).toHaveLength(1);
  });

  test('because of the pause that made it silent, not of an earlier one', () => {
    expect(why([...begun, paused(10, 'replica1'), dead(HOUR)])).toEqual(['replica1 paused']);
    const earlier = [paused(10, 'replica1'), resumed(12, 'replica1')];
    expect(why([...begun, ...earlier, dead(HOUR)])).toEqual([]);
    const now = [paused(HOUR - 23, 'replica1'), resumed(HOUR - 1, 'replica1')];
    expect(why([...begun, ...earlier, ...now, dead(HOUR)])).toEqual(['replica1 paused']);
  });

  test('not because of a death after which it was started again', () => {
    const events = [...begun, died(10, 'replica1'), started(12, 'replica1')];
    expect(why([...events, dead(HOUR)])).toEqual([]);
    expect(why([...events, dead(33)])).toEqual(['replica1 died by SIGKILL (pid 41)']);
  });

  test('after a silence in Pegasus time', () => {
    const events = [...begun, faultSet(10), faultEnded(100), dead(110)];
    expect(why(events)).toHaveLength(1);
    expect(why(events, 0.1)).toEqual([]);
  });
});

test('a node that was heard again: because of what ended during its silence', () => {
  const silence = [dead(HOUR), alive(HOUR + 5)];
  expect(why([...begun, faultSet(10), faultEnded(20), ...silence])).toEqual([]);
  expect(why([...begun, paused(HOUR - 22, 'replica1'), resumed(HOUR + 4, 'replica1'), ...silence])).toEqual([
    'replica1 resumed',
  ]);
});

describe('a leader', () => {
  const session = (second: number, server: string) =>
    at(second, server, 'session-opened', { sessionId: server, timeoutMs: 10_000 });
  const won = (second: number, server: string) =>
    at(second, server, 'election-won', { lockNode: `LOCKNODE${server.slice(-1)}` });
  const first = [session(0, 'meta1'), won(1, 'meta1')];

  test('is elected because the one before was paused or cut off for as long as its session lives', () => {
    const pause = [paused(100, 'meta1'), resumed(109, 'meta1')];
    expect(why([...first, ...pause, won(112, 'meta2')])).toEqual(['meta1 paused']);
    expect(why([...first, paused(100, 'meta1'), won(HOUR, 'meta2')])).toEqual(['meta1 paused']);
  });

  test('is not elected because of a pause that its predecessor has survived', () => {
    const pause = [paused(100, 'meta1'), resumed(102, 'meta1')];
    expect(why([...first, ...pause, won(HOUR, 'meta2')])).toEqual([]);
    const lost = at(HOUR - 1, 'meta1', 'election-lost', { reason: 'its lock node is gone' });
    expect(why([...first, ...pause, lost, won(HOUR, 'meta2')])).toEqual([
      'meta1 is out of the election: its lock node is gone',
    ]);
  });

  test('loses its session for the same reasons', () => {
    const expired = at(HOUR, 'meta1', 'session-expired', { sessionId: 'meta1' });
    expect(why([...first, paused(100, 'meta1'), resumed(102, 'meta1'), expired])).toEqual([]);
    expect(why([...first, paused(100, 'meta1'), resumed(HOUR - 1, 'meta1'), expired])).toEqual([
      'meta1 paused',
    ]);
  });
});
