import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '../support/run-cli';
import { testPortOffset } from '../support/test-ports';

// The packed package, installed into an empty project.

let directory: string;
let project: string;
let env: NodeJS.ProcessEnv;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ob-'));
  project = join(directory, 'project');
  env = { ...process.env, ONEBOX_HOME: join(directory, 'home'), ONEBOX_NAME: 'packed' };
  mkdirSync(project);
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', directory], {
    cwd: PROJECT,
    stdio: 'pipe',
  });
  const tarball = readdirSync(directory).find((name) => name.endsWith('.tgz')) ?? '';
  writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true }');
  run('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', join(directory, tarball));
}, 300_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
}

test('gives a working `npx onebox start`', async () => {
  const offset = String(testPortOffset(0));
  const output = run('npx', 'onebox', 'start', '--zookeeper', 'embedded', '--port-offset', offset);
  expect(output).toContain(`127.0.0.1:${34601 + Number(offset)}`);
  expect(run('npx', 'onebox', 'app', 'list')).toContain('temp');
  // The profiler's native parts lie beside the bundle: they must be found from there.
  const url = `http://127.0.0.1:${34801 + Number(offset)}/pprof/profile?seconds=0`;
  const profile = Buffer.from(await (await fetch(url)).arrayBuffer());
  expect(profile.toString('latin1', 0, 2)).toBe('\x1f\x8b');
  run('npx', 'onebox', 'clear');
}, 120_000);

describe('the API', () => {
  const SAID = [
    '{"metas":1,"collector":null,"killed":"meta1","leader":true,"tables":["stat/4","users/2"]}',
    'ONEBOX_NO_CLUSTER',
    '',
  ].join('\n');

  /** `tsc` of this repository, in the project: what it complains about, and its exit code. */
  function compile(...args: readonly string[]): { stdout: string; status: number | null } {
    const tsc = join(PROJECT, 'node_modules/typescript/bin/tsc');
    const words = [tsc, '--strict', '--target', 'es2022', '--lib', 'es2022', ...args];
    const { stdout, status } = spawnSync(process.execPath, words, { cwd: project, encoding: 'utf8' });
    return { stdout, status };
  }

  beforeAll(() => {
    for (const name of ['consumer.mts', 'no-node-types.mts']) {
      copyFileSync(join(__dirname, 'consumer', name), join(project, name));
    }
    copyFileSync(join(__dirname, 'consumer/consumer.mts'), join(project, 'consumer.cts'));
    mkdirSync(join(project, 'node_modules/@types'), { recursive: true });
    for (const name of ['@types/node', 'undici-types']) {
      symlinkSync(join(PROJECT, 'node_modules', name), join(project, 'node_modules', name));
    }
  });

  test('is typed for node16 and for bundlers, and its types need no others', () => {
    const sound = { stdout: '', status: 0 };
    expect(compile('--module', 'node16', '--types', 'node', 'consumer.mts', 'consumer.cts')).toEqual(sound);
    const bundler = ['--module', 'esnext', '--moduleResolution', 'bundler', '--noEmit'];
    expect(compile(...bundler, '--typeRoots', 'none', 'no-node-types.mts')).toEqual(sound);
  }, 180_000);

  test.each(['consumer.mjs', 'consumer.cjs'])(
    'works from %s, which tsc made',
    (program) => {
      expect(run(process.execPath, program)).toBe(SAID);
    },
    60_000,
  );

  test('works from plain JavaScript', () => {
    const load = {
      cjs: "const { Onebox } = require('pegasus-onebox')",
      mjs: "import { Onebox } from 'pegasus-onebox'",
    };
    for (const [kind, line] of Object.entries(load)) {
      writeFileSync(join(project, `plain.${kind}`), `${line};\nconsole.log(typeof Onebox.start);\n`);
      expect(run(process.execPath, `plain.${kind}`)).toBe('function\n');
    }
  });
});
