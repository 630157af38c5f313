import { readFileSync } from 'node:fs';
import { describeError, until } from '@onebox/base';
import { launchCommand } from '../launch-script';
import { processEnvironment } from '../process-environment';
import type { ProcessRecords } from '../process-records';
import type { ProcessSpec } from '../process-spec';
import { spawnFailed, untilRecorded } from '../spawned';
import type { ProcessExit, Supervisor } from '../supervisor';
import type { Pm2Client } from './pm2-client';
import { PM2_PROCESS, Pm2Daemon } from './pm2-daemon';
import { Pm2Home } from './pm2-home';
import { exitsIn, startedIn } from './pm2-log';

/** The daemon writes how a process ended a moment after the process is gone. */
const EXIT_WRITTEN_WITHIN_MS = 250;

/** A shell writes its identity as the first thing it does. */
const STRAGGLERS_WITHIN_MS = 500;

/** Processes the daemon started and that ended, in the words of `getMonitorData`. */
interface Pm2Process {
  readonly name: string;
  readonly pm_id: number;
  readonly pm2_env: { readonly status: string };
}

/**
 * Processes under pm2: they outlive the command. One daemon per cluster, in the cluster's state directory, so that it
 * never meets the user's own pm2. Whoever calls `open`, `start` or `close` holds the cluster's lock.
 */
export class Pm2Supervisor implements Supervisor {
  readonly kind = 'pm2';
  private readonly home: Pm2Home;
  private readonly daemon: Pm2Daemon;
  private opening: Promise<Pm2Client> | undefined;

  constructor(
    private readonly options: {
      /** PM2_HOME; at most 98 bytes, for its sockets. */
      readonly home: string;
      readonly records: ProcessRecords;
      /** Absolute path of pm2's lib/Daemon.js. */
      readonly daemonProgram: string;
    },
  ) {
    this.home = new Pm2Home(options.home);
    this.daemon = new Pm2Daemon(this.home, options.records, options.daemonProgram);
  }

  async open(): Promise<void> {
    await this.client();
  }

  async start(specs: readonly ProcessSpec[]): Promise<void> {
    const { records } = this.options;
    const client = await this.client();
    const names = specs.map(({ name }) => name);
    records.prepare();
    await this.dropEnded(client, names);
    for (const name of names) records.forget(name);
    const calls = await Promise.allSettled(specs.map((spec) => client.call('prepare', this.app(spec))));
    const failed = specs.filter((_spec, i) => calls[i]?.status === 'rejected').map(({ name }) => name);
    const why = calls.find((call) => call.status === 'rejected')?.reason as unknown;
    if (failed.length > 0) throw spawnFailed(failed, describeError(why), why);
    await untilRecorded(records, names);
  }

  async exitOf(name: string): Promise<ProcessExit | undefined> {
    const { records } = this.options;
    if (records.live(name) !== undefined || !records.has(name)) return undefined;
    const written = () => this.loggedExit(name);
    if (records.live(PM2_PROCESS) === undefined) return written();
    return until('the exit in the log of pm2', written, {
      withinMs: EXIT_WRITTEN_WITHIN_MS,
      everyMs: 5,
    }).catch(() => undefined);
  }

  async close(): Promise<void> {
    const client = await this.opening?.catch(() => undefined);
    this.opening = undefined;
    await this.daemon.end(client);
    await this.untilStragglersAreRecorded();
  }

  release(): void {
    void this.opening?.then(
      (client) => client.close(),
      () => undefined,
    );
    this.opening = undefined;
  }

  /**
   * A command that was killed may have left the daemon starting something. Now that the daemon is gone nothing new comes,
   * but the last one may not have written its identity yet: whoever closes looks at the records again.
   */
  private async untilStragglersAreRecorded(): Promise<void> {
    const { records } = this.options;
    const stragglers = startedIn(this.log()).filter((name) => !records.has(name));
    await until('the last processes in the records', () => stragglers.every((name) => records.has(name)), {
      withinMs: STRAGGLERS_WITHIN_MS,
      everyMs: 3,
    }).catch(() => undefined);
  }

  private loggedExit(name: string): ProcessExit | undefined {
    return exitsIn(this.log()).get(name);
  }

  private log(): string {
    try {
      return readFileSync(this.home.logFile, 'utf8');
    } catch {
      // No daemon was ever started here.
      return '';
    }
  }

  /** The daemon keeps what ended in its list, and would list `meta1` once for every time it was started. */
  private async dropEnded(client: Pm2Client, names: readonly string[]): Promise<void> {
    if (names.every((name) => !this.options.records.has(name))) return;
    const [listed] = await client.call('getMonitorData', {});
    const ended = (listed as readonly Pm2Process[]).filter(
      ({ name, pm2_env: { status } }) =>
        names.includes(name) && (status === 'stopped' || status === 'errored'),
    );
    await Promise.all(ended.map(({ pm_id: id }) => client.call('deleteProcessId', id)));
  }

  private client(): Promise<Pm2Client> {
    this.opening ??= this.daemon.reach().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  /**
   * What the daemon's `prepare` takes (pm2's lib/God.js). `none` as the interpreter makes it run the program itself, not
   * a Node process that loads pm2's container and then the program; pm2's logs stay empty because the launch script
   * writes the output.
   */
  private app(spec: ProcessSpec): Record<string, unknown> {
    const { command, args } = launchCommand({
      identityFile: this.options.records.fileOf(spec.name),
      outputFile: spec.outputFile,
      command: spec.command,
      args: spec.args,
      channel: 'dropped',
    });
    return {
      name: spec.name,
      namespace: 'onebox',
      exec_mode: 'fork_mode',
      exec_interpreter: 'none',
      pm_exec_path: command,
      args,
      pm_cwd: spec.cwd,
      env: processEnvironment(process.env, spec.env),
      pm_out_log_path: '/dev/null',
      pm_err_log_path: '/dev/null',
      pm_pid_path: this.home.pidFileOf(spec.name),
      autostart: true,
      autorestart: false,
      vizion: false,
      pmx: false,
      treekill: false,
    };
  }
}
