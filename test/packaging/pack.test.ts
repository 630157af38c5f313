import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '../support/run-cli';
import { testPortOffset } from '../support/test-ports';

test('the packed package, installed into an empty project, gives a working `npx onebox start`', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ob-pack-'));
  const project = join(directory, 'project');
  const home = mkdtempSync(join(tmpdir(), 'ob-'));
  const env = { ...process.env, ONEBOX_HOME: home, ONEBOX_NAME: 'packed' };
  const run = (command: string, ...args: readonly string[]) =>
    execFileSync(command, args, { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
  try {
    mkdirSync(project);
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', directory], {
      cwd: PROJECT,
      stdio: 'pipe',
    });
    const tarball = readdirSync(directory).find((name) => name.endsWith('.tgz')) ?? '';
    writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true }');
    run('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', join(directory, tarball));
    const offset = String(testPortOffset(0));
    const output = run('npx', 'onebox', 'start', '--zookeeper', 'local', '--port-offset', offset);
    expect(output).toContain(`127.0.0.1:${34601 + Number(offset)}`);
    expect(run('npx', 'onebox', 'app', 'list')).toContain('temp');
    // The profiler's native parts lie beside the bundle: they must be found from there.
    const url = `http://127.0.0.1:${34801 + Number(offset)}/pprof/profile?seconds=0`;
    const profile = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(profile.toString('latin1', 0, 2)).toBe('\x1f\x8b');
    run('npx', 'onebox', 'clear');
  } finally {
    rmSync(directory, { recursive: true, force: true });
    rmSync(home, { recursive: true, force: true });
  }
}, 300_000);
