import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { until } from '@onebox/base';
import { LARGEST_EVENT_FILE } from '@onebox/server';
import type { LoggedEvent } from '@onebox/server';
import { followEvents, readEvents, tellCommand } from '../../src/event-log';
import { event, REPLICA1 } from './told';

let home: string;
let state: { readonly path: string; readonly pm2Home: string };
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'obt-'));
  state = { path: join(home, 'onebox'), pm2Home: join(home, 'onebox/pm2') };
  mkdirSync(state.path);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const place = (file: string): string => {
  const path = join(state.path, file);
  mkdirSync(dirname(path), { recursive: true });
  return path;
};
const lines = (...events: readonly unknown[]) => events.map((each) => `${JSON.stringify(each)}\n`).join('');
const tell = (file: string, ...events: readonly unknown[]) => appendFileSync(place(file), lines(...events));
const ids = (events: readonly LoggedEvent[]) => events.map(({ id }) => id);

const resumed = (server: string, head: Parameters<typeof event>[3] = {}) =>
  event(server, 'resumed', { instance: 'replica1' }, head);

describe('what is told of a cluster, from its files', () => {
  test('events of all servers and of commands stand in the order of the clock they share, rotated files included', () => {
    const [a, b, c, d, e] = ['meta1', 'replica1', 'onebox', 'meta1', 'replica1'].map((server) =>
      resumed(server),
    );
    tell('meta1/log/events.2.jsonl', a);
    tell('meta1/log/events.jsonl', d);
    tell('replica1/log/events.1.jsonl', b);
    tell('replica1/log/events.jsonl', e);
    tell('log/events.jsonl', c);
    tell('replica1/log/other.jsonl', resumed('replica1'));
    expect(readEvents(state)).toEqual([a, b, c, d, e]);
  });

  test('the wall clock may jump; at the same microsecond the running number decides', () => {
    const at = (id: string, monotonicUs: number, unixMs: number) =>
      resumed('meta1', { id, monotonicUs, unixMs });
    tell('meta1/log/events.jsonl', at('meta1/a/10', 7, 50), at('meta1/a/9', 7, 90), at('meta1/a/1', 3, 99));
    expect(ids(readEvents(state))).toEqual(['meta1/a/1', 'meta1/a/9', 'meta1/a/10']);
  });

  test('a boot of the machine begins the monotonic clock anew, and comes after the one before', () => {
    const old = resumed('meta1', { boot: 'zz', monotonicUs: 900, unixMs: 1000 });
    const recent = resumed('meta1', { boot: 'aa', monotonicUs: 5, unixMs: 2000 });
    tell('meta1/log/events.jsonl', recent, old);
    expect(readEvents(state)).toEqual([old, recent]);
  });

  test('what is no event is left out: half a line, an empty one, other JSON; an unknown type is kept', () => {
    const [first, later, last] = [
      resumed('meta1'),
      { ...resumed('meta1'), type: 'moon-rose' },
      resumed('meta1'),
    ];
    const torn = lines(resumed('meta1')).slice(0, 30);
    writeFileSync(
      place('meta1/log/events.jsonl'),
      `${lines(first)}\n{"id":7}\n[1]\nnull\n${torn}${lines(later)}${lines(last)}${torn}`,
    );
    expect(readEvents(state)).toEqual([first, later, last]);
  });

  test('a file that is found twice, because it is rotated meanwhile, counts once', () => {
    const only = resumed('meta1');
    tell('meta1/log/events.jsonl', only);
    tell('meta1/log/events.1.jsonl', only);
    expect(readEvents(state)).toEqual([only]);
  });

  test('there is nothing to read of a cluster that never was', () => {
    rmSync(state.path, { recursive: true });
    expect(readEvents(state)).toEqual([]);
  });

  test('filters: since, type, server (also one that is told about), partition', () => {
    const [early, dead, status] = [
      event('meta1', 'node-alive', { node: REPLICA1 }),
      event('onebox', 'server-died', { instance: 'replica1', pid: 7, code: null, signal: 'SIGKILL' }),
      event('replica1', 'replica-status', {
        partition: '2.3',
        from: 'PS_PRIMARY',
        to: 'PS_ERROR',
        ballot: 3,
      }),
    ];
    tell('meta1/log/events.jsonl', early, dead, status);
    expect(readEvents(state, { sinceUnixMs: dead.unixMs })).toEqual([dead, status]);
    expect(readEvents(state, { types: ['node-alive', 'replica-status'] })).toEqual([early, status]);
    expect(readEvents(state, { servers: ['replica1'] })).toEqual([dead, status]);
    expect(readEvents(state, { servers: ['onebox'] })).toEqual([dead]);
    expect(readEvents(state, { partition: '2.3' })).toEqual([status]);
    expect(readEvents(state, { partition: '2.3', servers: ['meta1'] })).toEqual([]);
  });
});

