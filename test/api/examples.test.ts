import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ApiHome } from '../support/api-home';
import { PROJECT } from '../support/run-cli';

// The examples of examples/, each run as a user would.
const home = new ApiHome();
/** Jest's cache is nothing a test leaves behind. */
const JEST = [
  join(PROJECT, 'node_modules/jest/bin/jest.js'),
  `--cacheDirectory=${join(PROJECT, 'node_modules/.cache/jest')}`,
];

afterEach(() => home.untilNothingIsLeft());
afterAll(() => home.destroy());

test('node:test', async () => {
  const { code, output } = await home.node(['--test', '--test-reporter=tap', 'examples/node-test/']);
  expect({
    code,
    said: /^# (pass|fail) \d+$/gm.exec(output) && output.match(/^# (pass|fail) \d+$/gm),
  }).toEqual({
    code: 0,
    said: ['# pass 2', '# fail 0'],
  });
});

test('Jest with a global set-up; it ends by itself', async () => {
  const { code, output } = await home.node([
    ...JEST,
    '--config',
    'examples/jest/jest.config.cjs',
    '--ci',
    '--maxWorkers=2',
  ]);
  expect(output).toContain('Tests:       3 passed, 3 total');
  expect(output).not.toMatch(/did not exit|failed to exit|open handle/);
  expect(code).toBe(0);
});

test('three Jest workers have three clusters, started at the same time', async () => {
  const config = join(__dirname, 'workers/jest.config.cjs');
  const { code, output } = await home.node([
    ...JEST,
    '--config',
    config,
    '--ci',
    '--maxWorkers=3',
    '--workerThreads=false',
  ]);
  for (const worker of [1, 2, 3]) rmSync(join(home.path, `up${worker}`), { force: true });
  const metas = [...output.matchAll(/^cluster at (\S+)$/gm)].map(([, address]) => address);
  expect(output).toContain('Tests:       3 passed, 3 total');
  expect(new Set(metas).size).toBe(3);
  expect(code).toBe(0);
});
