import { parseNode } from '@onebox/base';
import { EventLines, machineTimes } from '../../src/event-log/event-lines';

const TIMES = { unixMs: () => 1_767_225_600_000, monotonicUs: () => 42, boot: 'boot "1"' };
const ENVELOPE = { unixMs: 1_767_225_600_000, monotonicUs: 42, boot: 'boot "1"', server: 'meta1' };

test('a line is the envelope, the type and the facts', () => {
  const lines = new EventLines('meta1', TIMES, 'begun');
  const node = parseNode('127.0.0.1:34801');
  const first = lines.next('node-dead', { node, silentMs: 10 });
  expect(JSON.parse(first.text)).toEqual({
    ...{ id: 'meta1/begun/1', ...ENVELOPE, type: 'node-dead', node, silentMs: 10 },
  });
  const facts = { from: 'lively', to: 'freezed', reason: 'too\nfew "nodes"' };
  const second = lines.next('level-changed', facts, first.id);
  expect(second.id).toBe('meta1/begun/2');
  expect(JSON.parse(second.text)).toEqual({
    ...{ id: second.id, ...ENVELOPE, cause: first.id, type: 'level-changed', ...facts },
  });
});

test('facts of which none is known leave a line that can be read', () => {
  const nothing = { node: undefined, silentMs: undefined } as never;
  const { text } = new EventLines('meta1', TIMES, 'begun').next('node-dead', nothing);
  expect(JSON.parse(text)).toEqual({ id: 'meta1/begun/1', ...ENVELOPE, type: 'node-dead' });
});

test("the machine's monotonic clock is the one of hrtime", () => {
  const times = machineTimes();
  const before = Number(process.hrtime.bigint()) / 1000;
  const now = times.monotonicUs();
  const after = Number(process.hrtime.bigint()) / 1000;
  expect(now).toBeGreaterThanOrEqual(Math.floor(before));
  expect(now).toBeLessThanOrEqual(after);
  expect(Number.isInteger(now)).toBe(true);
});
