import { said } from './support/in-process';

const wrong = (stderr: string) => ({ code: 2, stdout: '', stderr });

describe('wrong words behind `onebox bulk-load`', () => {
  test.each([
    [['bulk-load', 'start'], "error: missing required argument 'table'\n"],
    [['bulk-load', 'pause', 't', '--force'], "error: unknown option '--force'\n"],
    [
      ['bulk-load', 'example', 't', '--files', '0'],
      'error: --files is at least 1 (ONEBOX_USAGE)\nWrite: --files 2\n',
    ],
  ])('onebox %j', async (words, stderr) => {
    expect(await said(words)).toEqual(wrong(stderr));
  });
});

test('every command of `onebox bulk-load` has an example', async () => {
  for (const verb of ['start', 'query', 'pause', 'restart', 'cancel', 'clear', 'example']) {
    const { stdout } = await said(['bulk-load', verb, '--help']);
    expect(stdout).toMatch(/\nExample:\n {2}onebox bulk-load /);
  }
});
