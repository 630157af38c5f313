import type { EventEntry, PartitionEvents } from '../../src/model';
import { ALL_EVENTS, aroundPartition, eventsNote } from '../../src/page/event-filter';
import { PartitionLog } from '../../src/page/partition-log';

const event = (id: string): EventEntry => {
  return { id, unixMs: 1, server: 'meta1', type: 'x', text: id, partition: '2.3', cause: null };
};

function scene(told: PartitionEvents | Error) {
  const read: string[] = [];
  const whole = new Promise<void>((resolve) => setImmediate(resolve));
  const log = new PartitionLog(
    (partition) => {
      read.push(partition);
      return told instanceof Error ? Promise.reject(told) : Promise.resolve(told);
    },
    () => undefined,
  );
  return { log, read, whole };
}

const ids = (events: readonly EventEntry[]) => events.map(({ id }) => id);

test('the whole log of a partition is read when it is chosen, and goes on with the last events', async () => {
  const told = { partition: '2.3', events: [event('a'), event('b')], cut: false };
  const { log, read, whole } = scene(told);
  log.choose('2');
  expect([log.state, read]).toEqual([null, []]);
  log.choose('2.3');
  expect([log.state, ids(log.with([event('b'), event('c')]))]).toEqual(['reading', ['b', 'c']]);
  await whole;
  expect([log.state, ids(log.with([event('b'), event('c')]))]).toEqual(['known', ['a', 'b', 'c']]);
  log.choose('2.3');
  expect(read).toEqual(['2.3']);
  log.again();
  expect(read).toEqual(['2.3', '2.3']);
});

test('a cause among the last events stands before what it led to', async () => {
  const { log, whole } = scene({ partition: '2.3', events: [{ ...event('change'), unixMs: 3 }], cut: false });
  log.choose('2.3');
  await whole;
  expect(ids(log.with([{ ...event('dead'), unixMs: 2 }]))).toEqual(['dead', 'change']);
});

test('a log that cannot be read leaves the last events, and says so', async () => {
  const { log, whole } = scene(new Error('HTTP 500'));
  log.choose('2.3');
  await whole;
  expect([log.state, ids(log.with([event('c')]))]).toEqual(['unknown', ['c']]);
  expect(eventsNote(false, log, { ...ALL_EVENTS, partition: '2.3' }, 'two')).toBe(
    'The whole log could not be read: these are of the last 500 events. `onebox events --partition 2.3 --name two` has all that are kept.',
  );
});

test('what is not shown is said, and which command has it', () => {
  const none = { state: null, cut: false };
  expect(eventsNote(false, none, ALL_EVENTS, 'onebox')).toBeNull();
  expect(eventsNote(true, none, ALL_EVENTS, 'onebox')).toBe(
    'Of the last 500 events. `onebox events` has all that are kept.',
  );
  const of = { ...ALL_EVENTS, partition: '2.3' };
  expect(eventsNote(true, { state: 'known', cut: false }, of, 'onebox')).toBeNull();
  expect(eventsNote(true, { state: 'known', cut: true }, of, 'onebox')).toBe(
    'The newest 1000 events of this partition. `onebox events --partition 2.3` has all that are kept.',
  );
});

test.each([
  ['2.0 has ballot 5', '2.0', ['', ' has ballot 5']],
  ['5.1 ballot 3: 5.1 is on 127.0.0.1', '5.1', ['', ' ballot 3: 5.1 is on 127.0.0.1']],
  ['it learns 2.0: succeeded', '2.0', ['it learns ', ': succeeded']],
  ['silent for 12.0 s, 2.05', '2.0', ['silent for 12.0 s, 2.05 ', '']],
  ['killed', null, ['killed', '']],
] as const)('an event names its partition once: %s', (text, partition, around) => {
  expect(aroundPartition(text, partition)).toEqual(around);
});
