import { OneboxError } from '@onebox/base';
import { CommanderError } from 'commander';
import { Interrupted } from './interrupted';
import { Unrunnable } from './unrunnable';

/** What the exit code of every command means. */
export const EXIT = { done: 0, failed: 1, wrongUsage: 2, notRunning: 3, unhealthy: 4 } as const;

/** Of `exec` when there is no cluster for its command, as of env(1) and `docker run`; see also `Unrunnable`. */
export const EXEC_FAILED = 125;

/** A command that is done and has more to say than "done": `status`. */
export class ExitWith extends Error {
  constructor(readonly exitCode: number) {
    super(`exit ${exitCode}`);
  }
}

/** Errors that are about the words of the command line, not about the cluster. */
const ABOUT_WORDS: ReadonlySet<string> = new Set([
  'ONEBOX_BAD_ADDRESS',
  'ONEBOX_BAD_DURATION',
  'ONEBOX_BAD_FAULT',
  'ONEBOX_BAD_KEY_VALUE',
  'ONEBOX_BAD_MOMENT',
  'ONEBOX_BAD_NAME',
  'ONEBOX_BAD_NUMBER',
  'ONEBOX_BAD_TABLE_NAME',
  'ONEBOX_BAD_ZOOKEEPER_HOSTS',
  'ONEBOX_NO_SUCH_EVENT_TYPE',
  'ONEBOX_NO_SUCH_INSTANCE',
  'ONEBOX_NO_SUCH_PARTITION',
  'ONEBOX_NO_SUCH_FAULT',
  'ONEBOX_PORTS_SAID_TWICE',
  'ONEBOX_UNREADABLE_CONFIG',
  'ONEBOX_UNKNOWN_RPC',
  'ONEBOX_UPSTREAM_VERB',
  'ONEBOX_USAGE',
]);

/** The exit code for whatever a command threw. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ExitWith || error instanceof Interrupted) return error.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage;
  return error instanceof OneboxError && ABOUT_WORDS.has(error.code) ? EXIT.wrongUsage : EXIT.failed;
}

/** As {@link exitCodeOf}, for `exec`: whatever is wrong before its command has run must not look like an end of that. */
export function execExitCodeOf(error: unknown): number {
  if (error instanceof ExitWith || error instanceof Interrupted || error instanceof Unrunnable)
    return error.exitCode;
  return error instanceof CommanderError && error.exitCode === 0 ? EXIT.done : EXEC_FAILED;
}
