import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BUNDLE = join(__dirname, '../../../bin/bundle.cjs');
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ob-bundle-'));
  mkdirSync(join(root, 'bin'));
  mkdirSync(join(root, 'dist'));
  cpSync(BUNDLE, join(root, 'bin/bundle.cjs'));
  writeFileSync(
    join(root, 'dist/program.js'),
    "process.stdout.write(__filename + ' ' + typeof require('node:fs').statSync + '\\n');",
  );
});
afterEach(() => rmSync(root, { recursive: true }));

/** Runs the program; makes its code cache first, or puts this in its place. */
function run(cache: 'made' | Buffer | undefined): string {
  const make = `
    const { bundleScript, runBundle } = require('./bin/bundle.cjs');
    const { file, script } = bundleScript('program');
    ${cache === 'made' ? "require('node:fs').writeFileSync(file + '.cache', script.createCachedData());" : ''}`;
  if (cache instanceof Buffer) writeFileSync(join(root, 'dist/program.js.cache'), cache);
  const node = (text: string): string =>
    execFileSync(process.execPath, ['-e', text], { cwd: root }).toString();
  node(make);
  return node(`
    const { bundleScript, runBundle } = require('./bin/bundle.cjs');
    process.stdout.write(String(bundleScript('program').script.cachedDataRejected) + ' ');
    runBundle('program');`);
}

test('a bundle runs with its code cache, and may require', () => {
  expect(run('made')).toBe(`false ${join(root, 'dist/program.js')} function\n`);
});

test('a bundle runs without one', () => {
  expect(run(undefined)).toBe(`undefined ${join(root, 'dist/program.js')} function\n`);
});

test('no bundle has an import() left, which one from a code cache could not do', () => {
  for (const name of ['cli', 'meta', 'replica', 'collector']) {
    const text = readFileSync(join(__dirname, '../../../dist', `${name}.js`), 'utf8');
    expect([name, /[^\w.$]import\(/.exec(text)?.[0]]).toEqual([name, undefined]);
  }
});

test('a cache of another Node is refused, and the bundle runs', () => {
  expect(run(Buffer.alloc(4096, 7))).toBe(`true ${join(root, 'dist/program.js')} function\n`);
});
