import fc from 'fast-check';
import { applyPatch } from '../../src/model';
import type { DashboardPatch, DashboardState, PartitionEntry } from '../../src/model';
import { stateDiff } from '../../src/feed/state-diff';
import { largeState, sampleState } from '../sample-state';

/** As it comes over the wire. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function patchOf(before: DashboardState, after: DashboardState): DashboardPatch {
  const patch = stateDiff(before, after);
  if (patch === undefined) throw new Error('nothing changed');
  return sent(patch);
}

/** The same values in other objects. */
const copy = (state: DashboardState): DashboardState => sent(state);

describe('a patch holds only what changed', () => {
  const before = sampleState();

  test('nothing changed: there is none, and a later look alone is no news', () => {
    expect(stateDiff(before, copy(before))).toBeUndefined();
    const later = { ...before, cluster: { ...before.cluster, at: before.cluster.at + 1 } };
    expect(stateDiff(before, later)).toBeUndefined();
  });

  test('one ballot of a thousand tables with eight partitions each: that partition of that table', () => {
    const large = largeState(1000, 8);
    const table = large.tables[500];
    if (table === undefined) throw new Error('no table 500');
    const partitions = table.partitions.map((each, i): PartitionEntry => (i === 5 ? [4, 2, [0], [1]] : each));
    const changed = { ...table, partitions, fullyHealthy: 7, unhealthy: 1 };
    const after = { ...copy(large), tables: { ...copy(large).tables, 500: changed } };
    expect(patchOf(large, after)).toEqual({
      cluster: { at: large.cluster.at },
      tables: { 500: { fullyHealthy: 7, unhealthy: 1, partitions: { 5: [4, 2, [0], [1]] } } },
    });
  });

  test('a server that died: the members that say so', () => {
    const replica2 = before.servers['replica2'];
    if (replica2 === undefined) throw new Error('no replica2');
    const died = { ...replica2, state: 'exited' as const, pid: null, signal: 'SIGKILL' };
    const after = { ...copy(before), servers: { ...before.servers, replica2: died } };
    expect(patchOf(before, after)).toEqual({
      cluster: { at: before.cluster.at },
      servers: { replica2: { state: 'exited', pid: null, signal: 'SIGKILL' } },
    });
  });

  test('a table that was created comes whole, one that was dropped goes as null', () => {
    const { 1: kept, 2: dropped } = before.tables;
    if (kept === undefined || dropped === undefined) throw new Error('no tables');
    const created = { ...kept, appId: 3, name: 'users' };
    const patch = patchOf(before, { ...before, tables: { 1: kept, 3: created } });
    const { partitions, ...members } = created;
    expect(patch.tables).toEqual({ 2: null, 3: { ...members, partitions: { ...partitions } } });
  });

  test('faults come and go whole; events and nodes are added', () => {
    const event = { ...before.events[0], id: 'meta1/1/3' } as DashboardState['events'][number];
    const node = { node: '127.0.0.1:34804', instance: null };
    const after = {
      ...before,
      faults: {},
      events: [...before.events, event],
      nodes: [...before.nodes, node],
    };
    const { at } = before.cluster;
    expect(patchOf(before, after)).toEqual({
      cluster: { at },
      faults: { f1: null },
      events: [event],
      nodes: [node],
    });
    expect(patchOf({ ...after, events: [] }, before).faults).toEqual(before.faults);
  });
});

test('whoever applies every patch has the state, whatever changes', () => {
  const partition = fc
    .tuple(fc.nat(9), fc.integer({ min: -1, max: 2 }), fc.uniqueArray(fc.nat(2)), fc.uniqueArray(fc.nat(2)))
    .map((each): PartitionEntry => each);
  const table = fc.record({
    appId: fc.nat(3),
    name: fc.constantFrom('a', 'b'),
    status: fc.constantFrom('AVAILABLE', 'DROPPING'),
    partitions: fc.array(partition, { minLength: 1, maxLength: 3 }),
  });
  const sample = sampleState();
  const base = sample.tables[1];
  if (base === undefined) throw new Error('no table');
  const state = fc
    .record({
      healthy: fc.boolean(),
      order: fc.shuffledSubarray(['meta1', 'meta2', 'meta3']),
      servers: fc.subarray(Object.keys(sample.servers)),
      leader: fc.constantFrom('meta1', 'meta2'),
      tables: fc.uniqueArray(table, { selector: ({ appId }) => appId }),
      fault: fc.boolean(),
      events: fc.uniqueArray(fc.nat(20), { maxLength: 4 }),
    })
    .map((made): DashboardState => {
      const servers = made.servers.map((name) => {
        return [name, { ...sample.servers[name], leader: name === made.leader }];
      });
      return {
        ...sample,
        cluster: { ...sample.cluster, healthy: made.healthy },
        zookeeper: { ...sample.zookeeper, electionOrder: made.order },
        servers: Object.fromEntries(servers) as DashboardState['servers'],
        // How many partitions a table has never changes.
        tables: Object.fromEntries(
          made.tables.map((each) => {
            const partitions = Array.from({ length: 3 }, (_, i) => each.partitions[i] ?? base.partitions[0]);
            return [each.appId, { ...base, ...each, partitions }];
          }),
        ) as DashboardState['tables'],
        faults: made.fault ? sample.faults : {},
        events: [],
      };
    });
  fc.assert(
    fc.property(fc.array(state, { minLength: 2, maxLength: 5 }), (states) => {
      let seen = states[0] as DashboardState;
      for (const [i, next] of states.entries()) {
        const patch = i === 0 ? undefined : stateDiff(states[i - 1] as DashboardState, next);
        if (patch !== undefined) seen = applyPatch(seen, sent(patch));
        expect(seen).toEqual({ ...next, cluster: { ...next.cluster, at: seen.cluster.at } });
      }
    }),
    { numRuns: 100 },
  );
});

test('applying a patch leaves what it does not name the same object', () => {
  const before = sampleState();
  const after = applyPatch(before, { tables: { 2: { partitions: { 0: [6, 1, [2], []] } } } });
  expect(after.tables[1]).toBe(before.tables[1]);
  expect(after.servers).toBe(before.servers);
  expect(after.tables[2]?.partitions[0]).toEqual([6, 1, [2], []]);
  expect(after.tables[2]?.partitions[1]).toBe(before.tables[2]?.partitions[1]);
});

test('the last five hundred events are kept', () => {
  const before = sampleState();
  const event = (i: number) => ({ ...before.events[0], id: `e${i}` }) as DashboardState['events'][number];
  const after = applyPatch(before, { events: Array.from({ length: 600 }, (_, i) => event(i)) });
  expect(after.events.map(({ id }) => id)).toEqual(Array.from({ length: 500 }, (_, i) => `e${i + 100}`));
});
