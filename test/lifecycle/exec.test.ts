import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@onebox/base';
import { processesNaming } from '../support/processes';
import { PROJECT } from '../support/run-cli';

const ONEBOX = join(PROJECT, 'bin/onebox');
/** The smallest cluster, on the ZooKeeper that starts soonest. */
const SMALL = ['-m', '1', '-r', '1', '--no-collector', '--zookeeper', 'embedded'];

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'ob-'))));
afterEach(async () => {
  await nothingLeft();
  rmSync(home, { recursive: true, force: true });
});

function start(...words: readonly string[]): {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
} {
  const child = spawn(process.execPath, [ONEBOX, ...words], {
    env: { ...process.env, ONEBOX_HOME: home, ONEBOX_NAME: 'somebody-elses' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const limit = setTimeout(() => child.kill('SIGKILL'), 60_000);
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      resolve({ code, signal, stdout, stderr });
    });
  });
  return { child, ended };
}

const exec = (...command: readonly string[]) => start('exec', ...SMALL, '--', ...command);

/** No process and no file of any cluster of this home. */
async function nothingLeft(): Promise<void> {
  await until('every process gone', () => processesNaming(home).length === 0, { withinMs: 5000 });
  await until('every file gone', () => readdirSync(home).length === 0, { withinMs: 5000 });
}

const serving = (): boolean => processesNaming(home).some(({ command }) => command.includes('-app_list'));
const marker = (name: string): string => join(tmpdir(), `${name}-${process.pid}`);
/** A command that says when it runs, by making a file, and what signals it gets. */
const listener = (file: string, then = '') =>
  `for (const s of ['SIGINT','SIGTERM','SIGHUP']) process.on(s, () => { console.log(s); ${then} });` +
  `require('fs').writeFileSync(${JSON.stringify(file)}, ''); setInterval(() => {}, 1000);`;

test('the command finds the cluster, has the streams to itself, and its exit code is the exit code', async () => {
  const { child, ended } = exec(
    'sh',
    '-c',
    `cat; echo "$ONEBOX_NAME"; "${process.execPath}" "${ONEBOX}" status --json; "${process.execPath}" "${ONEBOX}" env --json; exit 7`,
  );
  child.stdin?.end('read from standard input\n');
  const { code, stdout, stderr } = await ended;
  expect(code).toBe(7);
  const [input, name, ...json] = stdout.trimEnd().split('\n');
  expect([input, name]).toEqual(['read from standard input', expect.stringMatching(/^exec-[a-z0-9]{6}$/)]);
  const env = JSON.parse(json.pop() ?? '') as Record<string, string>;
  const status = JSON.parse(json.join('\n')) as { metaServers: string[]; health: { healthy: boolean } };
  expect(status).toMatchObject({
    name,
    health: { healthy: true },
    metaServers: [env['ONEBOX_META_SERVERS']],
  });
  expect(env).toMatchObject({ ONEBOX_COLLECTOR: '', ONEBOX_HOME: home, ONEBOX_NAME: name });
  expect(stderr).toMatch(
    /^ZooKeeper: embedded .*\nEphemeral: nothing .*\nCluster 'exec-.*' is healthy after .* s: running sh -c /,
  );
});

test('a command that a signal ends is shown as shells do; --quiet leaves standard error to it', async () => {
  const { ended } = start('exec', ...SMALL, '-q', '--', 'sh', '-c', 'echo mine >&2; kill -9 $$');
  expect(await ended).toMatchObject({ code: 137, stdout: '', stderr: 'mine\n' });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s is given to the command, which decides',
  async (signal) => {
    const file = marker(signal);
    try {
      const { child, ended } = exec(process.execPath, '-e', listener(file, 'process.exit(3)'));
      await until('the command', () => existsSync(file), { withinMs: 30_000 });
      child.kill(signal);
      expect(await ended).toMatchObject({ code: 3, stdout: `${signal}\n` });
    } finally {
      rmSync(file, { force: true });
    }
  },
);

test('SIGKILL: the servers die, the command is told to end, the directory goes', async () => {
  const file = marker('killed');
  try {
    const { child, ended } = exec(process.execPath, '-e', listener(file, 'process.exit()'));
    await until('the command', () => existsSync(file), { withinMs: 30_000 });
    expect(serving()).toBe(true);
    child.kill('SIGKILL');
    // The command has the streams open until it ends itself.
    expect(await ended).toMatchObject({ code: null, signal: 'SIGKILL', stdout: 'SIGTERM\n' });
    await nothingLeft();
  } finally {
    rmSync(file, { force: true });
  }
});

test('interrupted while the cluster starts, the command never runs', async () => {
  const { child, ended } = exec('echo', 'ran');
  await until('a server', serving, { withinMs: 20_000, everyMs: 2 });
  child.kill('SIGTERM');
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 143, stdout: '' });
});

