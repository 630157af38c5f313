import { DEFAULT_CLUSTER, sweepClusters } from '@onebox/cluster';
import { Command, Option } from 'commander';
import { bindContext, homeOf } from './cli-context';
import type { CliContext } from './cli-context';
import { USAGE } from './error-text';
import { registerApp } from './commands/app';
import { registerBackup } from './commands/backup';
import { registerBulkLoad } from './commands/bulk-load';
import { registerClear } from './commands/clear';
import { registerCompact } from './commands/compact';
import { registerDashboard } from './commands/dashboard';
import { registerDoctor } from './commands/doctor';
import { registerDup } from './commands/dup';
import { registerEnv } from './commands/env';
import { registerEvents } from './commands/events';
import { registerExec } from './commands/exec';
import { registerFault } from './commands/fault';
import { registerKill } from './commands/kill';
import { registerLevel } from './commands/level';
import { registerList } from './commands/list';
import { registerLogs } from './commands/logs';
import { registerPause } from './commands/pause';
import { registerRestart } from './commands/restart';
import { registerResume } from './commands/resume';
import { registerStart } from './commands/start';
import { registerStatus } from './commands/status';
import { registerStop } from './commands/stop';

/** Every command, in the order help shows them. */
const COMMANDS: readonly ((program: Command) => void)[] = [
  registerStart,
  registerExec,
  registerStop,
  registerRestart,
  registerKill,
  registerPause,
  registerResume,
  registerFault,
  registerClear,
  registerStatus,
  registerLogs,
  registerEvents,
  registerList,
  registerDashboard,
  registerEnv,
  registerDoctor,
  registerApp,
  registerCompact,
  registerBackup,
  registerDup,
  registerBulkLoad,
  registerLevel,
];

/** How wide help is where nobody reads it on a terminal. */
const HELP_WIDTH = 80;

/** The command line as a whole. Nothing ends the process: what is wrong is thrown. */
export function createProgram(context: CliContext): Command {
  const program = new Command('onebox');
  program
    .description('A Pegasus cluster on this machine: real processes, a real ZooKeeper, the real interfaces.')
    .version(context.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      // The first line says what is wrong; commander may suggest something in the second.
      outputError: (text, write) => write(text.replace('\n', ` (${USAGE})\n`)),
      // As wide as where it goes: commander would ask the process's own output.
      getOutHelpWidth: () =>
        (context.stdout.isTTY === true ? context.stdout.columns : undefined) ?? HELP_WIDTH,
    })
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .addOption(nameOption(context.environment))
    .addHelpText(
      'after',
      '\nWhat each error means and what to do: docs/errors.md of this package. `onebox doctor` looks at the machine.' +
        '\n\nExample:\n  onebox start && curl -L http://127.0.0.1:34601/meta/cluster',
    );
  bindContext(program, context);
  program.hook('preAction', async (_program, command) => {
    // The doctor shows what is left and changes nothing.
    if (command.name() === 'doctor') return;
    const tell = (line: string) => context.stderr.write(`${line}\n`);
    await sweepClusters(homeOf(command), context.installation, tell);
  });
  for (const register of COMMANDS) register(program);
  sayWhereHelpIs(program, 'onebox');
  return program;
}

/** Commander's own errors name the word that is wrong; the next step is the help of that command. */
function sayWhereHelpIs(command: Command, words: string): void {
  command.showHelpAfterError(`See \`${words} --help\`.`);
  for (const each of command.commands) sayWhereHelpIs(each, `${words} ${each.name()}`);
}

/** Commander would read the process's own environment; the context says which one counts. */
function nameOption(environment: NodeJS.ProcessEnv): Option {
  const fromEnvironment = environment['ONEBOX_NAME'];
  return new Option('--name <name>', 'the cluster; or set ONEBOX_NAME').default(
    fromEnvironment === undefined || fromEnvironment === '' ? DEFAULT_CLUSTER : fromEnvironment,
  );
}
