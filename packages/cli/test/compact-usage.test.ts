import { said } from './support/in-process';

const wrong = (stderr: string) => ({ code: 2, stdout: '', stderr });
const TIMES =
  'error: --at goes with --type periodic, and the other way round (ONEBOX_USAGE)\n' +
  'Write: onebox compact start TABLE --type periodic --at 3:00,21:00\n';

describe('wrong words behind `onebox compact`', () => {
  test.each([
    [['compact', 'start'], "error: missing required argument 'table'\n"],
    [['compact', 'start', 't', '--type', 'periodic'], TIMES],
    [['compact', 'start', 't', '--at', '3:00'], TIMES],
    ...['25:99', '3', '3:00,', 'noon'].map((at): [string[], string] => [
      ['compact', 'start', 't', '--type', 'periodic', '--at', at],
      `error: option '--at <times>' argument '${at}' is invalid. It must be times of day, HH:MM, with commas between them.\n`,
    ]),
    [
      ['compact', 'start', 't', '--bottommost', 'all'],
      "error: option '--bottommost <rule>' argument 'all' is invalid. Allowed choices are skip, force.\n",
    ],
    [
      ['compact', 'scenario', 't', 'fast'],
      "error: command-argument value 'fast' is invalid for argument 'scenario'. Allowed choices are normal, prefer_write, bulk_load.\n",
    ],
  ])('onebox %j', async (words, stderr) => {
    expect(await said(words)).toEqual(wrong(stderr));
  });
});
