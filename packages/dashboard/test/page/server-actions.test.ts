import type { ServerEntry } from '../../src/model';
import { quickOffers, serverOffers } from '../../src/page/server-actions';
import { isDead, roleWords, stateWords } from '../../src/page/server-words';
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

  test('dead is what does not run, and what the leader hears nothing of', () => {
    expect(isDead(server('replica2'))).toBe(false);
    expect(isDead(server('replica2', { alive: false }))).toBe(true);
    expect(isDead(server('replica2', { alive: null, state: 'exited' }))).toBe(true);
    expect(isDead(server('meta1'))).toBe(false);
  });
});
