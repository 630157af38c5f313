import { OneboxError } from '@onebox/base';
import { environmentOf } from '@onebox/cluster';
import { Option } from 'commander';
import type { Command } from 'commander';
import { contextOf, homeOf } from '../cli-context';
import { openCluster } from '../open-cluster';
import { shellQuoted } from '../shell-quoted';

interface EnvFlags {
  readonly json?: boolean;
  readonly dotenv?: boolean;
}

/** `onebox env`: where a running cluster is, as variables. */
export function registerEnv(program: Command): void {
  program
    .command('env')
    .description('Print where the running cluster is, as export lines for a shell.')
    .option('--json', 'print JSON')
    .addOption(
      new Option('--dotenv', 'print NAME=value lines, for a .env file or $GITHUB_ENV').conflicts('json'),
    )
    .addHelpText(
      'after',
      '\nExample:\n  onebox env\n  eval "$(onebox env)" && curl -L "http://${ONEBOX_META_SERVERS%%,*}/meta/nodes"',
    )
    .action(async (flags: EnvFlags, command: Command) => {
      const { onebox, record } = await openCluster(command);
      if (!onebox.isRunning) {
        throw new OneboxError('ONEBOX_NOT_RUNNING', `cluster '${record.name}' does not run`, {
          nextStep: '`onebox start` starts it.',
          data: { name: record.name },
        });
      }
      const variables = environmentOf(record, homeOf(command));
      contextOf(command).stdout.write(text(variables, flags));
    });
}

function text(variables: Readonly<Record<string, string>>, { json, dotenv }: EnvFlags): string {
  if (json === true) return `${JSON.stringify(variables)}\n`;
  const lines = Object.entries(variables).map(([name, value]) =>
    dotenv === true ? `${name}=${value}` : `export ${name}=${shellQuoted(value)}`,
  );
  return `${lines.join('\n')}\n`;
}
