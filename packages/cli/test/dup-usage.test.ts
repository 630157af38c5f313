import { said } from './support/in-process';

describe('wrong words behind `onebox dup`', () => {
  test.each([
    [['dup', 'add', 't'], "error: missing required argument 'remote'\n"],
    [['dup', 'pause', 't'], "error: missing required argument 'dupid'\n"],
    [
      ['dup', 'remove', 't', '2147483648'],
      "error: command-argument value '2147483648' is invalid for argument 'dupid'. It must be a whole number from 1 to 2147483647.\n",
    ],
    [
      ['dup', 'fail-mode', 't', '1', 'never'],
      "error: command-argument value 'never' is invalid for argument 'mode'. Allowed choices are slow, skip, fast.\n",
    ],
  ])('onebox %j', async (words, stderr) => {
    expect(await said(words)).toEqual({ code: 2, stdout: '', stderr });
  });
});
