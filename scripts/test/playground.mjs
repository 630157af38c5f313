import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ONEBOX = new URL('../../bin/onebox', import.meta.url).pathname;
/** What a process that was told to end may still take. */
const END_WITHIN_MS = 5000;

/**
 * The tests' own directory for temporary files. Every process that a test starts inherits its name (TMPDIR), however far it
 * detaches itself: that is how we find what was left behind, and how an interrupted run takes its clusters away.
 */
export class Playground {
  constructor() {
    // A short name: sockets lie far below it, and their paths have a limit of 107 characters.
    this.directory = mkdtempSync(join(tmpdir(), 'obt-'));
  }

  get env() {
    return { TMPDIR: this.directory };
  }

  /** Processes that are left when everything should have ended, one line each; they are killed. Linux only. */
  async processesLeft() {
    const deadline = performance.now() + END_WITHIN_MS;
    while (this.processes().length > 0 && performance.now() < deadline) await soon();
    const left = this.processes();
    await this.killAll();
    return left.map(({ pid, command }) => `${pid} ${command}`);
  }

  /** Files and directories left behind, by name; they are deleted. */
  async filesLeft() {
    const left = readdirSync(this.directory);
    for (const name of left) rmSync(join(this.directory, name), { recursive: true, force: true });
    return left;
  }

  /** Ends and deletes what there is, also what a killed run of Jest left in the middle of a test. */
  async close(env) {
    await this.killAll();
    // Of a cluster whose processes are dead only a container can be left.
    for (const { home, name } of this.clusters()) {
      spawnSync(process.execPath, [ONEBOX, 'clear', '--name', name], {
        env: {
          ...process.env,
          ...env,
          ...this.env,
          ONEBOX_HOME: home,
          ONEBOX_ZOOKEEPER_IMAGE:
            env['ONEBOX_TEST_ZOOKEEPER_IMAGE'] ?? process.env['ONEBOX_TEST_ZOOKEEPER_IMAGE'],
        },
        stdio: 'ignore',
        timeout: 30_000,
      });
    }
    await this.killAll();
    rmSync(this.directory, { recursive: true, force: true });
  }

  clusters() {
    return directoriesIn(this.directory).flatMap((home) => {
      return directoriesIn(home).map((path) => ({ home, name: path.slice(home.length + 1) }));
    });
  }

  async killAll() {
    const deadline = performance.now() + END_WITHIN_MS;
    for (let found = this.processes(); found.length > 0; found = this.processes()) {
      for (const { pid } of found) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It ended meanwhile.
        }
      }
      if (performance.now() > deadline) return;
      await soon();
    }
  }

  processes() {
    const found = [];
    for (const name of entriesOf('/proc')) {
      const pid = Number(name);
      if (!Number.isInteger(pid) || pid === process.pid) continue;
      const command = procFile(pid, 'cmdline').replaceAll('\0', ' ').trim();
      const inherited = procFile(pid, 'environ').split('\0').includes(`TMPDIR=${this.directory}`);
      if (inherited || command.includes(this.directory)) found.push({ pid, command });
    }
    return found;
  }
}

function soon() {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

function entriesOf(directory) {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function directoriesIn(parent) {
  return entriesOf(parent)
    .map((name) => join(parent, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
}

function procFile(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it ended meanwhile, or is somebody else's
  }
}
