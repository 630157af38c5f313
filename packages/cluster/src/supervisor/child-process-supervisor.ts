import { spawn } from 'node:child_process';
import { bounded, describeError } from '@onebox/base';
import type { LastWill } from './last-will';
import { launchCommand } from './launch-script';
import { processEnvironment } from './process-environment';
import type { ProcessRecords } from './process-records';
import type { ProcessSpec } from './process-spec';
import { spawnFailed, untilRecorded } from './spawned';
import type { ProcessExit, Supervisor } from './supervisor';

/** A process is gone a moment before its parent hears how it ended. */
const EXIT_HEARD_WITHIN_MS = 250;

/**
 * Plain child processes of this one. They have a session of their own, so that Ctrl-C reaches only the command, which
 * decides what becomes of them; unless they are to outlive this process, they die with it, whatever ends it.
 */
export class ChildProcessSupervisor implements Supervisor {
  readonly kind = 'child-processes';
  private readonly exits = new Map<string, Promise<ProcessExit>>();
  private readonly ended = new Set<string>();

  constructor(
    private readonly options: {
      readonly records: ProcessRecords;
      /** With it the processes die with this one; without, they outlive it. */
      readonly will?: LastWill;
      /** Told of each process that ends while this one lives. */
      readonly onExit?: (name: string, pid: number | null, exit: ProcessExit) => void;
    },
  ) {}

  async open(): Promise<void> {
    // There is nothing to start before the first process.
  }

  async start(specs: readonly ProcessSpec[]): Promise<void> {
    const { records } = this.options;
    records.prepare();
    await Promise.all(specs.map((spec) => this.spawn(spec)));
    await untilRecorded(
      records,
      specs.map(({ name }) => name),
      this.ended,
    );
  }

  async exitOf(name: string): Promise<ProcessExit | undefined> {
    const exit = this.exits.get(name);
    if (exit === undefined || this.options.records.live(name) !== undefined) return undefined;
    return bounded(`the exit of ${name}`, EXIT_HEARD_WITHIN_MS, exit).catch(() => undefined);
  }

  async close(): Promise<void> {
    // The last will is closed by whoever knows that the whole cluster is gone.
  }

  release(): void {
    // Children are not referenced, so they do not hold this process.
  }

  private spawn(spec: ProcessSpec): Promise<void> {
    const { records, will } = this.options;
    records.forget(spec.name);
    this.ended.delete(spec.name);
    const { command, args } = launchCommand({
      identityFile: records.fileOf(spec.name),
      outputFile: spec.outputFile,
      command: spec.command,
      args: spec.args,
      channel: 'dropped',
    });
    const child = spawn(command, args, {
      cwd: spec.cwd,
      detached: true,
      env: processEnvironment(process.env, spec.env),
      stdio: ['ignore', 'ignore', 'ignore', will?.pipe() ?? 'ignore'],
    });
    child.unref();
    const exit = new Promise<ProcessExit>((resolve) => {
      child.once('exit', (code, signal) => {
        // One that was started again meanwhile is not meant.
        if (this.exits.get(spec.name) === exit) this.ended.add(spec.name);
        this.options.onExit?.(spec.name, child.pid ?? null, { code, signal });
        resolve({ code, signal });
      });
    });
    this.exits.set(spec.name, exit);
    return new Promise((resolve, reject) => {
      child.once('error', (error) => reject(spawnFailed([spec.name], describeError(error), error)));
      child.once('spawn', resolve);
    });
  }
}
