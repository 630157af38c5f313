import type { EventEntry, ServerEntry } from '../../src/model';
import { quickOffers, serverOffers } from '../../src/page/server-actions';
import {
  endReason,
  isDead,
  otherWords,
  replicaWords,
  roleWords,
  stateWords,
  withKnownEnd,
} from '../../src/page/server-words';
import { sampleState } from '../sample-state';

function server(name: string, changes: Partial<ServerEntry> = {}): ServerEntry {
  const found = sampleState().servers[name];
  if (found === undefined) throw new Error(name);
  return { ...found, ...changes };
}

const verbs = (offers: ReturnType<typeof serverOffers>) => offers.map(({ action }) => action.verb);

describe('what is offered for a server', () => {
  test.each([
    ['running', ['pause', 'restart', 'stop', 'kill'], ['pause', 'kill']],
    ['frozen', ['resume', 'kill'], ['resume', 'kill']],
    ['exited', ['start'], ['start']],
    ['stopped', ['start'], ['start']],
    ['external', [], []],
  ] as const)('that is %s', (state, all, quick) => {
    const replica = server('replica2', { state });
    expect(verbs(serverOffers(replica))).toEqual(all);
    expect(verbs(quickOffers(replica))).toEqual(quick);
  });

  test('a meta server has a ZooKeeper session to expire', () => {
    expect(verbs(serverOffers(server('meta1')))[0]).toBe('fault expire-session');
  });

  test('what destroys something asks before, what heals does not', () => {
    const asks = [server('meta1'), server('meta1', { state: 'frozen' }), server('meta1', { state: 'exited' })]
      .flatMap(serverOffers)
      .map(({ action, asks }) => [action.verb, asks !== null]);
    expect(Object.fromEntries(asks)).toEqual({
      'fault expire-session': true,
      pause: false,
      restart: true,
      stop: true,
      kill: true,
      resume: false,
      start: false,
    });
  });
});

describe('the state of a server in words', () => {
  test.each([
    [{}, 'running'],
    [{ answering: false }, 'running, silent'],
    [{ state: 'frozen' }, 'paused'],
    [{ state: 'exited', signal: 'SIGKILL' }, 'killed (SIGKILL)'],
    [{ state: 'exited', signal: 'SIGTERM', asked: true }, 'stopped'],
    [{ state: 'exited', exitCode: 0, asked: true }, 'stopped'],
    [{ state: 'exited', exitCode: 0 }, 'exited (0)'],
    [{ state: 'exited', exitCode: 3 }, 'exited (3)'],
    [{ state: 'stopped' }, 'stopped'],
  ] as const)('%j: %s', (changes, text) => {
    expect(stateWords(server('replica2', changes)).text).toBe(text);
  });

  test('of its role, too', () => {
    const words = ['meta1', 'meta2', 'replica2', 'collector'].map((name) => roleWords(server(name)));
    expect(words).toEqual(['primary meta', 'standby meta', 'replica', 'collector']);
  });

  test.each([{ state: 'exited' }, { state: 'frozen' }, { answering: false }] as const)(
    'a meta that cannot say what it is is only a meta: %j',
    (changes) => {
      expect(roleWords(server('meta2', changes))).toBe('meta');
      expect(roleWords(server('meta1', changes))).toBe('meta');
    },
  );

  test('of why it ended, when that was not asked for and is its last event', () => {
    const event = (type: string, text: string): EventEntry => {
      return { id: type, unixMs: 1, server: 'meta2', type, text, partition: null, cause: null };
    };
    const exits = event('server-exits', 'meta2 ends itself with exit code 0: its ZooKeeper session expired');
    const started = event('server-started', 'meta2 started: pid 1, 127.0.0.1:34602');
    const exited = server('meta2', { state: 'exited', exitCode: 0 });
    expect(endReason(exited, [started, exits])).toBe('its ZooKeeper session expired');
    expect(endReason(exited, [exits, started])).toBeNull();
    expect(endReason({ ...exited, asked: true }, [exits])).toBeNull();
    expect(endReason(server('meta2'), [exits])).toBeNull();
    expect(endReason(server('meta3', { state: 'exited' }), [exits])).toBeNull();
  });

  test('of a ZooKeeper that was killed, which only its log knows', () => {
    const died = (text: string): EventEntry => {
      return {
        id: text,
        unixMs: 1,
        server: 'onebox',
        type: 'server-died',
        text,
        partition: null,
        cause: null,
      };
    };
    const killed = died('zookeeper died by SIGKILL (pid 7)');
    const zookeeper = server('zookeeper', { state: 'stopped' });
    expect(stateWords(withKnownEnd(zookeeper, [killed])).text).toBe('killed (SIGKILL)');
    expect(stateWords(withKnownEnd(zookeeper, [killed, died('zookeeper died (pid 8)')])).text).toBe(
      'stopped',
    );
    expect(stateWords(withKnownEnd({ ...zookeeper, asked: true }, [killed])).text).toBe('stopped');
  });

  test('of its replicas: all of them', () => {
    const replicas = { primary: 164, secondary: 328, total: 501 };
    const replica = server('replica2', { replicas });
    expect([replicaWords(replica), otherWords(replica)]).toEqual([
      '501 (164 P, 328 S, 9 other)',
      '9 of dropped tables, inactive or learning',
    ]);
    const plain = server('replica2');
    expect([replicaWords(plain), otherWords(plain)]).toEqual(['12 (4 P, 8 S)', null]);
    expect(replicaWords(server('meta1'))).toBe('–');
  });

  test('dead is what does not run, and what the leader hears nothing of', () => {
    expect(isDead(server('replica2'))).toBe(false);
    expect(isDead(server('replica2', { alive: false }))).toBe(true);
    expect(isDead(server('replica2', { alive: null, state: 'exited' }))).toBe(true);
    expect(isDead(server('meta1'))).toBe(false);
  });
});
