import type { LoggedEvent } from '@onebox/server';
import { changedTo, configuration, event } from '../../packages/cluster/test/event-log/told';
import { toldContradictions } from './told-contradictions';

let told = 0;

/** The id of an event of a process; `old` and `new` are two. */
const by = (process: string) => ({ id: `meta1/${process}/${(told += 1)}` });
const won = (process: string, lock: number) =>
  event('meta1', 'election-won', { lockNode: `/lock/LOCKNODE000000000${lock}` }, by(process));
const read = (process: string, ballot: number, why: 'elected' | 'rotated' = 'elected') => {
  const table = { appId: 2, name: 'temp', status: 'AS_AVAILABLE', partitions: [configuration({ ballot })] };
  return event(
    'meta1',
    'state-snapshot',
    { why, lockNode: null, level: 'steady', tables: [table] },
    by(process),
  );
};
const gave = (process: string, ballot: number, change = 'CT_REMOVE') =>
  changedTo({ ballot, change }, by(process));

test.each<[string, readonly LoggedEvent[]]>([
  ['nothing', []],
  ['a new table', [won('old', 1), gave('old', 0, 'created'), gave('old', 1)]],
  [
    'the flag of a recalled table',
    [won('old', 1), read('old', 3), gave('old', 3, 'CT_RECALL'), gave('old', 4)],
  ],
  [
    'a change that its leader could not tell any more',
    [won('old', 1), read('old', 3), won('new', 2), read('new', 4)],
  ],
  [
    'what a deposed leader tells late',
    [won('old', 1), read('old', 3), won('new', 2), read('new', 4), gave('old', 4), gave('new', 5)],
  ],
  ['its file that began anew', [won('old', 1), read('old', 3), gave('old', 4), read('old', 4, 'rotated')]],
])('%s is no contradiction', (_what, events) => {
  expect(toldContradictions(events)).toEqual([]);
});

test.each<[string, readonly LoggedEvent[], string]>([
  [
    'a lock node that was won twice',
    [won('old', 1), won('new', 1)],
    'meta1/new won lock node 1, which was won before',
  ],
  [
    'a ballot that was left out',
    [won('old', 1), read('old', 3), gave('old', 5)],
    'meta1/old gave 2.3 ballot 5 (CT_REMOVE) after 3',
  ],
  [
    'a ballot that two leaders gave',
    [won('old', 1), read('old', 3), won('new', 2), read('new', 3), gave('new', 4), gave('old', 4)],
    'meta1/new read ballot 3 of 2.3 after 4',
  ],
  [
    'a ballot that was taken back',
    [won('old', 1), read('old', 3), gave('old', 4), gave('old', 3)],
    'meta1/old gave 2.3 ballot 3 (CT_REMOVE) after 4',
  ],
])('%s is one', (_what, events, contradiction) => {
  expect(toldContradictions(events)).toContain(contradiction);
});
