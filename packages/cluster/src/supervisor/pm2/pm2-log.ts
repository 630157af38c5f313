import type { ProcessExit } from '../supervisor';

const LINE = /App \[([a-z0-9]+):\d+\] (starting|exited)(?: with code \[(\d*)\] via signal \[(\w+)\])?/;

/** What the daemon begins its lines with when `PM2_LOG_DATE_FORMAT` is {@link LOG_TIMES}. */
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d): /;

/** In the words of dayjs: pm2's own format has no milliseconds and no zone. */
export const LOG_TIMES = 'YYYY-MM-DDTHH:mm:ss.SSSZ';

/**
 * How processes ended, from the daemon's log: pm2's list says exit code 0 for a process that a signal killed, and forgets
 * everything when the daemon goes. The last line about a name counts; a process that was started since is not in the result.
 *
 * The daemon writes `via signal [SIGINT]` when there was no signal (pm2's lib/God.js, handleExit). Nothing here sends
 * SIGINT, and a server takes it for an order to exit 0, so that is read as "no signal".
 */
export function exitsIn(log: string): ReadonlyMap<string, ProcessExit> {
  return readLog(log).exits;
}

/** A process that ended, and when the daemon noticed: unix milliseconds. */
export interface LoggedDeath {
  readonly name: string;
  readonly unixMs: number;
  readonly exit: ProcessExit;
}

/** The death that a line of the daemon's log tells of; undefined for other lines, and for those of a daemon that told no milliseconds. */
export function deathIn(line: string): LoggedDeath | undefined {
  const [name, exit] = [...exitsIn(line)][0] ?? [];
  const time = TIME.exec(line)?.[1];
  if (name === undefined || exit === undefined || time === undefined) return undefined;
  return { name, exit, unixMs: Date.parse(time) };
}

/** Processes the daemon started and has not seen end. */
export function startedIn(log: string): readonly string[] {
  return [...readLog(log).started];
}

function readLog(log: string): { exits: Map<string, ProcessExit>; started: Set<string> } {
  const started = new Set<string>();
  const exits = new Map<string, ProcessExit>();
  for (const line of log.split('\n')) {
    const match = LINE.exec(line);
    if (match === null) continue;
    const [, name = '', event, code = '0', signal = 'SIGINT'] = match;
    if (event === 'starting') {
      exits.delete(name);
      started.add(name);
    } else {
      started.delete(name);
      const killed = signal !== 'SIGINT';
      exits.set(name, { code: killed ? null : Number(code), signal: killed ? signal : null });
    }
  }
  return { exits, started };
}
