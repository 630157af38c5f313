import type { Node } from '@onebox/base';
import type { Fault } from '../../src/faults';
import { faultText } from '../../src/faults';
import { concerns, cutsHttp, cutsOff, cutsZooKeeper, decide } from '../../src/faults/fault-rules';
import { seededLots } from '../../src/faults/seeded-lots';
import { META1, META2, REPLICA1, REPLICA2, ZOOKEEPER, cut, delay, drop, peer } from './some-faults';

const isSame = (a: Node, b: Node): boolean => a === b;
const SERVERS = [META1, META2, REPLICA1, REPLICA2] as const;
const TOOL = undefined;

/** Between whom a cut lies, as each server would enforce it: `self peer` by the last digits of their ports. */
function pairsCut(fault: ReturnType<typeof cut>): string[] {
  return SERVERS.flatMap((self) =>
    [...SERVERS, TOOL]
      .filter((other) => cutsOff(fault, self, other, isSame))
      .map((other) => `${self.slice(-3)} ${other?.slice(-3) ?? 'tool'}`),
  );
}

describe('a cut', () => {
  test('from everybody is enforced by the server itself, and lets it talk to itself only', () => {
    const fault = cut(META1);
    expect(pairsCut(fault)).toEqual(['601 602', '601 801', '601 802', '601 tool']);
    expect(SERVERS.filter((self) => concerns(fault, self, isSame))).toEqual([META1]);
  });

  test('from servers is enforced on both sides, and leaves others and tools alone', () => {
    const fault = cut(REPLICA1, [peer('replica2', REPLICA2), peer('meta1', META1)]);
    expect(pairsCut(fault)).toEqual(['601 801', '801 601', '801 802', '802 801']);
    expect(SERVERS.filter((self) => concerns(fault, self, isSame))).toEqual([META1, REPLICA1, REPLICA2]);
  });

  test('from ZooKeeper loses no RPC', () => {
    expect(pairsCut(cut(META1, [ZOOKEEPER]))).toEqual([]);
  });

  test.each<[string, Fault, boolean, boolean]>([
    ['from everybody', cut(META1), true, false],
    ['from everybody with HTTP', cut(META1, [], { http: true }), true, true],
    ['from ZooKeeper', cut(META1, [ZOOKEEPER]), true, false],
    ['from ZooKeeper and a server', cut(META1, [peer('meta2', META2), ZOOKEEPER]), true, false],
    ['from a server with HTTP', cut(META1, [peer('meta2', META2)], { http: true }), false, true],
    ['of another server', cut(META2, [], { http: true }), false, false],
    ['that names it as a peer', cut(META2, [peer('meta1', META1)], { http: true }), false, false],
    ['that is none', drop(META1, 'RPC_PREPARE'), false, false],
  ])('%s: its ZooKeeper traffic and its HTTP', (_which, fault, zookeeper, http) => {
    expect(cutsZooKeeper(fault, META1, isSame)).toBe(zookeeper);
    expect(cutsHttp(fault, META1, isSame)).toBe(http);
  });
});

describe('a request', () => {
  const lots = (fault: Fault, ...values: number[]) => ({ fault, draw: () => values.shift() ?? 0.99 });
  const prepare = { self: REPLICA1, peer: REPLICA2, code: 'RPC_PREPARE' };

  test('is lost for a drop of its code at its server, sent or received, with its probability', () => {
    const half = lots(drop(REPLICA1, 'RPC_PREPARE', { probability: 0.5 }), 0.49, 0.5);
    expect(decide([half], prepare, isSame)).toEqual({ kind: 'lose', by: half });
    expect(decide([half], prepare, isSame)).toEqual({ kind: 'pass' });
  });

  test('of another code, or at another server, draws no lot', () => {
    const one = lots(drop(REPLICA1, 'RPC_PREPARE'), 0);
    expect(decide([one], { ...prepare, code: 'RPC_LEARN' }, isSame)).toEqual({ kind: 'pass' });
    expect(decide([one], { ...prepare, self: REPLICA2, peer: REPLICA1 }, isSame)).toEqual({ kind: 'pass' });
    expect(decide([one], prepare, isSame)).toEqual({ kind: 'lose', by: one });
  });

  test('is delayed by all that hit it together', () => {
    const first = lots(delay(REPLICA1, 'RPC_PREPARE', 100), 0);
    const second = lots(delay(REPLICA1, 'RPC_PREPARE', 30, { id: 'f2' }), 0);
    const missing = lots(delay(REPLICA1, 'RPC_PREPARE', 7, { id: 'f3', probability: 0.1 }), 0.1);
    const decision = { kind: 'delay', ms: 130, by: [first, second] };
    expect(decide([first, second, missing], prepare, isSame)).toEqual(decision);
  });

  test('draws the lot of each fault, so that the sequence of one does not depend on another', () => {
    const losing = lots(drop(REPLICA1, 'RPC_PREPARE', { probability: 0.5 }), 0, 0.9);
    const slowing = lots(delay(REPLICA1, 'RPC_PREPARE', 100, { id: 'f2', probability: 0.5 }), 0.9, 0);
    expect(decide([losing, slowing], prepare, isSame)).toEqual({ kind: 'lose', by: losing });
    expect(decide([losing, slowing], prepare, isSame)).toEqual({ kind: 'delay', ms: 100, by: [slowing] });
  });

  test('that a cut loses draws no lot', () => {
    const cutting = { fault: cut(REPLICA1, [peer('replica2', REPLICA2)]), draw: () => 1 };
    const one = lots(delay(REPLICA1, 'RPC_PREPARE', 100), 0);
    expect(decide([one, cutting], prepare, isSame)).toEqual({ kind: 'lose', by: cutting });
    expect(decide([one], prepare, isSame)).toEqual({ kind: 'delay', ms: 100, by: [one] });
  });
});

test('lots are the same for the same seed, different for another, and spread evenly', () => {
  const draws = (seed: number, count: number): number[] => Array.from({ length: count }, seededLots(seed));
  expect(draws(42, 3)).toEqual([0.6011037519201636, 0.44829055899754167, 0.8524657934904099]);
  expect(draws(43, 3)).not.toEqual(draws(42, 3));
  for (const seed of [0, 1, 42, 2 ** 31]) {
    const hits = draws(seed, 10_000).filter((value) => value < 0.3).length;
    expect(Math.abs(hits - 3000)).toBeLessThan(200);
  }
});

test.each<[Fault, string]>([
  [cut(META1), 'cut meta1 from everybody'],
  [cut(META1, [ZOOKEEPER]), 'cut meta1 from zookeeper'],
  [
    cut(META1, [peer('meta2', META2), ZOOKEEPER], { http: true }),
    'cut meta1 from meta2, zookeeper, HTTP included',
  ],
  [drop(META1, 'RPC_PREPARE'), 'drop RPC_PREPARE at meta1'],
  [
    delay(META1, 'RPC_PREPARE', 200, { probability: 0.5 }),
    'delay RPC_PREPARE at meta1 by 200 ms with probability 0.5',
  ],
])('in words: %#', (fault, text) => {
  expect(faultText(fault)).toBe(text);
});
