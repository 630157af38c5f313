import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bounded, until } from '@onebox/base';
import { askControl } from '../../src/control/ask-control';

/** A server process in a directory of its own. */
export class ServerProcess {
  readonly directory: string;
  readonly socket: string;
  /** What it wrote to stdout and stderr. */
  output = '';
  private child: ChildProcess | undefined;

  /**
   * @param program the bundle to run
   * @param root where its directory is made
   * @param config undefined: it has no config.ini
   */
  constructor(
    private readonly program: string,
    root: string,
    config: string | undefined,
  ) {
    this.directory = mkdtempSync(join(root, 'collector-'));
    this.socket = join(this.directory, 'control.sock');
    if (config !== undefined) writeFileSync(join(this.directory, 'config.ini'), config);
  }

  start(env: Record<string, string> = {}): void {
    const child = spawn(process.execPath, [this.program, 'config.ini', '-app_list', 'collector'], {
      cwd: this.directory,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (bytes: Buffer) => (this.output += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (this.output += bytes.toString()));
    this.child = child;
  }

  async status(): Promise<Record<string, unknown>> {
    return await until(
      'the status of a started server',
      async () => {
        const status = (await askControl(this.socket, { command: 'status' }, { withinMs: 5000 }).catch(
          () => undefined,
        )) as { started: boolean } | undefined;
        return status?.started === true && status;
      },
      { withinMs: 20_000 },
    );
  }

  signal(name: NodeJS.Signals): void {
    this.child?.kill(name);
  }

  /** The exit code, when all output has arrived. */
  async exit(): Promise<number | null> {
    const child = this.child;
    if (child === undefined) return null;
    if (child.exitCode === null && child.signalCode === null)
      await bounded('its end', 20_000, once(child, 'close'));
    return child.exitCode;
  }

  /** What it told of itself: type, and its members without those every event has. */
  events(): Record<string, unknown>[] {
    return readFileSync(join(this.directory, 'log', 'events.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const facts = JSON.parse(line) as Record<string, unknown>;
        for (const common of ['id', 'unixMs', 'monotonicUs', 'boot', 'server']) delete facts[common];
        return facts;
      });
  }

  /** The log without level and time. */
  logLines(): string[] {
    return readFileSync(join(this.directory, 'log', 'collector.log'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace(/^[DIWE]\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} /, ''));
  }
}