describe('deaths that pm2 saw', () => {
  const started = event(
    'replica1',
    'server-started',
    { pid: 41, role: 'replica', node: REPLICA1, version: '2.6' },
    { unixMs: 1_800_000_100_000, monotonicUs: 70_000_400 },
  );
  // In the same millisecond as the daemon's line.
  const kill = event(
    'onebox',
    'command',
    { verb: 'kill', instance: 'replica1', text: 'onebox kill replica1' },
    { unixMs: 1_800_000_102_500, monotonicUs: 72_500_900 },
  );
  const dead = event(
    'meta1',
    'node-dead',
    { node: REPLICA1, silentMs: 2200 },
    { unixMs: 1_800_000_104_700, monotonicUs: 74_700_000 },
  );
  const died = {
    id: 'onebox/pm2-replica1/1800000102500',
    unixMs: 1_800_000_102_500,
    monotonicUs: 72_501_899,
    ...{ boot: 'boot-1', server: 'onebox', type: 'server-died', instance: 'replica1' },
    ...{ pid: 41, code: null, signal: 'SIGKILL' },
  };
  const line = (signal: string, time = '2027-01-15T08:01:42.500+00:00') =>
    `${time}: PM2 log: App [replica1:3] exited with code [0] via signal [${signal}]\n`;

  test('they stand behind the command that killed and before what they led to, with the pid that was started', () => {
    tell('replica1/log/events.jsonl', started);
    tell('log/events.jsonl', kill);
    tell('meta1/log/events.jsonl', dead);
    writeFileSync(place('pm2/pm2.log'), `PM2 log: App [replica1:3] online\n${line('SIGKILL')}`);
    expect(readEvents(state)).toEqual([started, kill, died, dead]);
  });

  test('an exit code without a signal, and a daemon that told no milliseconds', () => {
    tell('meta1/log/events.jsonl', dead);
    writeFileSync(place('pm2/pm2.log'), line('SIGINT') + line('SIGKILL', '2027-01-15T08:01:42'));
    expect(readEvents(state)).toMatchObject([
      { type: 'server-died', code: 0, signal: null, pid: null },
      dead,
    ]);
  });
});

