import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import * as net from 'node:net';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { OneboxError, until } from '@onebox/base';
import { portsOf } from '@onebox/cluster';
import { processesNaming } from '../../support/processes';
import { runCli } from '../../support/run-cli';
import type { CliResult } from '../../support/run-cli';
import { testPortOffset } from '../../support/test-ports';

/**
 * How soon everything is gone, of what goes by itself: 5 s on a machine that has time, and as much longer as it has more to do
 * than processors.
 */
const goneWithinMs = () => 5000 * Math.max(1, (loadavg()[0] ?? 0) / cpus().length);

/**
 * The smallest cluster there is: it comes up in half a second, with everything a larger one leaves. Its sessions and leases
 * are three times as long as usual: nothing here waits for them, and a machine that stands still for some seconds ends no
 * meta server.
 */
export const SMALLEST = [
  ...['--metas', '1', '--replicas', '1', '--no-collector', '--partitions', '1', '--time-scale', '0.3'],
  ...['--zookeeper', 'embedded'],
];

/** What a cluster can leave on a machine. */
export interface Traces {
  /** Command lines. */
  readonly processes: readonly string[];
  readonly openPorts: readonly number[];
  /** Relative to the place; of a cluster's own directories only the uppermost counts. */
  readonly files: readonly string[];
}

export const NOTHING: Traces = { processes: [], openPorts: [], files: [] };

/** What may lie there of a cluster that is stopped and is to be started again: no socket, no pid, no unfinished file. */
const KEPT = new RegExp(
  '^onebox/[^/]+(|/(' +
    [
      String.raw`\.pegasus-onebox`,
      String.raw`record\.json`,
      // Without a fault: it knows the last id that was given.
      String.raw`faults\.json`,
      String.raw`lock/\d+`,
      'run/[a-z]+\\d*',
      'pm2/(module_conf\\.json|pm2\\.log)',
      String.raw`((meta|replica)\d+/)?log/events(\.\d+)?\.jsonl`,
      String.raw`zookeeper/(zoo\.cfg|zookeeper\.log|data/(log|snapshot)\.[0-9a-f]+)`,
      String.raw`(meta|replica)\d+/(config\.ini|result|log/(meta|replica)\.log)`,
      String.raw`replica\d+/data/replica/reps/\d+\.\d+\.pegasus/replica\.json`,
    ].join('|') +
    '))$',
);

let places = 0;

/**
 * A home, a temporary directory and the usual directories of a person, all of them empty and below one directory: whatever
 * a command leaves behind is a process that names it, or a file in it.
 */
export class Place {
  readonly directory = mkdtempSync(join(tmpdir(), 'lo-'));
  readonly portOffset = testPortOffset((places += 1));
  readonly name = 'box';
  /** Files of the test itself. */
  private readonly forgiven: string[] = [];
  private readonly forgivenPids: number[] = [];

  constructor() {
    for (const name of ['tmp', 'home', 'run']) mkdirSync(join(this.directory, name), { mode: 0o700 });
  }

  /** ONEBOX_HOME. */
  get onebox(): string {
    return join(this.directory, 'onebox');
  }

  /** The state directory. */
  get state(): string {
    return join(this.onebox, this.name);
  }

  get env(): Readonly<Record<string, string>> {
    const { directory } = this;
    const home = join(directory, 'home');
    return {
      ONEBOX_HOME: this.onebox,
      ONEBOX_NAME: this.name,
      TMPDIR: join(directory, 'tmp'),
      HOME: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      XDG_CACHE_HOME: join(home, '.cache'),
      XDG_DATA_HOME: join(home, '.local/share'),
      XDG_STATE_HOME: join(home, '.local/state'),
      XDG_RUNTIME_DIR: join(directory, 'run'),
    };
  }

  /** Words that start a cluster on ports of its own. */
  startWords(...more: readonly string[]): readonly string[] {
    return ['start', ...SMALLEST, '--port-offset', String(this.portOffset), ...more];
  }

  cli(...words: readonly string[]): Promise<CliResult> {
    return runCli(words, { env: this.env });
  }

