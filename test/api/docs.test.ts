import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiHome } from '../support/api-home';
import { PROJECT } from '../support/run-cli';

test('the examples of docs/api.md are one program, and it runs', async () => {
  const home = new ApiHome();
  const page = readFileSync(join(PROJECT, 'docs/api.md'), 'utf8');
  const examples = [...page.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, text]) => text);
  expect(examples.length).toBeGreaterThan(9);
  try {
    const words = ['--input-type=module', '--eval', examples.join('\n')];
    const { code, output } = await home.node(words);
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('127.0.0.1:') as string });
    await home.untilNothingIsLeft();
  } finally {
    home.destroy();
  }
});
