import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '@onebox/base';
import { PROJECT } from '../../support/run-cli';
import type { CliResult } from '../../support/run-cli';
import type { Place } from './place';

/** Bounds for a busy machine: nothing is concluded from how soon it is. */
const SAYS_WITHIN_MS = 60_000;
const ENDS_WITHIN_MS = 60_000;

/** A command that runs, in a process group of its own, as a terminal gives each command one. */
export class RunningCommand {
  private stdout = '';
  private stderr = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<CliResult & { readonly signal: NodeJS.Signals | null }>;

  /** @param program a program of Node's; default: the public command */
  constructor(place: Place, words: readonly string[], program = join(PROJECT, 'bin/onebox')) {
    const child = spawn(process.execPath, [program, ...words], {
      env: { ...process.env, ...place.env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stdout.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
  }

  /** What it printed so far. */
  get output(): string {
    return this.stdout;
  }

  get pid(): number {
    const { pid } = this.child;
    if (pid === undefined) throw new Error('the command was not started');
    return pid;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** As Ctrl-C on a terminal: everything in the group gets it. Nothing happens when the command has ended. */
  signalGroup(signal: NodeJS.Signals): void {
    if (!this.isRunning) return;
    try {
      process.kill(-this.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Only the command itself. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits until it has printed something. */
  async says(pattern: RegExp): Promise<void> {
    await until('what the command is to say', () => pattern.test(this.stdout) || !this.isRunning, {
      withinMs: SAYS_WITHIN_MS,
      everyMs: 5,
    });
    if (!pattern.test(this.stdout)) throw new Error(`the command ended:\n${this.stdout}${this.stderr}`);
  }

  /**
   * Waits until it waits itself: whatever it does at once, it has done. A program that it runs may have said something before
   * it came so far.
   */
  async waits(): Promise<void> {
    if (process.platform !== 'linux') return;
    await until('the command to wait', () => !this.isRunning || stateOf(this.pid) === 'S', {
      withinMs: SAYS_WITHIN_MS,
      everyMs: 5,
    });
  }

  /** Its end. */
  async end(withinMs = ENDS_WITHIN_MS): Promise<CliResult & { readonly signal: NodeJS.Signals | null }> {
    await until(`the end of the command, which said:\n${this.stdout}${this.stderr}`, () => !this.isRunning, {
      withinMs,
      everyMs: 5,
    });
    return this.ended;
  }
}

/** R, S, D and so on, of proc_pid_stat(5). */
function stateOf(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2)[0];
}
