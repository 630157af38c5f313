import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, MemoryLogger, OneboxError } from '@onebox/base';
import type { Node } from '@onebox/base';
import type { Passage } from '@onebox/protocol';
import { MemoryEventLog } from '../../src/event-log';
import { Faults, readFaultSet, readFaultsFile } from '../../src/faults';
import { MOST_HELD, MOST_HELD_BYTES } from '../../src/faults/held-messages';
import { META1, META2, REPLICA1, ZOOKEEPER, cut, delay, drop, peer } from './some-faults';

const CODE = 'RPC_FD_FAILURE_DETECTOR_PING';

let clock: FakeClock;
let log: MemoryLogger;
let events: MemoryEventLog;
let faults: Faults;

beforeEach(() => {
  clock = new FakeClock();
  log = new MemoryLogger();
  events = new MemoryEventLog('meta1');
  faults = new Faults({ self: META1, clock, log, events });
});
afterEach(() => {
  faults.close();
  expect(clock.pending).toBe(0);
});

function send(to: Node | undefined = META2, code = CODE, bytes = 10): Passage {
  return faults.rpc.obstacles?.request({ direction: 'sent', peer: to, code, bytes }) ?? 'pass';
}

/** What became of a request by now: of one that is held back, `held` until it arrives or is lost. */
function fateOf(passage: Passage): () => string {
  if (typeof passage === 'string') return () => passage;
  let fate = 'held';
  passage.until((arrives) => (fate = arrives ? 'arrived' : 'lost'));
  return () => fate;
}

/** What was told, without the members that every event has. */
function told(): unknown[] {
  return events.events.map((event) =>
    event.type === 'fault-set'
      ? [event.type, event.fault, event.text, event.untilUnixMs]
      : event.type === 'fault-ended' && [event.type, event.fault, event.text, event.how],
  );
}

test('without a fault there is nothing in the way, and nothing to ask', () => {
  expect(faults.rpc.obstacles).toBeUndefined();
  faults.replace([cut(META2), drop(REPLICA1, CODE, { id: 'f2' })]);
  expect(faults.rpc.obstacles).toBeUndefined();
  expect(faults.list()).toEqual([]);
  expect(told()).toEqual([]);
});

test('a cut loses requests and answers, and counts them', () => {
  const fault = cut(META1, [peer('meta2', META2)]);
  faults.replace([fault]);
  expect(send(META2)).toBe('lose');
  expect(send(REPLICA1)).toBe('pass');
  expect(faults.rpc.obstacles?.losesAnswer(META2)).toBe(true);
  expect(faults.rpc.obstacles?.losesAnswer(REPLICA1)).toBe(false);
  expect(faults.rpc.obstacles?.losesAnswer(undefined)).toBe(false);
  expect([META2, REPLICA1, undefined].map((to) => faults.rpc.obstacles?.isCutOff(to))).toEqual([
    true,
    false,
    false,
  ]);
  expect(faults.list()).toEqual([{ ...fault, text: 'cut meta1 from meta2', lost: 2, delayed: 0 }]);
});

test('the gates of ZooKeeper and HTTP change with the set, and tell it once', () => {
  const changes: string[] = [];
  faults.zookeeper.onChange(() => changes.push(`zookeeper ${String(faults.zookeeper.isCut)}`));
  const leave = faults.http.onChange(() => changes.push(`http ${String(faults.http.isCut)}`));
  faults.replace([cut(META1, [ZOOKEEPER])]);
  faults.replace([cut(META1, [ZOOKEEPER]), cut(META1, [], { id: 'f2', http: true })]);
  faults.replace([cut(META1, [], { id: 'f2', http: true })]);
  leave();
  faults.replace([]);
  expect(changes).toEqual(['zookeeper true', 'http true', 'zookeeper false']);
});

test('a fault heals by itself when its time is over, and not before', () => {
  const end = clock.unixMs() + 10_000;
  faults.replace([cut(META1, [], { untilUnixMs: end }), drop(META1, CODE, { id: 'f2' })]);
  clock.advance(9_999);
  expect(faults.list().map(({ id }) => id)).toEqual(['f1', 'f2']);
  expect(faults.zookeeper.isCut).toBe(true);
  clock.advance(1);
  expect(faults.list().map(({ id }) => id)).toEqual(['f2']);
  expect(faults.zookeeper.isCut).toBe(false);
  expect(send(META2, 'RPC_PREPARE')).toBe('pass');
  faults.replace([]);
  expect(told()).toEqual([
    ['fault-set', 'f1', 'cut meta1 from everybody', end],
    ['fault-set', 'f2', `drop ${CODE} at meta1`, null],
    ['fault-ended', 'f1', 'cut meta1 from everybody', 'healed'],
    ['fault-ended', 'f2', `drop ${CODE} at meta1`, 'cleared'],
  ]);
});

test('one whose time is over already is not begun', () => {
  faults.replace([cut(META1, [], { untilUnixMs: clock.unixMs() })]);
  expect(faults.list()).toEqual([]);
  expect(told()).toEqual([]);
});

