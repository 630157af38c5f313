import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OneboxError, describeError } from '@onebox/base';
import type { Logger } from '@onebox/base';
import { checkConfig } from '../config/check-config';
import { refuseErrors } from '../config/config-problem';
import { parseIni } from '../config/parse-ini';
import { FileEventLog } from '../event-log';
import type { EventLog } from '../event-log';
import { thisBuild } from './build';
import { parseCommandLine } from './command-line';
import { instanceName } from './instance-name';
import type { Role } from './role';
import { openServerLog } from './server-log';
import { startServer } from './start-server';
import type { CreateRole } from './start-server';

/** Upstream aborts on a bug; a shell shows an aborted process as 128 + SIGABRT. */
const ABORTED = 134;

/**
 * The whole life of a server process: reads the `config.ini` that the command line names, starts the role, and ends on a
 * signal as upstream does: at once and with code 0, without closing anything (reference/cluster-behaviour.md 2.4).
 * Never rejects: a failed start is told on stderr in one or two lines and ends the process with code 1.
 */
export async function runServer(role: Role, create: CreateRole): Promise<void> {
  let log: Logger | undefined;
  let events: EventLog | undefined;
  try {
    const commandLine = parseCommandLine(process.argv.slice(2));
    if (commandLine.role !== role) {
      throw new OneboxError('ONEBOX_WRONG_USAGE', `this is the ${role} server, not ${commandLine.role}`);
    }
    const checked = checkConfig(parseIni(readConfigFile(commandLine.configFile), commandLine.configFile));
    refuseErrors(checked.problems);
    const directory = process.cwd();
    log = openServerLog(directory, role, checked.flags);
    for (const warning of checked.problems) log.warn(warning.message);
    logNodeWarnings(log);
    const server = instanceName(checked.settings, role);
    events = new FileEventLog({ directory: join(directory, 'log'), server, log });
    const exit = exiting(log, events);
    endOnSignals(exit);
    abortOnBugs(log, events);
    await startServer({ role, create, checked, directory, log, events, build: thisBuild(), exit });
  } catch (error) {
    tellStartFailure(error, log);
    events?.tell('server-exits', { code: 1, reason: describeError(error) });
    events?.close();
    process.exit(1);
  }
}

function readConfigFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new OneboxError('ONEBOX_CONFIG_UNREADABLE', `${file} cannot be read: ${describeError(error)}`, {
      data: { file },
      cause: error,
    });
  }
}

type Exit = (code: number, reason: string) => never;

function exiting(log: Logger, events: EventLog): Exit {
  return (code, reason) => {
    events.tell('server-exits', { code, reason });
    events.close();
    const level = code === 0 ? 'info' : 'error';
    log[level](reason);
    log[level](`dsn exit with code ${code}`);
    process.exit(code);
  };
}

function endOnSignals(exit: Exit): void {
  const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
  for (const [name, id] of Object.entries(signals)) {
    process.on(name, () => exit(0, `got signal id: ${id}`));
  }
}

function abortOnBugs(log: Logger, events: EventLog): void {
  const abort = (what: string) => (error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : describeError(error);
    for (const line of `${what}: ${text}`.split('\n')) log.error(line);
    log.error(`dsn exit with code ${ABORTED}`);
    events.tell('server-exits', { code: ABORTED, reason: `${what}: ${describeError(error)}` });
    events.close();
    process.stderr.write(`${what}: ${text}\n`);
    process.exit(ABORTED);
  };
  process.on('uncaughtException', abort('uncaught exception'));
  process.on('unhandledRejection', abort('unhandled rejection'));
}

/**
 * Node's warnings go to the log. stderr stays untouched until the end of the process: opening it costs start time, and the
 * supervisor that reads it may have died, which would turn a warning into an uncaught EPIPE.
 */
function logNodeWarnings(log: Logger): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => log.warn(`node: ${warning.name}: ${warning.message}`));
}

function tellStartFailure(error: unknown, log: Logger | undefined): void {
  const known = error instanceof OneboxError;
  const text = known || !(error instanceof Error) ? describeError(error) : (error.stack ?? error.message);
  const nextStep = known ? error.nextStep : undefined;
  const lines = [text, ...(nextStep === undefined ? [] : [nextStep])];
  for (const line of [...lines, 'dsn exit with code 1']) log?.error(line);
  process.stderr.write(`${lines.join('\n')}\n`);
}
