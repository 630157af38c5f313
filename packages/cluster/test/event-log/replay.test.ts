import { replay } from '../../src/event-log';
import { changedTo, configuration, event, REPLICA2, REPLICA3 } from './told';

const snapshot = (...partitions: ReturnType<typeof configuration>[]) =>
  event('meta1', 'state-snapshot', {
    ...{ why: 'elected' as const, level: 'steady' },
    tables: [{ appId: 2, name: 'temp', status: 'AS_AVAILABLE', partitions }],
  });

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
  const forgotten = changedTo({ partition: '1.0', ballot: 77 });
  expect(replay([forgotten, snapshot(configuration()), snapshot(known)])).toEqual(new Map([['2.3', known]]));
  expect(replay([forgotten, snapshot(known), changedTo(later)])).toEqual(new Map([['2.3', later]]));
});

test('a dropped table keeps its partitions, until a snapshot is without them', () => {
  const dropped = event('meta1', 'table-dropped', { appId: 2, name: 'temp' });
  expect([...replay([snapshot(configuration()), dropped]).keys()]).toEqual(['2.3']);
  expect([...replay([snapshot(configuration()), dropped, snapshot()]).keys()]).toEqual([]);
});

test('what a deposed leader tells late does not go back', () => {
  const [old, now] = [configuration({ ballot: 5 }), configuration({ ballot: 6, primary: null })];
  const rotated = { ...snapshot(old), why: 'rotated' as const };
  expect(replay([snapshot(old), changedTo(now), changedTo(old), rotated])).toEqual(new Map([['2.3', now]]));
});
