import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { execFileSync, spawnSync } from 'node:child_process';
import { processesNaming } from '../support/processes';
import { PROJECT } from '../support/run-cli';
import { testPortOffset } from '../support/test-ports';

/** What is on a machine that has Node: a POSIX shell and the programs of the GNU coreutils that scripts use, where they are. */
const PROGRAMS = [
  ...['node', 'npm', 'npx', 'sh'],
  ...[
    'basename',
    'cat',
    'chmod',
    'cp',
    'cut',
    'date',
    'dirname',
    'echo',
    'env',
    'expr',
    'false',
    'head',
    'id',
    'ln',
    'ls',
  ],
  ...[
    'mkdir',
    'mktemp',
    'mv',
    'nohup',
    'printf',
    'pwd',
    'readlink',
    'realpath',
    'rm',
    'rmdir',
    'seq',
    'sleep',
    'sort',
  ],
  ...['stat', 'tail', 'tee', 'test', 'timeout', 'touch', 'tr', 'true', 'uname', 'uniq', 'wc'],
];

/** A machine with Node and npm, and nothing else that is not on every machine: no Java, Docker, git, Python, ps or lsof. */
class BareMachine {
  readonly directory = mkdtempSync(join(tmpdir(), 'ob-bare-'));
  readonly project = join(this.directory, 'pegasus-onebox');
  private readonly env: Record<string, string>;

  constructor() {
    const [bin, home] = [join(this.directory, 'bin'), join(this.directory, 'home')];
    for (const each of [bin, home]) mkdirSync(each);
    for (const program of PROGRAMS) {
      const file = fileOf(program);
      if (file !== undefined) symlinkSync(file, join(bin, program));
    }
    this.env = {
      PATH: bin,
      HOME: home,
      JAVA_HOME: '',
      TMPDIR: tmpdir(),
      // npm's files come from the network on such a machine; here those are taken that this machine has.
      npm_config_cache: execFileSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).trim(),
      npm_config_prefer_offline: 'true',
    };
    // As a checkout: without what an installation or a build has put there. There is no git to make a clone with.
    const made = ['.git', 'node_modules', 'dist', 'coverage'];
    cpSync(PROJECT, this.project, { recursive: true, filter: (file) => !made.includes(basename(file)) });
  }

  /** Runs a line in the project's directory, as a person would type it, and gives what it printed. @throws when it fails */
  type(line: string): string {
    const env = { ...this.env, ONEBOX_TEST_PORT_OFFSET: String(testPortOffset(5)) };
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], {
      cwd: this.project,
      env,
      encoding: 'utf8',
      timeout: 280_000,
    });
    if (status !== 0) throw new Error(`${line}: exit code ${status}\n${stdout}\n${stderr}`);
    return `${stdout}${stderr}`;
  }
}

function fileOf(program: string): string | undefined {
  const path = [dirname(process.execPath), ...(process.env['PATH'] ?? '').split(delimiter)];
  return path.map((directory) => join(directory, program)).find((file) => existsSync(file));
}

/** The first command under a heading of README.md. */
function readmeCommand(heading: string): string {
  const readme = readFileSync(join(PROJECT, 'README.md'), 'utf8');
  const command = new RegExp(`^## ${heading}\\n[^#]*?^\`\`\`sh\\n(.+)\\n\`\`\`$`, 'm').exec(readme)?.[1];
  if (command === undefined) throw new Error(`README.md has no command under ${heading}`);
  return command;
}

/**
 * Types README's first command. Somebody's own cluster may run here, and the usual ports lie where systems take ports for
 * outgoing connections from: then this one stands aside, and the line is README's with one option more.
 */
async function typeStart(): Promise<string> {
  const line = readmeCommand('Start');
  const aside = `${line} --port-offset ${testPortOffset(6)}`;
  const usual = [34601, 34602, 34603, 34801, 34802, 34803, 34101, 22181];
  const free = await Promise.all(usual.map(isFree));
  if (!free.every(Boolean)) return machine.type(aside);
  try {
    return machine.type(line);
  } catch (error) {
    if (!String(error).includes('(ONEBOX_PORT_IN_USE)')) throw error;
    return machine.type(aside);
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

const machine = new BareMachine();
afterAll(() => {
  // Of an installation that failed there is nothing to clear.
  machine.type('npx --no onebox clear || true');
  rmSync(machine.directory, { recursive: true, force: true });
});

describe('on a machine with Node and npm only', () => {
  test("README's first command gives a healthy cluster, which ends without a trace", async () => {
    const start = await typeStart();
    expect(start).toContain('ZooKeeper: embedded (');
    expect(start).toMatch(/^Cluster 'onebox' is healthy after \d+\.\d s\.$/m);
    expect(machine.type('npx onebox status')).toContain("Cluster 'onebox' is healthy");

    machine.type('npx onebox stop');
    expect(processesNaming(machine.directory)).toEqual([]);
    expect(readdirSync(join(machine.directory, 'home'))).toEqual(['.pegasus-onebox']);
    machine.type('npx onebox clear');
    expect(readdirSync(join(machine.directory, 'home/.pegasus-onebox'))).toEqual([]);
  }, 300_000);

  // All of it cannot run within itself: this is the command itself, for one room and one scenario of real clusters.
  test("README's test command passes, here for a part of the tests", () => {
    const run = machine.type(`${readmeCommand('Test')} -- packages/base test/scenarios/advertise`);
    expect(run).toMatch(/^\d+ passed, 0 failed(, \d+ skipped)?$/m);
  }, 300_000);
});
