import { parseDuration } from '../src/duration';
import { textTable } from '../src/text-table';

test.each([
  ['500ms', 0.5],
  ['60s', 60],
  ['90', 90],
  ['5m', 300],
  ['1.5h', 5400],
  ['7d', 604800],
])('%s is %p seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each(['', 's', '-1s', '1w', '1 s s', '0x10'])('%j is no duration', (text) => {
  expect(() => parseDuration(text)).toThrow(`'${text}' is not a duration`);
});

test('a table is padded, with numbers to the right and no blanks at the end', () => {
  expect(
    textTable(
      ['id', 'name', 'note'],
      [
        [1, 'stat', ''],
        [12, 't', 'x'],
      ],
    ),
  ).toBe(['id  name  note', ' 1  stat', '12  t     x'].join('\n'));
});
