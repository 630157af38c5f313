import { FakeClock, MemoryLogger } from '@onebox/base';
import type { Node } from '@onebox/base';
import { FailureDetector } from '../src/liveness/failure-detector';
import { NodeTable } from '../src/liveness/node-table';
import { UnstableRestarts } from '../src/liveness/unstable-restarts';
import { R1, R2, R3 } from './cluster-fixture';

interface Watched {
  readonly clock: FakeClock;
  readonly nodes: NodeTable;
  readonly detector: FailureDetector;
  /** What the listener heard, with the time in ms and the node counts it saw. */
  readonly events: unknown[];
}

function watch(whiteList?: readonly Node[], known: readonly Node[] = []): Watched {
  const clock = new FakeClock();
  const nodes = new NodeTable();
  const events: unknown[] = [];
  const settings = { checkIntervalMs: 2000, graceMs: 22_000, whiteList: whiteList && new Set(whiteList) };
  const detector = new FailureDetector(
    nodes,
    settings,
    clock,
    {
      onAlive: (node) => events.push(['alive', node, clock.monotonicMs(), nodes.counts()]),
      onDead: (dead) => events.push(['dead', dead, clock.monotonicMs(), nodes.counts()]),
    },
    new MemoryLogger(),
  );
  detector.start(known);
  return { clock, nodes, detector, events };
}

describe('the failure detector', () => {
  test('lists nobody before the first beacon, and an unknown node as alive at once', () => {
    const { nodes, detector, events } = watch();
    expect(nodes.all()).toEqual([]);
    expect([detector.onBeacon(R2), detector.onBeacon(R1), detector.onBeacon(R2)]).toEqual([true, true, true]);
    expect(nodes.all()).toEqual([
      { node: R1, alive: true },
      { node: R2, alive: true },
    ]);
    expect(events).toEqual([
      ['alive', R2, 0, { alive: 1, unalive: 0 }],
      ['alive', R1, 0, { alive: 2, unalive: 0 }],
    ]);
    detector.close();
  });

  test('declares silent nodes dead at the first check after the grace, all before anybody reacts', () => {
    const { clock, nodes, detector, events } = watch();
    for (const node of [R3, R1, R2]) detector.onBeacon(node);
    events.length = 0;
    clock.advance(22_000);
    expect(events).toEqual([]);
    clock.advance(2000);
    expect(events).toEqual([['dead', [R1, R2, R3], 24_000, { alive: 0, unalive: 3 }]]);
    expect(nodes.all().map(({ alive }) => alive)).toEqual([false, false, false]);
    detector.onBeacon(R1);
    expect(nodes.isAlive(R1)).toBe(true);
    detector.close();
    expect(clock.pending).toBe(0);
  });

  test('gives nodes named in configurations the whole grace', () => {
    const { clock, detector, events } = watch(undefined, [R1]);
    clock.advance(22_000);
    expect(events).toEqual([]);
    clock.advance(2000);
    expect(events).toEqual([['dead', [R1], 24_000, { alive: 0, unalive: 1 }]]);
    detector.close();
  });

  test('that stood still itself does not take its own silence for that of the nodes', () => {
    const { clock, detector, events } = watch();
    detector.onBeacon(R1);
    events.length = 0;
    // The process is stopped for a minute: its timers fire once, late, before any beacon in its sockets is read.
    const nowMs = jest.spyOn(clock, 'monotonicMs');
    nowMs.mockImplementation(() => 60_000);
    clock.advance(2000);
    expect(events).toEqual([]);
    nowMs.mockImplementation(() => 62_000);
    clock.advance(2000);
    expect(events).toEqual([['dead', [R1], 62_000, { alive: 0, unalive: 1 }]]);
    detector.close();
  });

  test('with a white list lets no other unknown node in', () => {
    const { nodes, detector } = watch([R1], [R2]);
    expect([R1, R2, R3].map((node) => detector.onBeacon(node))).toEqual([true, true, false]);
    expect(nodes.knows(R3)).toBe(false);
    detector.close();
  });

  test('forgets the reports of a dead node', () => {
    const { clock, nodes, detector } = watch();
    detector.onBeacon(R1);
    nodes.markReported(R1);
    expect(nodes.hasReported(R1)).toBe(true);
    clock.advance(30_000);
    detector.onBeacon(R1);
    expect([nodes.isAlive(R1), nodes.hasReported(R1)]).toEqual([true, false]);
    detector.close();
  });
});

describe('restarts of replica servers', () => {
  const rule = { minRunningMs: 600_000, maxUnstableRestarts: 5, scale: 1 };

  test('five in a row that ran too short silence a node, until it ran long enough', () => {
    const restarts = new UnstableRestarts(rule);
    const starts = [0, 1, 2, 3, 4, 5].map((minute) => 1_000_000 + minute * 60_000);
    expect(starts.map((start) => restarts.accepts(R1, start, start))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
    const last = starts[5] ?? 0;
    expect(restarts.accepts(R1, last, last + 599_999)).toBe(false);
    expect(restarts.accepts(R2, last, last)).toBe(true);
    expect(restarts.accepts(R1, last, last + 600_000)).toBe(true);
  });

  test('a long enough run clears the count, and an overtaken beacon changes nothing', () => {
    const restarts = new UnstableRestarts({ ...rule, maxUnstableRestarts: 1 });
    expect(restarts.accepts(R1, 1000, 1000)).toBe(true);
    expect(restarts.accepts(R1, 2000, 2000)).toBe(false);
    expect(restarts.accepts(R1, 1000, 2000)).toBe(false);
    expect(restarts.accepts(R1, 602_000, 602_000)).toBe(true);
  });

  test('are never counted in a onebox, where the limit is 0', () => {
    const restarts = new UnstableRestarts({ ...rule, minRunningMs: 0 });
    expect(Array.from({ length: 20 }, (_, start) => restarts.accepts(R1, start, start))).not.toContain(false);
  });

  test('are measured in the time of the cluster, which may run faster than the wall clock', () => {
    const restarts = new UnstableRestarts({ minRunningMs: 600_000, maxUnstableRestarts: 1, scale: 0.1 });
    expect(restarts.accepts(R1, 0, 0)).toBe(true);
    expect(restarts.accepts(R1, 60_000, 60_000)).toBe(true);
    expect(restarts.accepts(R1, 119_000, 119_000)).toBe(false);
  });
});
