import { said } from './support/in-process';

const wrong = (stderr: string) => ({ code: 2, stdout: '', stderr });
const NOT_A_TIME = 'is invalid. It must be a time of day, HH:MM, or 24:00 for any time.\n';

describe('wrong words behind `onebox backup`', () => {
  test.each([
    [['backup', 'add-policy', 'p'], "error: required option '--tables <names>' not specified\n"],
    [
      ['backup', 'add-policy', 'p', '--tables', ','],
      "error: option '--tables <names>' argument ',' is invalid. It must be names with commas between them.\n",
    ],
    [['backup', 'now'], "error: missing required argument 'table'\n"],
    [
      ['backup', 'add-policy', 'p', '--tables', 't', '--start-time', '25:00'],
      `error: option '--start-time <HH:MM>' argument '25:00' ${NOT_A_TIME}`,
    ],
    [
      ['backup', 'modify', 'p', '--start-time', '24:01'],
      `error: option '--start-time <HH:MM>' argument '24:01' ${NOT_A_TIME}`,
    ],
    [
      ['backup', 'modify', 'p', '--start-time', 'noon'],
      `error: option '--start-time <HH:MM>' argument 'noon' ${NOT_A_TIME}`,
    ],
    [
      ['backup', 'restore', 't', 'now', '--table-id', '1'],
      "error: command-argument value 'now' is invalid for argument 'backup'. It must be the id of a backup.\n",
    ],
    [['backup', 'restore', 't', '1767225600000'], "error: required option '--table-id <id>' not specified\n"],
    [
      ['backup', 'modify', 'p', '--interval', '86399'],
      "error: option '--interval <seconds>' argument '86399' is invalid. It must be a whole number from 86400 to 2147483647.\n",
    ],
    [
      ['backup', 'modify', 'p', '--history', '0'],
      "error: option '--history <count>' argument '0' is invalid. It must be a whole number from 1 to 2147483647.\n",
    ],
    [
      ['backup', 'modify', 'p'],
      'error: nothing to change is named (ONEBOX_USAGE)\nSee `onebox backup modify --help`.\n',
    ],
  ])('onebox %j', async (words, stderr) => {
    expect(await said(words)).toEqual(wrong(stderr));
  });
});
