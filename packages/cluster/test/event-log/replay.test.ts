import { replay } from '../../src/event-log';
import { changedTo, configuration, event, REPLICA2, REPLICA3 } from './told';

type Configuration = ReturnType<typeof configuration>;

/** What one leader tells. */
function leader(election: number) {
  const server = `meta${election}`;
  let told = 0;
  const head = () => ({ id: `${server}/a/${++told}` });
  const snapshot = (why: 'elected' | 'rotated', ...partitions: readonly Configuration[]) =>
    event(
      server,
      'state-snapshot',
      {
        ...{ why, lockNode: `LOCKNODE${String(election).padStart(10, '0')}`, level: 'steady' },
        tables: [{ appId: 2, name: 'temp', status: 'AS_AVAILABLE', partitions }],
      },
      head(),
    );
  return {
    elected: (...partitions: readonly Configuration[]) => snapshot('elected', ...partitions),
    rotated: (...partitions: readonly Configuration[]) => snapshot('rotated', ...partitions),
    changed: (to: Parameters<typeof changedTo>[0]) => changedTo(to, head()),
  };
}

test('the last change of each partition is its configuration', () => {
  const removed = configuration({ ballot: 4, primary: null });
  const promoted = configuration({ ballot: 5, primary: REPLICA2, secondaries: [REPLICA3] });
  const other = configuration({ partition: '2.4', ballot: 0 });
  const events = [
    changedTo(removed),
    changedTo({ ...other, change: 'created', node: null }),
    changedTo({ ...promoted, change: 'CT_UPGRADE_TO_PRIMARY', node: REPLICA2, reason: 'it has no primary' }),
  ];
  expect(replay(events)).toEqual(
    new Map([
      ['2.3', promoted],
      ['2.4', other],
    ]),
  );
});

test('a snapshot is a beginning: what is older does not count, what is later does', () => {
  const [known, later] = [configuration({ ballot: 8 }), configuration({ ballot: 9, primary: null })];
  const [first, second] = [leader(1), leader(2)];
  const before = [first.elected(configuration()), first.changed({ partition: '1.0', ballot: 77 })];
  expect(replay([...before, second.elected(known)])).toEqual(new Map([['2.3', known]]));
  const after = [second.elected(known), second.changed(later)];
  expect(replay([...before, ...after])).toEqual(new Map([['2.3', later]]));
});

test('a dropped table keeps its partitions, until a snapshot is without them', () => {
  const dropped = event('meta1', 'table-dropped', { appId: 2, name: 'temp' });
  const [{ elected, rotated }, next] = [leader(1), leader(2)];
  expect([...replay([elected(configuration()), dropped]).keys()]).toEqual(['2.3']);
  expect([...replay([elected(configuration()), dropped, next.elected()]).keys()]).toEqual([]);
  expect([...replay([elected(configuration()), dropped, rotated()]).keys()]).toEqual([]);
});

describe('what a deposed leader tells late does not count:', () => {
  const [old, now] = [configuration({ ballot: 5 }), configuration({ ballot: 6, primary: null })];

  test('a change, and the snapshot of a new file', () => {
    const [deposed, leads] = [leader(1), leader(2)];
    const events = [deposed.elected(old), leads.elected(old), leads.changed(now)];
    expect(replay([...events, deposed.changed(old), deposed.rotated(old)])).toEqual(new Map([['2.3', now]]));
  });

  test('also where the ballot is the same, because a table was recalled', () => {
    const [dropped, recalled] = [configuration({ flags: 1 }), configuration({ flags: 0 })];
    const [deposed, leads] = [leader(1), leader(2)];
    const events = [deposed.elected(dropped), leads.elected(dropped), leads.changed(recalled)];
    expect(replay([...events, deposed.rotated(dropped)])).toEqual(new Map([['2.3', recalled]]));
    expect(replay([...events, deposed.changed(dropped)])).toEqual(new Map([['2.3', recalled]]));
  });

  test('the snapshot it began with, because it stood still between reading and telling', () => {
    const [deposed, leads] = [leader(9), leader(10)];
    const events = [leads.elected(old), leads.changed(now), deposed.elected(old), deposed.changed(old)];
    expect(replay(events)).toEqual(new Map([['2.3', now]]));
  });

  test("though the later leader's election is not told any more", () => {
    const [deposed, leads] = [leader(9), leader(10)];
    const events = [deposed.elected(old), leads.rotated(now), deposed.rotated(old)];
    expect(replay(events)).toEqual(new Map([['2.3', now]]));
  });
});
