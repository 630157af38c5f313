import { said } from './support/in-process';

describe('wrong words behind `onebox dup`', () => {
  test.each([
    [['dup', 'add', 't'], "error: missing required argument 'remote'\n"],
    [['dup', 'pause', 't'], "error: missing required argument 'dupid'\n"],
    [
      ['dup', 'fail-mode', 't', '1', 'never'],
      "error: command-argument value 'never' is invalid for argument 'mode'. Allowed choices are slow, skip, fast.\n",
    ],
  ])('onebox %j', async (words, stderr) => {
    expect(await said(words)).toEqual({ code: 2, stdout: '', stderr });
  });
});
