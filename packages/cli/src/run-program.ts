import { spawn } from 'node:child_process';
import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { constants as system } from 'node:os';
import { delimiter, join } from 'node:path';
import { isatty } from 'node:tty';
import type { InterruptSignal, Interrupts } from './interrupted';
import { CANNOT_RUN, NOT_FOUND, Unrunnable } from './unrunnable';

/**
 * Looks for a program as execvp(3) does, so that nobody waits for a cluster whose command is misspelt.
 * @throws Unrunnable
 */
export function refuseUnrunnable(program: string, { PATH = '' }: NodeJS.ProcessEnv): void {
  const places = program.includes('/')
    ? [program]
    : PATH.split(delimiter).map((place) => join(place || '.', program));
  const files = places.filter((place) => statSync(place, { throwIfNoEntry: false })?.isDirectory() === false);
  if (files.some(isExecutable)) return;
  if (files.length > 0) throw new Unrunnable(program, CANNOT_RUN, 'it is not executable');
  const directory = places.find((place) => statSync(place, { throwIfNoEntry: false }) !== undefined);
  if (program.includes('/') && directory !== undefined)
    throw new Unrunnable(program, CANNOT_RUN, 'it is a directory');
  throw new Unrunnable(program, NOT_FOUND, 'there is no such command');
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs a program to its end, with our standard streams and signals.
 *
 * @returns its exit code, or 128 and the number of the signal that ended it
 * @throws Unrunnable
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: {
    readonly environment: NodeJS.ProcessEnv;
    readonly interrupts: Pick<Interrupts, 'divert'>;
    /** Told the pid, for the case that this process is killed; what it gives is called at the end. */
    readonly bequeath: (pid: number) => () => void;
  },
): Promise<number> {
  const child = spawn(program, args, { env: options.environment, stdio: 'inherit' });
  // At once: until then nobody would end it if this process were killed.
  const takeBack = child.pid === undefined ? () => undefined : options.bequeath(child.pid);
  const restore = options.interrupts.divert((signal) => {
    if (!isDeliveredByTerminal(signal)) child.kill(signal);
  });
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => reject(spawnError(program, error)));
      child.once('exit', (code, signal) => {
        resolve(code ?? 128 + (signal === null ? 0 : system.signals[signal]));
      });
    });
  } finally {
    takeBack();
    restore();
  }
}

function spawnError(program: string, error: NodeJS.ErrnoException): Unrunnable {
  // ENOENT, as the file is there: the interpreter in its first line is not.
  return new Unrunnable(program, error.code === 'ENOENT' ? NOT_FOUND : CANNOT_RUN, error.message);
}

/**
 * Ctrl-C sends SIGINT to every process in the terminal's foreground: the program has it already, and many take a second one for
 * "at once". Whoever sends SIGINT to this process alone, while it has a terminal, is not heard by the program; SIGTERM
 * and SIGHUP always are: of a terminal that is closed not everybody is told.
 */
function isDeliveredByTerminal(signal: InterruptSignal): boolean {
  return signal === 'SIGINT' && sharesTerminal();
}

/** Whether we, and with us the program, are in the foreground of a terminal. */
function sharesTerminal(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    // proc_pid_stat(5): field 5 is our process group, field 8 the one in the terminal's foreground, -1 without a terminal.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[2] === fields[5];
  } catch {
    return isatty(0);
  }
}
