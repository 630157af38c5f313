import { mkdirSync, mkdtempSync, rmSync, writeFileSync, appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseNode, until } from '@onebox/base';
import type { LoggedEvent } from '@onebox/server';
import { EventTail } from '../../src/feed/event-tail';

let directory: string;
let tail: EventTail;
const errors: unknown[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'obd-'));
  mkdirSync(join(directory, 'meta1/log'), { recursive: true });
});
afterEach(() => {
  tail.close();
  tail.close();
  rmSync(directory, { recursive: true });
  expect(errors).toEqual([]);
});

const file = () => join(directory, 'meta1/log/events.jsonl');
const node = parseNode('127.0.0.1:34801');
/** An event that is long over, so that nothing has to be waited for. */
const line = (number: number, type: string, facts: object): string =>
  `${JSON.stringify({ id: `meta1/a/${number}`, unixMs: 1000 + number, monotonicUs: number, boot: 'b', server: 'meta1', type, ...facts })}\n`;
const started = { pid: 7, role: 'meta', node: '127.0.0.1:34601', version: '2.6.0' };

function open(): EventTail {
  const words = { nameOf: (each: string) => (each === node ? 'replica1' : each), timeScale: 0.1 };
  tail = new EventTail({ path: directory, pm2Home: join(directory, 'pm2') }, words, (error) =>
    errors.push(error),
  );
  return tail;
}

test('all that was told so far is there at once, in words with the names of servers', async () => {
  writeFileSync(
    file(),
    line(1, 'server-started', started) + line(2, 'node-dead', { node, silentMs: null, cause: 'meta1/a/1' }),
  );
  const events = await open().latest();
  expect(events).toEqual([
    expect.objectContaining({ id: 'meta1/a/1', type: 'server-started', partition: null, cause: null }),
    {
      ...{ id: 'meta1/a/2', unixMs: 1002, server: 'meta1', type: 'node-dead' },
      ...{ text: 'node replica1 is dead', partition: null, cause: 'meta1/a/1' },
    },
  ]);
  expect(await tail.latest()).toBe(events);
});

test('what is told meanwhile is added, and starts after the first one are restarts', async () => {
  writeFileSync(file(), line(1, 'server-started', started));
  const before = await open().latest();
  expect([tail.restarts('meta1'), tail.restarts('meta2')]).toEqual([0, null]);
  appendFileSync(file(), line(2, 'server-started', started));
  const events = await until(
    'an event more',
    async () => ((all) => all !== before && all)(await tail.latest()),
    {
      withinMs: 5000,
    },
  );
  expect(events.map(({ id }) => id)).toEqual(['meta1/a/1', 'meta1/a/2']);
  expect(tail.restarts('meta1')).toBe(1);
});

test('of many the last five hundred are shown', async () => {
  const lines = Array.from({ length: 1700 }, (_, i) => line(i, 'node-alive', { node }));
  writeFileSync(file(), lines.join(''));
  const events = await open().latest();
  expect(events.map(({ id }) => id)).toEqual(Array.from({ length: 500 }, (_, i) => `meta1/a/${i + 1200}`));
});

test('a log that cannot be read for a moment is said to be stale, and is read again', async () => {
  const told = (number: number) => JSON.parse(line(number, 'node-alive', { node })) as LoggedEvent;
  let attempts = 0;
  async function* read(): AsyncGenerator<LoggedEvent, void, undefined> {
    attempts += 1;
    // Of a second reading the older ones are no news, however many.
    if (attempts > 1) yield told(0);
    yield told(1);
    if (attempts < 3) throw new Error('too many open files');
    yield told(2);
  }
  const heard: unknown[] = [];
  tail = new EventTail(
    { path: directory, pm2Home: directory },
    {},
    (error) => heard.push([String(error), tail.stale]),
    1,
    read,
  );
  const ids = async () => (await tail.latest()).map(({ id }) => id);
  await until('the second event', async () => (await ids()).length === 2, { withinMs: 5000, everyMs: 1 });
  expect(await ids()).toEqual(['meta1/a/1', 'meta1/a/2']);
  const failure = ['Error: too many open files', 'the event log cannot be read: too many open files'];
  expect([heard, tail.stale]).toEqual([[failure, failure], null]);
});
