import type { Command } from 'commander';
import { oneboxHome } from '@onebox/cluster';
import type { Installation } from '@onebox/cluster';
import type { Interrupts } from './interrupted';

/** A stream the command writes to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** Of a terminal. */
  readonly columns?: number;
  /** Told that nobody reads it any more. */
  on?(event: 'error', listener: () => void): unknown;
}

/** What a run of the command is given from outside. */
export interface CliContext {
  readonly installation: Installation;
  readonly version: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stdout: Output;
  readonly stderr: Output;
  /**
   * From this call on SIGINT, SIGTERM and SIGHUP do not end the process: they abort a signal with an `Interrupted`, and the
   * command puts in order what it was doing.
   */
  readonly listenForInterrupts: () => Interrupts;
}

const contexts = new WeakMap<Command, CliContext>();

/** Gives a program its context; its commands find it with {@link contextOf}. */
export function bindContext(program: Command, context: CliContext): void {
  contexts.set(program, context);
}

export function contextOf(command: Command): CliContext {
  for (let each: Command | null = command; each !== null; each = each.parent) {
    const context = contexts.get(each);
    if (context !== undefined) return context;
  }
  throw new Error('a command outside of its program');
}

/** The directory that clusters live in. */
export function homeOf(command: Command): string {
  return oneboxHome(contextOf(command).environment);
}

/** `--name`, which every command takes. */
export function clusterNameOf(command: Command): string {
  return command.optsWithGlobals<{ name: string }>().name;
}
