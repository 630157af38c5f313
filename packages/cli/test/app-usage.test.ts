import { parseDuration } from '../src/duration';
import { textTable } from '../src/text-table';
import { said } from './support/in-process';

const wrong = (stderr: string) => ({ code: 2, stdout: '', stderr });

describe('wrong words behind `onebox app` and `onebox level`', () => {
  test.each([
    [['app', 'create'], "error: missing required argument 'name'\n"],
    [
      ['app', 'create', 't', '-p', 'many'],
      "error: 'many' is not a whole number (ONEBOX_BAD_NUMBER)\nWrite decimal digits, for example 8.\n",
    ],
    [
      ['app', 'drop', 't', '--reserve', 'soon'],
      "error: 'soon' is not a duration (ONEBOX_BAD_DURATION)\nWrite a number and a unit: 500ms, 60s, 5m, 2h or 7d.\n",
    ],
    [
      ['app', 'recall', 'temp'],
      "error: 'temp' is not a whole number (ONEBOX_BAD_NUMBER)\nWrite decimal digits, for example 8.\n",
    ],
    [
      ['level', 'fast'],
      "error: command-argument value 'fast' is invalid for argument 'level'. Allowed choices are blind, freezed, steady, lively.\n",
    ],
    [['app', 'crate', 't'], "error: unknown command 'crate'\n(Did you mean create?)\n"],
  ])('onebox %j', async (words, stderr) => {
    expect(await said(words)).toEqual(wrong(stderr));
  });
});

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