test('a fault that stays keeps its counts and its sequence of lots', () => {
  const half = drop(META1, CODE, { probability: 0.5, seed: 7 });
  const sequence = (): string => Array.from({ length: 20 }, () => (send() === 'lose' ? 'x' : '.')).join('');
  faults.replace([half]);
  const all = sequence() + sequence();
  expect(all).toMatch(/x.*\..*x/);
  faults.replace([]);
  faults.replace([half]);
  const first = sequence();
  faults.replace([half, cut(META1, [ZOOKEEPER], { id: 'f2' })]);
  expect(first + sequence()).toBe(all);
  expect(faults.list()[0]?.lost).toBe([...all].filter((fate) => fate === 'x').length);
});

describe('a delayed request', () => {
  test('arrives when its time is over', () => {
    faults.replace([delay(META1, CODE, 200)]);
    const fate = fateOf(send());
    clock.advance(199);
    expect(fate()).toBe('held');
    clock.advance(1);
    expect(fate()).toBe('arrived');
    expect(faults.list()).toMatchObject([{ id: 'f1', lost: 0, delayed: 1 }]);
  });

  test('arrives when its fault is cleared, in its order', () => {
    faults.replace([delay(META1, CODE, 200)]);
    const order: number[] = [];
    for (const number of [1, 2, 3]) {
      const passage = send();
      if (typeof passage !== 'string') passage.until(() => order.push(number));
    }
    faults.replace([]);
    expect(order).toEqual([1, 2, 3]);
  });

  test('is lost when its peer is cut off meanwhile', () => {
    const slow = delay(META1, CODE, 200);
    faults.replace([slow]);
    const fates = [META2, REPLICA1].map((to) => fateOf(send(to)));
    faults.replace([slow, cut(META1, [peer('meta2', META2)], { id: 'f2' })]);
    clock.advance(200);
    expect(fates.map((fate) => fate())).toEqual(['lost', 'arrived']);
  });

  test('is lost when the server closes', () => {
    faults.replace([delay(META1, CODE, 200)]);
    const fate = fateOf(send());
    faults.close();
    expect(fate()).toBe('lost');
  });

  test('is lost when too many, or too large ones, are held', () => {
    faults.replace([delay(META1, CODE, 200)]);
    const many = Array.from({ length: MOST_HELD + 1 }, () => fateOf(send())());
    expect(many.indexOf('lose')).toBe(MOST_HELD);
    clock.advance(200);
    const large = [MOST_HELD_BYTES, 1].map((bytes) => fateOf(send(META2, CODE, bytes))());
    expect(large).toEqual(['held', 'lose']);
    expect(faults.list()).toMatchObject([{ lost: 2, delayed: MOST_HELD + 1 }]);
  });
});

describe('the set that a server is told', () => {
  const NODE = { id: 'f1', instance: 'meta1', node: META1, untilUnixMs: null, sinceUnixMs: 0 };

  test('may hold every kind of fault', () => {
    const all = [cut(META1, [ZOOKEEPER, peer('meta2', META2)]), delay(META1, CODE, 5), drop(META1, CODE)];
    expect(readFaultSet(JSON.parse(JSON.stringify(all)))).toEqual(all);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['no list', { 0: cut(META1) }],
    ['null', [null]],
    ['an unknown kind', [{ ...NODE, kind: 'melt' }]],
    ['no kind', [NODE]],
    ['a cut without peers', [{ ...NODE, kind: 'cut', http: false }]],
    ['a cut from a peer without a node', [{ ...cut(META1), from: [{ name: 'meta2' }] }]],
    ['a node that is no address', [{ ...cut(META1), node: 'meta1' }]],
    ['a drop without a probability', [{ ...drop(META1, CODE), probability: undefined }]],
    ['a delay without a time', [{ ...delay(META1, CODE, 5), ms: undefined }]],
    ['a negative delay', [delay(META1, CODE, -1)]],
    ['an end that is no time', [{ ...cut(META1), untilUnixMs: 'tomorrow' }]],
  ])('is refused when it holds %s', (_what, value) => {
    expect(() => readFaultSet(value)).toThrow(OneboxError);
  });

  test('is in faults.json at the start; a file that cannot be used is one warning', () => {
    const directory = mkdtempSync(join(tmpdir(), 'onebox-faults-'));
    const file = join(directory, 'faults.json');
    const read = () => readFaultsFile(file, log);
    try {
      expect(read()).toEqual([]);
      writeFileSync(file, JSON.stringify({ format: 1, last: 1, faults: [cut(META1)] }));
      expect(read()).toEqual([cut(META1)]);
      expect(log.lines).toEqual([]);
      for (const broken of [
        '{"format": 1, "faults": [',
        '{"format": 2, "faults": []}',
        'null',
        '{"format": 1}',
      ]) {
        writeFileSync(file, broken);
        expect(read()).toEqual([]);
      }
      expect(log.lines).toHaveLength(4);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
