import type { EventEntry } from '../../src/model';
import { ALL_EVENTS, eventsCommand, eventsShown, moodOf } from '../../src/page/event-filter';

let number = 0;
function event(id: string, facts: Partial<EventEntry>): EventEntry {
  number += 1;
  return {
    id,
    unixMs: number,
    server: 'meta1',
    type: 'proposal',
    text: id,
    partition: null,
    cause: null,
    ...facts,
  };
}

const EVENTS: readonly EventEntry[] = [
  event('kill', { server: 'onebox', type: 'command' }),
  event('died', { server: 'onebox', type: 'server-died', cause: 'kill' }),
  event('dead', { type: 'node-dead', cause: 'died' }),
  event('removed', { type: 'configuration-changed', partition: '2.0', cause: 'dead' }),
  event('other', { type: 'configuration-changed', partition: '2.1', cause: 'dead' }),
  event('promoted', { type: 'configuration-changed', partition: '2.0', cause: 'removed' }),
  event('elsewhere', { server: 'meta2', type: 'leader-seen' }),
  event('twenty', { partition: '20.0', cause: 'lost long ago' }),
];

const ids = (filter: Partial<typeof ALL_EVENTS>) =>
  eventsShown(EVENTS, { ...ALL_EVENTS, ...filter }).map(({ id }) => id);

describe('the event log shows', () => {
  test('everything', () => expect(ids({})).toEqual(EVENTS.map(({ id }) => id)));

  test('of a partition its events and the chain of causes, each once, in order', () => {
    expect(ids({ partition: '2.0' })).toEqual(['kill', 'died', 'dead', 'removed', 'promoted']);
  });

  test('of a table those of all its partitions, and of no other table', () => {
    expect(ids({ partition: '2' })).toEqual(['kill', 'died', 'dead', 'removed', 'other', 'promoted']);
  });

  test('an event whose cause is no longer there', () => {
    expect(ids({ partition: ' 20.0 ' })).toEqual(['twenty']);
  });

  test('what one server tells, and what is told about it', () => {
    expect(ids({ server: 'onebox' })).toEqual(['kill', 'died']);
    const about = event('about', { text: 'node replica1 is dead' });
    const other = event('other', { text: 'node replica10 is dead' });
    expect(eventsShown([about, other], { ...ALL_EVENTS, server: 'replica1' })).toEqual([about]);
  });

  test('one type', () => {
    expect(ids({ type: 'configuration-changed', partition: '2.0' })).toEqual(['removed', 'promoted']);
  });

  test('causes that go in a circle, which no server writes, do not hang the page', () => {
    const circle = [event('a', { partition: '1.0', cause: 'b' }), event('b', { cause: 'a' })];
    expect(eventsShown(circle, { ...ALL_EVENTS, partition: '1.0' })).toEqual(circle);
  });
});

test('what went wrong and what went right again stand out', () => {
  expect(['node-dead', 'node-alive', 'proposal'].map(moodOf)).toEqual(['bad', 'good', 'plain']);
});

test.each([
  [{}, 'onebox', 'onebox events -f'],
  [{ partition: '2.3' }, 'onebox', 'onebox events --partition 2.3'],
  [{ partition: '2' }, 'onebox', 'onebox events -f'],
  [
    { type: 'node-dead', server: 'meta1' },
    'two',
    'onebox events --type node-dead --server meta1 -f --name two',
  ],
])('the command that shows the same: %j of %s: %s', (filter, cluster, command) => {
  expect(eventsCommand({ ...ALL_EVENTS, ...filter }, cluster)).toBe(command);
});
