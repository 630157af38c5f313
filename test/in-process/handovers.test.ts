import type { LoggedConfiguration } from '@onebox/server';
import { changedTo, configuration, event, REPLICA2 } from '../../packages/cluster/test/event-log/told';
import { handoversIn, untruths } from '../support/handovers';

// The proof of the replay on real processes: what it forgives, and what it does not.

const of = (...partitions: readonly LoggedConfiguration[]) =>
  new Map(partitions.map((each) => [each.partition, each]));
const DROPPED = { flags: 1, primary: null, secondaries: [] };

describe('what is stored and was not told', () => {
  const told = of(configuration());

  test('may be one change of a partition, a creation, a completed drop', () => {
    expect(untruths(told, told)).toEqual([]);
    expect(untruths(told, of(configuration({ ballot: 4, primary: null })))).toEqual([]);
    expect(untruths(told, of(configuration({ ballot: 5, ...DROPPED })))).toEqual([]);
    expect(untruths(of(configuration(DROPPED)), of(configuration({ ...DROPPED, flags: 0 })))).toEqual([]);
    const created = configuration({ partition: '3.0', ballot: 0, primary: null, secondaries: [] });
    expect(untruths(told, of(configuration(), created))).toEqual([]);
  });

  test.each([
    ['a partition that is told of', of()],
    ['a ballot that goes back', of(configuration({ ballot: 2 }))],
    ['two changes', of(configuration({ ballot: 5 }))],
    ['another configuration with the same ballot', of(configuration({ primary: REPLICA2 }))],
    ['a drop with the same ballot', of(configuration({ flags: 1 }))],
    [
      'a partition with members that was never told of',

      of(configuration(), configuration({ partition: '3.0' })),
    ],
  ])('must not be %s', (_what, stored) => {
    expect(untruths(told, stored)).toHaveLength(1);
  });
});

describe('the snapshots of leaders', () => {
  const snapshot = (election: number, ...partitions: readonly LoggedConfiguration[]) =>
    event(
      `meta${election}`,
      'state-snapshot',
      {
        ...{ why: 'elected' as const, lockNode: `LOCKNODE${election}`, level: 'steady' },
        tables: [{ appId: 2, name: 'temp', status: 'AS_AVAILABLE', partitions }],
      },
      { id: `meta${election}/a/1` },
    );
  const changed = (by: number, ballot: number) => changedTo({ ballot }, { id: `meta${by}/a/${ballot}` });

  test('follow from what the leaders before them told, in time or late', () => {
    const first = [snapshot(1, configuration()), changed(1, 4)];
    const next = snapshot(2, configuration({ ballot: 6 }));
    expect(handoversIn([...first, changed(1, 5), changed(1, 6), next])).toMatchObject({
      count: 1,
      wrong: [],
    });
    expect(handoversIn([...first, next, changed(1, 5)])).toMatchObject({ count: 1, wrong: [] });
    expect(handoversIn([...first, next])).toMatchObject({ changes: 1, wrong: [expect.any(String)] });
    // What was told was never stored.
    expect(handoversIn([...first, next, changed(1, 7)]).wrong).toHaveLength(1);
  });

  test('count as far as the log is whole', () => {
    const [first, next] = [snapshot(1, configuration()), snapshot(2, configuration({ ballot: 9 }))];
    const cut = event('meta2', 'node-alive', { node: REPLICA2 }, { id: 'meta2/before/700' });
    expect(handoversIn([first, changed(1, 4), cut, next])).toEqual({ count: 0, changes: 1, wrong: [] });
    expect(handoversIn([cut, first, changed(1, 4), next])).toMatchObject({
      count: 1,
      wrong: [expect.any(String)],
    });
  });

  test('are all there are of who tells changes', () => {
    expect(handoversIn([changed(1, 4)]).wrong).toEqual(['no leader tells what it began with']);
    expect(handoversIn([snapshot(1, configuration()), changed(2, 1)]).wrong).toEqual([
      '1 changes are told by who never led',
    ]);
  });
});
