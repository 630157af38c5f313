import { parseMoment } from '../src/moment';

const NOW = new Date(2026, 2, 1, 14, 30, 5, 250).getTime();

test.each([
  ['90', NOW - 90_000],
  ['500ms', NOW - 500],
  ['2h', NOW - 7_200_000],
  ['14:30:05', new Date(2026, 2, 1, 14, 30, 5).getTime()],
  ['9:05', new Date(2026, 2, 1, 9, 5).getTime()],
  ['14:30:05.120', new Date(2026, 2, 1, 14, 30, 5, 120).getTime()],
  ['2026-02-28', new Date(2026, 1, 28).getTime()],
  ['2026-02-28 23:59', new Date(2026, 1, 28, 23, 59).getTime()],
  ['2026-02-28T23:59:00Z', Date.UTC(2026, 1, 28, 23, 59)],
])('%s is a moment', (text, unixMs) => {
  expect(parseMoment(text, NOW)).toBe(unixMs);
});

test.each(['', 'yesterday', '25:00', '2026-13-01', '-5m'])("'%s' is none", (text) => {
  expect(() => parseMoment(text, NOW)).toThrow(`'${text}' is neither a duration nor a time`);
});

test.each(['14:30:06', '2026-03-02', '2026-03-01 23:00'])('%s is still to come', (text) => {
  expect(() => parseMoment(text, NOW)).toThrow(`'${text}' is still to come`);
});
