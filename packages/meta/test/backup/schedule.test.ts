import { isBackupDue } from '../../src/backup/schedule';
import { parseStartTime, startTimeText } from '../../src/backup/start-time';

/** A moment of the local time zone, in which start times are; in a month without a change of the clocks. */
const at = (day: number, hour: number, minute = 0): number => new Date(2024, 4, day, hour, minute).getTime();

const DAILY = { intervalSeconds: 86_400, startTime: { hour: 24, minute: 0 } };
const AT_TWO = { intervalSeconds: 86_400, startTime: { hour: 2, minute: 30 } };
const AT_MIDNIGHT = { intervalSeconds: 86_400, startTime: { hour: 0, minute: 0 } };
const BEFORE_MIDNIGHT = { intervalSeconds: 86_400, startTime: { hour: 23, minute: 50 } };

test.each([
  ['without a start time, a first backup begins at once', DAILY, undefined, at(1, 17), true],
  ['without a start time, the next one when the interval has passed', DAILY, at(1, 17), at(2, 17), true],
  ['… and not a minute earlier', DAILY, at(1, 17), at(2, 16, 59), false],
  ['with a start time, a first backup waits for its hour', AT_TWO, undefined, at(1, 1, 59), false],
  ['… and begins within it, whatever the minute', AT_TWO, undefined, at(1, 2, 0), true],
  ['… to its end', AT_TWO, undefined, at(1, 2, 59), true],
  ['… and not afterwards', AT_TWO, undefined, at(1, 3, 0), false],
  ['a backup that began late does not delay the next', AT_TWO, at(1, 2, 55), at(2, 2, 30), true],
  ['… which does not come before its start time', AT_TWO, at(1, 2, 55), at(2, 2, 29), false],
  ['one that began early keeps the interval', AT_TWO, at(1, 2, 10), at(2, 2, 9), false],
  ['… of a whole day', AT_TWO, at(1, 2, 10), at(2, 2, 10), true],
  ['a start time that was moved up takes the difference off', AT_TWO, at(1, 20, 0), at(2, 2, 30), true],
  ['a start time that was put off waits for its hour', BEFORE_MIDNIGHT, at(1, 2, 0), at(2, 2, 0), false],
  ['… of the day when the interval is over', BEFORE_MIDNIGHT, at(1, 2, 0), at(2, 23, 0), true],
  ['midnight is an hour like others', AT_MIDNIGHT, at(1, 0, 20), at(2, 0, 0), true],
  ['… that ends at one', AT_MIDNIGHT, at(1, 0, 20), at(2, 1, 0), false],
  ['an hour before midnight ends at midnight', BEFORE_MIDNIGHT, at(1, 23, 55), at(3, 0, 0), false],
  ['… and is there again the next day', BEFORE_MIDNIGHT, at(1, 23, 55), at(2, 23, 50), true],
])('%s', (_what, policy, lastStartMs, nowMs, due) => {
  expect(isBackupDue(policy, { lastStartMs, nowMs, scale: 1 })).toBe(due);
});

test('a fast clock shortens the interval, and leaves times of day to the wall', () => {
  const fast = { lastStartMs: at(1, 17), scale: 0.1 };
  expect(isBackupDue(DAILY, { ...fast, nowMs: at(1, 19, 23) })).toBe(false);
  expect(isBackupDue(DAILY, { ...fast, nowMs: at(1, 19, 24) })).toBe(true);
  expect(isBackupDue(AT_TWO, { ...fast, nowMs: at(1, 23) })).toBe(false);
  expect(isBackupDue(AT_TWO, { ...fast, nowMs: at(2, 2, 30) })).toBe(true);
});

test.each([
  ['2:5', '02:05'],
  ['02:05', '02:05'],
  ['24:00', '24:00'],
  ['0:0', '00:00'],
  ['23:59:30', '23:59'],
  [' 7: 8x', '07:08'],
])('the start time %j is %s', (text, shown) => {
  const parsed = parseStartTime(text);
  expect(parsed === undefined ? undefined : startTimeText(parsed)).toBe(shown);
});
