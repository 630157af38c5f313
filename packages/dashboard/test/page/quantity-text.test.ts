import { clockText, countText, durationText, memoryText } from '../../src/page/quantity-text';

test.each([
  [0, '0s'],
  [-5, '0s'],
  [42_900, '42s'],
  [192_000, '3m 12s'],
  [180_000, '3m'],
  [18_180_000, '5h 3m'],
  [187_200_000, '2d 4h'],
])('%i ms are %s', (ms, text) => expect(durationText(ms)).toBe(text));

test('memory, counts and times', () => {
  expect(memoryText(91_226_112)).toBe('87 MB');
  expect([countText(1, 'table'), countText(1000, 'table')]).toEqual(['1 table', '1,000 tables']);
  expect(clockText(new Date(2026, 1, 3, 4, 5, 6, 7).getTime())).toBe('04:05:06.007');
});
