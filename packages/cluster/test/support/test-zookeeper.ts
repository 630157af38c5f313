import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bounded, until } from '@onebox/base';
import { EmbeddedProvider, LocalProvider, isServing } from '../../src/zookeeper-provider';

const EMBEDDED_PROGRAM = join(__dirname, '../../../../bin/zookeeper_embedded');

const READY_WITHIN_MS = 30_000;

/** What a test's ZooKeeper is: our own server, as it was built last, or Apache ZooKeeper of this machine. */
export type TestZooKeeperKind = 'embedded' | 'local';

export interface TestZooKeeperOptions {
  /** Default: `embedded`. */
  readonly kind?: TestZooKeeperKind;
  /** Decides the tickTime: 2000 ms times this. Sessions are granted from 2 to 20 ticks. */
  readonly timeScale?: number;
  /** A port of the caller's own range; a free one otherwise. */
  readonly port?: number;
  /** Further lines of its configuration. */
  readonly configuration?: readonly string[];
}

/** A ZooKeeper for one test file, as a process of its own, on a port and a directory of its own. */
export class TestZooKeeper {
  private process: ChildProcess | undefined;
  /** A test that forgets it, or fails before it can, must not leave it running. */
  private readonly onExit = (): void => void this.process?.kill('SIGKILL');

  private constructor(
    readonly kind: TestZooKeeperKind,
    readonly port: number,
    readonly directory: string,
    private readonly timeScale: number,
    private readonly configuration: readonly string[],
  ) {
    process.once('exit', this.onExit);
  }

  static async start(options: TestZooKeeperOptions = {}): Promise<TestZooKeeper> {
    const directory = await mkdtemp(join(tmpdir(), 'onebox-zookeeper-'));
    const zookeeper = new TestZooKeeper(
      options.kind ?? 'embedded',
      options.port ?? (await freePort()),
      directory,
      options.timeScale ?? 0.05,
      options.configuration ?? [],
    );
    await zookeeper.startAgain();
    return zookeeper;
  }

  get hosts(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** ZooKeeper's tick, real milliseconds. */
  get tickMs(): number {
    return 2000 * this.timeScale;
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Starts on the same port with the data that is there, and waits until it serves. */
  async startAgain(): Promise<void> {
    const provider = this.kind === 'local' ? new LocalProvider() : new EmbeddedProvider(EMBEDDED_PROGRAM);
    const prepared = await provider.prepare({
      clusterName: 'test',
      directory: this.directory,
      port: this.port,
      timeScale: this.timeScale,
      ephemeral: false,
      announce: () => undefined,
    });
    if (prepared.kind !== 'process') throw new Error('either is a process');
    const { spec } = prepared;
    const further = this.configuration.map((line) => `${line}\n`).join('');
    await appendFile(join(this.directory, 'zoo.cfg'), further);
    const output = openSync(spec.outputFile, 'a');
    const child = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: { ...process.env, ...spec.env },
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    this.process = child;
    await until(
      'the ZooKeeper of this test',
      async () => {
        if (child.exitCode !== null) throw new Error(await readFile(spec.outputFile, 'utf8'));
        return isServing({ host: '127.0.0.1', port: this.port });
      },
      { withinMs: READY_WITHIN_MS, everyMs: 10 },
    );
  }

  /** kill -9: what was acknowledged is on the disk. */
  async kill(): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGKILL');
    await bounded('the end of the ZooKeeper of this test', 10_000, exited);
  }

  /** SIGSTOP: connections stand, nothing is answered. Settles when its last thread stands still. */
  async freeze(): Promise<void> {
    const { pid } = this.process ?? {};
    if (pid === undefined) return;
    process.kill(pid, 'SIGSTOP');
    await until('the last thread of ZooKeeper stands still', () => threadStates(pid).every(isStopped), {
      withinMs: 10_000,
      everyMs: 2,
    });
  }

  /** SIGCONT. */
  thaw(): void {
    this.process?.kill('SIGCONT');
  }

  /** Deletes all data. Only while it does not run. */
  async wipe(): Promise<void> {
    await rm(join(this.directory, 'data'), { recursive: true, force: true });
  }

  /** Kills it and deletes its directory. Idempotent. */
  async destroy(): Promise<void> {
    await this.kill();
    process.off('exit', this.onExit);
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** A port that nothing listens on now. Another process may take it first; a test that must not fail names its own. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error()),
      );
    });
  });
}

/** A letter for each thread, as proc_pid_stat(5) has them; none where the system does not tell. */
function threadStates(pid: number): readonly string[] {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) return [];
  return readdirSync(tasks).map((thread) => {
    try {
      const stat = readFileSync(`${tasks}/${thread}/stat`, 'utf8');
      return stat.charAt(stat.lastIndexOf(')') + 2);
    } catch {
      // It ended meanwhile: the next look does not list it.
      return '?';
    }
  });
}

function isStopped(state: string): boolean {
  return state === 'T';
}
