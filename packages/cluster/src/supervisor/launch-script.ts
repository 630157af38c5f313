import { readFileSync } from 'node:fs';
import type { ProcessIdentity } from '../process-table/process-table';

/**
 * Every process of a cluster is started through a few lines of POSIX shell that end in `exec`, so that the pid stays the
 * same. They do what a supervisor cannot do for us, or not in time:
 *
 * - the process writes its own identity before it becomes the program. There is no moment in which it runs and is not in
 *   our records, even when the command that starts it is killed in the middle;
 * - its output goes straight to a file. Through pm2 it would go through pipes that break when pm2's daemon dies.
 *
 *   sh -c SCRIPT onebox IDENTITY_FILE OUTPUT_FILE COMMAND ARG…
 *
 * The identity file holds one line: pid, a blank, the start token as `ProcfsProcessTable` or `PsProcessTable` reads it. Whoever asks the
 * process to end adds a second one (`ProcessRecords.noteAsked`).
 */
const WRITE_IDENTITY = [
  'identity=$1 output=$2',
  'shift 2',
  'if [ -r /proc/$$/stat ]; then',
  '  read -r boot </proc/sys/kernel/random/boot_id',
  // proc_pid_stat(5): start time is field 22. The second one is "(sh)", without blanks, because we are still the shell.
  `  read -r ${Array.from({ length: 21 }, (_, i) => `f${i + 1}`).join(' ')} ticks rest </proc/$$/stat`,
  '  token=$boot:$ticks',
  'else',
  '  token=$(LC_ALL=C TZ=UTC ps -o lstart= -p $$ | tr -s " ")',
  '  token=${token# } token=${token% }',
  'fi',
  'printf "%s %s\\n" "$$" "$token" >"$identity"',
  // A full disk takes the file and not its text: nobody would ever find what runs without it.
  'read -r written rest <"$identity" && [ "$written" = "$$" ] || exit 74',
].join('\n');

/** As a child of pm2 or of another Node process, a server is not to think that somebody speaks to it over descriptor 3. */
const DROP_CHANNEL = 'unset NODE_CHANNEL_FD NODE_CHANNEL_SERIALIZATION_MODE NODE_UNIQUE_ID; exec 3>&-';

export interface Launch {
  readonly identityFile: string;
  readonly outputFile: string;
  readonly command: string;
  readonly args: readonly string[];
  /**
   * What descriptor 3 is. `dropped`: nothing the program should see, such as the pipe of `LastWill`, which is held until the
   * identity is written. `kept`: the IPC channel to the parent; the output is then appended to, not emptied.
   */
  readonly channel: 'dropped' | 'kept';
}

/** The program and its arguments that start a process in this way. */
export function launchCommand(launch: Launch): { command: string; args: string[] } {
  const steps = {
    dropped: [DROP_CHANNEL, 'exec "$@" </dev/null >"$output" 2>&1'],
    kept: ['exec "$@" </dev/null >>"$output" 2>&1'],
  }[launch.channel];
  const script = [WRITE_IDENTITY, ...steps].join('\n');
  const { identityFile, outputFile, command, args } = launch;
  return {
    command: '/bin/sh',
    args: ['-c', script, 'onebox', identityFile, outputFile, command, ...args],
  };
}

/** Reads what the script wrote; undefined when there is nothing yet. */
export function readIdentity(file: string): ProcessIdentity | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const match = /^(\d+) (.+)\n/.exec(text);
  return match === null ? undefined : { pid: Number(match[1]), startToken: match[2] ?? '' };
}