describe('commands', () => {
  test('tell what they do, each event with an id of its own', () => {
    const ids = ['kill', 'start'].map((verb) =>
      tellCommand(state, 'command', { verb, instance: 'replica1', text: `onebox ${verb} replica1` }),
    );
    expect(new Set(ids).size).toBe(2);
    expect(readEvents(state)).toMatchObject([
      { id: ids[0], server: 'onebox', type: 'command', verb: 'kill', text: 'onebox kill replica1' },
      { id: ids[1], server: 'onebox', type: 'command', verb: 'start', text: 'onebox start replica1' },
    ]);
  });

  describe('find their file full:', () => {
    const directory = () => join(state.path, 'log');
    const resume = () => tellCommand(state, 'resumed', { instance: 'replica1' });
    /** So much that the file is full; one line of it, which is no event. */
    const fill = () => writeFileSync(place('log/events.jsonl'), `${'-'.repeat(LARGEST_EVENT_FILE)}\n`);

    test('one makes it an old one', () => {
      fill();
      resume();
      expect(readdirSync(directory()).sort()).toEqual(['events.1.jsonl', 'events.jsonl']);
      expect(readEvents(state)).toHaveLength(1);
    });

    test('another, meanwhile, tells at its end; one that was killed meanwhile keeps nobody from it for ever', () => {
      fill();
      const rotating = place('log/events.rotating');
      writeFileSync(rotating, '');
      const told = [resume()];
      expect(readdirSync(directory()).sort()).toEqual(['events.jsonl', 'events.rotating']);
      const longAgo = Date.now() / 1000 - 60;
      utimesSync(rotating, longAgo, longAgo);
      told.push(resume(), resume());
      expect(readdirSync(directory()).sort()).toEqual(['events.1.jsonl', 'events.jsonl']);
      expect(ids(readEvents(state))).toEqual(told);
    });
  });

  test('do not bring back a cluster that was deleted, and do not fail over it', () => {
    rmSync(state.path, { recursive: true });
    tellCommand(state, 'resumed', { instance: 'replica1' });
    expect(readEvents(state)).toEqual([]);
  });
});

describe('following', () => {
  /** Follows into an array, until it is ended. */
  function follow(options: Parameters<typeof followEvents>[2] = {}) {
    const seen: LoggedEvent[] = [];
    const end = new AbortController();
    const done = (async () => {
      for await (const each of followEvents(state, {}, { signal: end.signal, ...options })) seen.push(each);
    })();
    const sees = (expected: readonly LoggedEvent[]) =>
      until('the events', () => seen.length >= expected.length, { withinMs: 5000 }).then(() =>
        expect(seen).toEqual(expected),
      );
    return { seen, sees, done, end: () => end.abort() };
  }

  test('gives what there is, then what comes: each event once, over rotations and in files that appear', async () => {
    const [a, b, c, d, e] = Array.from({ length: 5 }, () => resumed('meta1'));
    const half = lines(c);
    tell('meta1/log/events.jsonl', a);
    const following = follow();
    await following.sees([a] as LoggedEvent[]);
    appendFileSync(place('meta1/log/events.jsonl'), lines(b) + half.slice(0, 20));
    await following.sees([a, b] as LoggedEvent[]);
    appendFileSync(place('meta1/log/events.jsonl'), half.slice(20));
    renameSync(place('meta1/log/events.jsonl'), place('meta1/log/events.1.jsonl'));
    tell('meta1/log/events.jsonl', d);
    await following.sees([a, b, c, d] as LoggedEvent[]);
    tell('replica7/log/events.jsonl', e);
    await following.sees([a, b, c, d, e] as LoggedEvent[]);
    following.end();
    await following.done;
  });

  test('an event waits until what happened before it must have been written', async () => {
    let now = 1_000_000;
    const times = { unixMs: () => 1_800_000_000_000, monotonicUs: () => now, boot: 'boot-1' };
    const following = follow({ times });
    const early = resumed('replica1', { monotonicUs: 900_000 });
    const late = resumed('meta1', { monotonicUs: 999_999 });
    const first = resumed('meta1', { monotonicUs: 1000 });
    tell('meta1/log/events.jsonl', first, late);
    await following.sees([first]);
    // Its server was slower to write it.
    tell('replica1/log/events.jsonl', early);
    await following.sees([first, early]);
    now += 100_000;
    await following.sees([first, early, late]);
    following.end();
    await following.done;
  });

  test('ends when the cluster is deleted', async () => {
    const following = follow();
    const only = resumed('meta1');
    tell('meta1/log/events.jsonl', only);
    await following.sees([only]);
    rmSync(state.path, { recursive: true });
    await following.done;
    expect(following.seen).toEqual([only]);
  });

  test('ends when the loop over it is left', async () => {
    tell('meta1/log/events.jsonl', resumed('meta1'), resumed('meta1'));
    const seen: LoggedEvent[] = [];
    for await (const each of followEvents(state)) {
      seen.push(each);
      break;
    }
    expect(seen).toHaveLength(1);
  });
});
