import type { InstanceStatus, ListedFault } from '@onebox/cluster';
import { electionOrder } from '../../src/feed/election-order';
import { serverEntry } from '../../src/feed/server-entry';
import { shownFaults } from '../../src/feed/shown-faults';

const MEBIBYTE = 1024 * 1024;

const STATUS: InstanceStatus = {
  ...{ name: 'replica1', role: 'replica', state: 'running', pid: 7, address: '127.0.0.1:34801', port: 34801 },
  ...{
    leader: false,
    answering: true,
    uptimeMs: 5000,
    rssBytes: 80 * MEBIBYTE,
    exitCode: null,
    asked: false,
    signal: null,
  },
  replicas: { total: 12, primary: 4, secondary: 8, learning: 0, inactive: 0, error: 0 },
  timers: null,
  faults: ['f1'],
};
const SURROUNDINGS = { alive: true, restarts: 1, before: undefined };

test('a server is shown with what its process, itself and the leader say', () => {
  const { startedAt, ...entry } = serverEntry(STATUS, undefined, SURROUNDINGS);
  expect(entry).toEqual({
    ...{
      name: 'replica1',
      role: 'replica',
      state: 'running',
      pid: 7,
      address: '127.0.0.1:34801',
      port: 34801,
    },
    ...{
      leader: false,
      answering: true,
      exitCode: null,
      signal: null,
      asked: false,
      rssBytes: 80 * MEBIBYTE,
    },
    ...{ alive: true, url: 'http://127.0.0.1:34801/', session: null, restarts: 1, faults: ['f1'] },
    replicas: { primary: 4, secondary: 8, total: 12 },
  });
  expect(Math.abs((startedAt ?? 0) - (Date.now() - 5000))).toBeLessThan(1000);
});

test('memory that goes up and down a little, and a start time that is computed anew, are no news', () => {
  const before = serverEntry(STATUS, undefined, SURROUNDINGS);
  const later = { ...STATUS, uptimeMs: 5003, rssBytes: 81 * MEBIBYTE + 5 };
  expect(serverEntry(later, undefined, { ...SURROUNDINGS, before })).toEqual(before);
  const larger = serverEntry({ ...STATUS, rssBytes: 83 * MEBIBYTE }, undefined, { ...SURROUNDINGS, before });
  expect(larger.rssBytes).toBe(83 * MEBIBYTE);
  const again = serverEntry({ ...STATUS, uptimeMs: 10 }, undefined, { ...SURROUNDINGS, before });
  expect(again.startedAt).toBeGreaterThan((before.startedAt ?? 0) + 1000);
});

test('metas queue in the order of their lock nodes', () => {
  const meta = (name: string, lockNode: string | null) => {
    return { name, session: { id: '0x1', state: 'connected', timeoutMs: 4000, lockNode } };
  };
  expect(
    electionOrder([
      meta('meta1', 'LOCKNODE0000000010'),
      meta('meta2', null),
      meta('meta3', 'LOCKNODE0000000009'),
      { name: 'replica1', session: null },
    ]),
  ).toEqual(['meta3', 'meta1']);
});

test('what is broken on purpose: faults, pauses, and processes that somebody else stopped', () => {
  const nothing = { from: null, http: null, rpc: null, probability: null, ms: null, seed: null };
  const listed: readonly ListedFault[] = [
    {
      ...{ id: 'f2', kind: 'cut', instance: 'meta1', text: 'cut meta1 from zookeeper' },
      ...{ sinceUnixMs: 5, untilUnixMs: 9, ...nothing },
    },
    {
      ...{ id: 'f3', kind: 'pause', instance: 'replica1', text: 'pause replica1' },
      ...{ sinceUnixMs: 6, untilUnixMs: null, ...nothing },
    },
  ];
  const servers = [
    { name: 'replica1', state: 'frozen' as const },
    { name: 'replica2', state: 'frozen' as const },
    { name: 'replica3', state: 'running' as const },
  ];
  expect(shownFaults(listed, servers, (words) => `onebox ${words}`)).toEqual({
    f2: {
      ...{ id: 'f2', kind: 'cut', instance: 'meta1', text: 'cut meta1 from zookeeper' },
      ...{ since: 5, until: 9, clear: 'onebox fault clear f2' },
    },
    f3: {
      ...{ id: 'f3', kind: 'pause', instance: 'replica1', text: 'pause replica1' },
      ...{ since: 6, until: null, clear: 'onebox resume replica1' },
    },
    'frozen replica2': {
      ...{ id: 'frozen replica2', kind: 'pause', instance: 'replica2', text: 'replica2 is frozen' },
      ...{ since: null, until: null, clear: 'onebox resume replica2' },
    },
  });
});