  /** A command that must succeed. */
  async run(...words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.cli(...words);
    if (code !== 0) throw new Error(`onebox ${words.join(' ')}: exit ${code}\n${stdout}${stderr}`);
    return stdout;
  }

  /** A file of the test itself, relative to the place. */
  forgive(file: string): void {
    this.forgiven.push(file);
  }

  /** A process of the test itself. */
  forgiveProcess(pid: number): void {
    this.forgivenPids.push(pid);
  }

  /** Where the clusters of this place were recorded, whatever their names. */
  offsets(): readonly number[] {
    return readdirSync(this.onebox).map((name) => {
      const text = readFileSync(join(this.onebox, name, 'record.json'), 'utf8');
      return (JSON.parse(text) as { portOffset: number }).portOffset;
    });
  }

  /** The same of the only one. */
  onlyOffset(): number {
    const [offset, ...others] = this.offsets();
    if (offset === undefined || others.length > 0) throw new Error('there is not one cluster');
    return offset;
  }

  /** Every port of the smallest cluster. @param offset where it is, or was */
  ports(offset = this.portOffset): readonly number[] {
    return portsOf({ metas: 1, replicas: 1, collector: false, portOffset: offset });
  }

  /** What is there now. */
  async traces(offset = this.portOffset): Promise<Traces> {
    const ports = this.ports(offset);
    const open = await Promise.all(ports.map(isOpen));
    return {
      processes: processesNaming(this.directory)
        .filter(({ pid }) => !this.forgivenPids.includes(pid))
        .map(({ command }) => command),
      openPorts: ports.filter((_port, i) => open[i]),
      files: this.files(),
    };
  }

  /** Nothing at all is left, soon. */
  async expectNothing(offset?: number): Promise<void> {
    expect(await this.settled(offset)).toEqual(NOTHING);
  }

  /** Nothing is left, soon, but what a stopped cluster keeps to be started again. */
  async expectStopped(offset?: number): Promise<void> {
    expect(await this.settled(offset, KEPT)).toEqual(NOTHING);
  }

  /** Ends and deletes what is left, whatever it is. */
  close(): void {
    for (const { pid } of processesNaming(this.directory)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended meanwhile.
      }
    }
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }

  /** What is there when it is as it should be, or at the bound. @param expected files that may be there */
  private async settled(offset: number | undefined, expected?: RegExp): Promise<Traces> {
    const look = async (): Promise<Traces> => {
      const { processes, openPorts, files } = await this.traces(offset);
      return { processes, openPorts, files: files.filter((file) => expected?.test(file) !== true) };
    };
    const isNothing = ({ processes, openPorts, files }: Traces) =>
      processes.length + openPorts.length + files.length === 0;
    try {
      await until('the end of everything', async () => isNothing(await look()), {
        withinMs: goneWithinMs(),
      });
    } catch (error) {
      if (!(error instanceof OneboxError)) throw error;
    }
    return look();
  }

  /** Files, and directories that are not of a cluster's own. */
  private files(): readonly string[] {
    return entriesBelow(this.directory)
      .filter(({ path, isDirectory }) => !isDirectory || !this.isExpected(path))
      .map(({ path }) => path.slice(this.directory.length + 1))
      .filter((file) => !this.forgiven.includes(file))
      .sort();
  }

  private isExpected(directory: string): boolean {
    const [top, cluster, ...below] = directory.slice(this.directory.length + 1).split('/');
    return cluster === undefined || (top === 'onebox' && below.length > 0);
  }
}

/** Everything below a directory, which may be being deleted meanwhile. */
function entriesBelow(directory: string): readonly { path: string; isDirectory: boolean }[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return entries.flatMap((entry) => {
    const path = join(directory, entry.name);
    const isDirectory = entry.isDirectory();
    return [{ path, isDirectory }, ...(isDirectory ? entriesBelow(path) : [])];
  });
}

/** Does something in a place of its own, and takes everything away. */
export async function inPlace(work: (place: Place) => Promise<void>): Promise<void> {
  const place = new Place();
  try {
    await work(place);
  } finally {
    place.close();
  }
}

/** Whether somebody listens. */
export function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}
