import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryLogger, parseNode } from '@onebox/base';
import { EventFile, FileEventLog } from '../../src/event-log';
import type { EventFacts, EventType, LoggedEvent } from '../../src/event-log';

let root: string;
let directory: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'onebox-events-'));
  directory = join(root, 'log');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const NODE = parseNode('127.0.0.1:34801');

/** A time of its own: the clock stands at the beginning of 2026. */
function timesFrom(unixMs: number) {
  let us = 0;
  return { unixMs: () => unixMs, monotonicUs: () => (us += 10), boot: 'boot-1' };
}

function open(options: { readonly largestBytes?: number; readonly log?: MemoryLogger } = {}): FileEventLog {
  return new FileEventLog({
    directory,
    server: 'meta1',
    log: options.log ?? new MemoryLogger(),
    largestBytes: options.largestBytes,
    times: timesFrom(1_767_225_600_000),
  });
}

/** One event in a turn of the event loop. */
function tell<T extends EventType>(log: FileEventLog, type: T, facts: EventFacts[T]): string {
  const id = log.tell(type, facts);
  log.flush();
  return id;
}

function lines(file = 'events.jsonl'): string[] {
  return readFileSync(join(directory, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function events(file?: string): LoggedEvent[] {
  return lines(file).map((line) => JSON.parse(line) as LoggedEvent);
}

/** Before what is sent in the same turn is answered. */
const endOfTurn = () => new Promise<void>((resolve) => process.nextTick(resolve));

const ids = (file?: string): string[] => events(file).map(({ id }) => id.replace(/^.*\//, ''));

test('what a turn of the event loop told is in the file at its end, with its envelope and its cause', async () => {
  const log = open();
  const dead = log.tell('node-dead', { node: NODE, silentMs: 10_000 });
  log.tell('level-changed', { from: 'lively', to: 'freezed', reason: 'too few nodes' }, dead);
  expect(existsSync(directory)).toBe(false);
  await endOfTurn();
  expect(dead).toBe(`meta1/${(1_767_225_600_000).toString(36)}/1`);
  expect(events()).toEqual([
    {
      id: dead,
      unixMs: 1_767_225_600_000,
      monotonicUs: 10,
      boot: 'boot-1',
      server: 'meta1',
      type: 'node-dead',
      node: NODE,
      silentMs: 10_000,
    },
    {
      id: dead.replace(/1$/, '2'),
      unixMs: 1_767_225_600_000,
      monotonicUs: 20,
      boot: 'boot-1',
      server: 'meta1',
      cause: dead,
      type: 'level-changed',
      from: 'lively',
      to: 'freezed',
      reason: 'too few nodes',
    },
  ]);
  log.close();
});

test("the machine's own clock orders what two servers tell", () => {
  const logs = ['meta1', 'meta2'].map(
    (server) => new FileEventLog({ directory: join(root, server), server, log: new MemoryLogger() }),
  );
  for (let round = 0; round < 5; round += 1) for (const log of logs) tell(log, 'node-alive', { node: NODE });
  for (const log of logs) log.close();
  const told = ['meta1', 'meta2'].flatMap((server) => {
    directory = join(root, server);
    return events();
  });
  const order = told.sort((a, b) => a.monotonicUs - b.monotonicUs).map(({ server }) => server);
  expect(order).toEqual(Array.from({ length: 5 }, () => ['meta1', 'meta2']).flat());
  expect(new Set(told.map(({ boot }) => boot)).size).toBe(1);
});

/** No line of these tests has more, but for those that say so. */
const LINE_BYTES = 200;

test('a file that is full becomes an old one, and three files are all there ever is', () => {
  const log = open({ largestBytes: 1000 });
  for (let count = 0; count < 500; count += 1) tell(log, 'node-alive', { node: NODE });
  log.close();
  expect(readdirSync(directory).sort()).toEqual(['events.1.jsonl', 'events.2.jsonl', 'events.jsonl']);
  for (const file of readdirSync(directory)) {
    // A file is full when it has so much: its last line may go beyond.
    expect(statSync(join(directory, file)).size).toBeLessThan(1000 + LINE_BYTES);
  }
  expect(statSync(join(directory, 'events.1.jsonl')).size).toBeGreaterThanOrEqual(1000);
  // What is there is the newest, without a gap.
  const kept = [...ids('events.2.jsonl'), ...ids('events.1.jsonl'), ...ids()].map(Number);
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => 500 - kept.length + 1 + index));
});

test('a new file begins with what was asked for, however large that is', () => {
  const log = open({ largestBytes: 1000 });
  let snapshots = 0;
  log.onRotated(() => {
    snapshots += 1;
    log.tell('state-snapshot', { why: 'rotated', lockNode: null, level: 'x'.repeat(5000), tables: [] });
  });
  for (let count = 0; count < 16; count += 1) tell(log, 'node-alive', { node: NODE });
  expect(snapshots).toBe(2);
  expect(events().map(({ type }) => type)).toEqual([
    'state-snapshot',
    ...Array.from({ length: 2 }, () => 'node-alive'),
  ]);
  log.close();
});

test('what a new file begins with is older than the event that needed room, which is not in it yet', () => {
  const log = open({ largestBytes: 300 });
  let known = 0;
  log.onRotated(() => log.tell('lease-lost', { replicas: known }));
  for (let count = 1; count <= 9; count += 1) {
    tell(log, 'learning-ended', { partition: '1.0', outcome: String(count) });
    known = count;
  }
  log.close();
  const told = ['events.2.jsonl', 'events.1.jsonl', 'events.jsonl'].map(events);
  for (const file of told) {
    const [begin, next] = file as [LoggedEvent & { replicas: number }, LoggedEvent & { outcome: string }];
    expect([begin.type, next.outcome]).toEqual(['lease-lost', String(begin.replicas + 1)]);
  }
  // In the files' order, which is that of the ids and of the clock.
  const all = told.flat();
  expect(all.map(({ monotonicUs }) => monotonicUs)).toEqual(
    all.map(({ monotonicUs }) => monotonicUs).sort((a, b) => a - b),
  );
  const numbers = all.map(({ id }) => Number(id.split('/').at(-1)));
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
});

test('a file counts bytes, not characters', () => {
  const log = open({ largestBytes: 1000 });
  const outcome = 'é'.repeat(450);
  tell(log, 'learning-ended', { partition: '1.0', outcome });
  expect(lines()[0]?.length).toBeLessThan(1000);
  tell(log, 'node-alive', { node: NODE });
  expect(ids()).toEqual(['2']);
  log.close();
});

test('of two processes that find the same file full, one makes it an old one', () => {
  mkdirSync(directory);
  const [first, second] = [new EventFile(directory, 10), new EventFile(directory, 10)];
  for (const file of [first, second]) file.append('{"a line":1}\n');
  for (const file of [first, second]) {
    expect(file.isFull).toBe(true);
    file.rotate();
    file.append('{"another":1}\n');
    file.close();
  }
  expect(readdirSync(directory).sort()).toEqual(['events.1.jsonl', 'events.jsonl']);
  expect([lines('events.1.jsonl').length, lines().length]).toEqual([2, 2]);
});

test('a line that was cut off stays alone', () => {
  const killed = open();
  killed.tell('node-alive', { node: NODE });
  killed.close();
  appendFileSync(join(directory, 'events.jsonl'), '{"id":"meta1/x/2","unixMs":17');
  const next = open();
  next.tell('node-alive', { node: NODE });
  next.tell('node-alive', { node: NODE });
  next.close();
  const readable = lines().map((line) => line.endsWith('}'));
  expect(readable).toEqual([true, false, true, true]);
});

test('a disk that fails gives one warning and ends nothing; events go on when it works again', () => {
  writeFileSync(directory, 'in the way');
  const logger = new MemoryLogger();
  const log = open({ log: logger });
  expect(tell(log, 'node-alive', { node: NODE })).toMatch(/\/1$/);
  tell(log, 'node-alive', { node: NODE });
  expect(logger.lines).toEqual([
    expect.stringMatching(/^W events are not written to .*log: .*EEXIST.*; this is said once$/),
  ]);
  rmSync(directory);
  tell(log, 'node-alive', { node: NODE });
  expect(ids()).toEqual(['3']);
  log.close();
});

test('a rotation that fails loses the event, not the server', () => {
  const logger = new MemoryLogger();
  const log = open({ largestBytes: 1000, log: logger });
  mkdirSync(join(directory, 'events.1.jsonl', 'in the way'), { recursive: true });
  for (let count = 0; count < 20; count += 1) tell(log, 'node-alive', { node: NODE });
  expect(logger.lines).toHaveLength(1);
  log.close();
  log.close();
});

test('what was told last is in the file of a log that is closed', () => {
  const log = open();
  log.tell('server-exits', { code: 0, reason: 'the ZooKeeper session expired' });
  log.close();
  log.tell('node-alive', { node: NODE });
  expect(events().map(({ type }) => type)).toEqual(['server-exits']);
});