test('125 when there is no cluster for it, 126 and 127 when there is no command, without a cluster', async () => {
  const script = join(home, 'script');
  writeFileSync(script, '');
  chmodSync(script, 0o600);
  const said = async (...words: readonly string[]) => {
    const { code, stdout, stderr } = await start('exec', ...words).ended;
    return [code, stdout, stderr];
  };
  const next = 'Write the command behind --, as a shell would find it: onebox exec -- npm test\n';
  expect(await said('--', 'no-such-command')).toEqual([
    127,
    '',
    `error: 'no-such-command' cannot be run: there is no such command (ONEBOX_CANNOT_RUN)\n${next}`,
  ]);
  expect(await said('--', script)).toEqual([
    126,
    '',
    `error: '${script}' cannot be run: it is not executable (ONEBOX_CANNOT_RUN)\n${next}`,
  ]);
  rmSync(script);
  expect(await said('--', home)).toMatchObject([126, '', expect.stringContaining('it is a directory')]);
  expect(await said('--metas', '0', '--', 'true')).toMatchObject([
    125,
    '',
    expect.stringContaining('--metas'),
  ]);
  expect(await said()).toEqual([
    125,
    '',
    "error: missing required argument 'command' (ONEBOX_USAGE)\nSee `onebox exec --help`.\n",
  ]);
  expect(await said('--set', 'replication.lb_interval_ms=x', '--', 'true', '--json')).toMatchObject([
    125,
    '',
    expect.stringContaining('ONEBOX_CONFIG_INVALID'),
  ]);
});

test('three at the same moment have ports, names and directories of their own', async () => {
  const runs = [1, 2, 3].map(() =>
    exec('sh', '-c', 'echo "$ONEBOX_NAME $ONEBOX_META_SERVERS $ONEBOX_ZOOKEEPER"'),
  );
  const ends = await Promise.all(runs.map(({ ended }) => ended));
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
  const words = ends.flatMap(({ stdout }) => stdout.trim().split(' '));
  expect(new Set(words).size).toBe(9);
});

test('--foreground tells what happens, and Ctrl-C ends it with 0; SIGKILL leaves a cluster that can be started again', async () => {
  const words = ['start', '--name', 'fg', '--foreground', '--ports', 'auto', ...SMALL];
  const first = start(...words);
  let said = '';
  first.child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until('a healthy cluster', () => said.includes('is healthy'), { withinMs: 30_000 });
  expect((await start('start', '--name', 'fg', '--foreground').ended).stderr).toContain(
    'ONEBOX_RUNS_ALREADY',
  );
  expect((await start('kill', 'replica1', '--name', 'fg').ended).code).toBe(0);
  await until('the news', () => said.includes('replica1 ended by signal SIGKILL'), { withinMs: 5000 });
  const record = () => readFileSync(join(home, 'fg/record.json'), 'utf8');
  const before = record();
  first.child.kill('SIGKILL');
  await first.ended;
  await until('its servers gone', () => processesNaming(home).length === 0, { withinMs: 5000 });
  const second = start(...words);
  second.child.stdout?.on('data', (chunk: Buffer) => {
    if (chunk.toString().includes('is healthy')) second.child.kill('SIGINT');
  });
  const { code, stdout } = await second.ended;
  expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([
    0,
    expect.stringMatching(/ Cluster 'fg' is stopped\.$/),
  ]);
  expect(record()).toBe(before);
  expect((await start('clear', '--name', 'fg').ended).code).toBe(0);
});

test('what is left of an ephemeral cluster, the next command removes', async () => {
  const { child, ended } = start('start', '--name', 'gone', '--ephemeral', '--ports', 'auto', ...SMALL);
  await ended;
  expect(child.exitCode).toBe(0);
  for (const { pid } of processesNaming(home)) process.kill(pid, 'SIGKILL');
  await until('every process gone', () => processesNaming(home).length === 0, { withinMs: 5000 });
  expect(readdirSync(home)).toEqual(['gone']);
  expect(await start('list').ended).toMatchObject({
    stdout: `There are no clusters in ${home}.\n`,
    stderr: "Removed what was left of cluster 'gone'.\n",
  });
});

/** A terminal is made with Python, which Node cannot do by itself. */
const testInTerminal = spawnSync('python3', ['-c', 'import pty']).status === 0 ? test : test.skip;

testInTerminal(
  'Ctrl-C in a terminal reaches the command once; a terminal that is closed ends it, and the cluster',
  async () => {
    const inTerminal = (how: 'ctrl-c' | 'close', script: string) => {
      const words = [ONEBOX, 'exec', ...SMALL, '-q', '--', process.execPath, '-e', script];
      const python = [join(__dirname, 'support/in-terminal.py'), how, process.execPath, ...words];
      const child = spawn('python3', python, { env: { ...process.env, ONEBOX_HOME: home } });
      let stdout = '';
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      return new Promise<readonly string[]>((resolve) => {
        child.on('close', () => resolve(stdout.trim().split(/\s+/)));
      });
    };
    // A second SIGINT would come at once: the command waits for it as long as it takes to be sure.
    const counting =
      `let n = 0; process.on('SIGINT', () => { n += 1; if (n === 1) setTimeout(() => process.exit(40 + n), 500); });` +
      `process.stdout.write('READY\\n'); setInterval(() => {}, 1000);`;
    expect((await inTerminal('ctrl-c', counting)).join(' ')).toMatch(/EXIT 41$/);
    expect(
      await inTerminal('close', `process.stdout.write('READY\\n'); setInterval(() => {}, 1000);`),
    ).toEqual(['READY', 'EXIT', '-1']);
  },
);
