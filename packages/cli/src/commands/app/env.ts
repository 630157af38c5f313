import { OneboxError } from '@onebox/base';
import type { Command } from 'commander';
import { parseKeyValues } from '../../key-value';
import { textTable } from '../../text-table';
import { withTables } from '../../with-tables';

/** `onebox app env NAME [set k=v… | del k… | clear [prefix]]` */
export function registerEnv(app: Command): void {
  app
    .command('env')
    .argument('<name>', 'table')
    .argument('[action]', 'set, del or clear; nothing: show')
    .argument('[words...]', 'KEY=VALUE for set, KEY for del, a PREFIX for clear')
    .option('--json', 'print JSON (show only)')
    .description("Show or change a table's envs.")
    .addHelpText(
      'after',
      '\nExamples:\n  onebox app env temp\n  onebox app env temp set default_ttl=3600\n  onebox app env temp del default_ttl\n  onebox app env temp clear',
    )
    .action(
      (
        name: string,
        action: string | undefined,
        words: readonly string[],
        options: { json?: boolean },
        command: Command,
      ) =>
        withTables(command, async (tables, print) => {
          switch (action) {
            case undefined: {
              const table = (await tables.list()).find(
                (each) => each.name === name && each.status !== 'DROPPED',
              );
              if (table === undefined) throw noTable(name);
              const pairs = Object.entries(table.envs);
              if (options.json === true) print(JSON.stringify(table.envs));
              else
                print(
                  pairs.length === 0 ? `Table '${name}' has no envs.` : textTable(['env', 'value'], pairs),
                );
              return;
            }
            case 'set':
              if (words.length === 0) throw usage('set needs at least one KEY=VALUE');
              await tables.setEnvs(name, parseKeyValues(words));
              print(
                `${words.length === 1 ? 'The env is' : `${words.length} envs are`} set; replica servers learn it at their next config-sync.`,
              );
              return;
            case 'del':
              if (words.length === 0) throw usage('del needs at least one KEY');
              print(await tables.deleteEnvs(name, words));
              return;
            case 'clear':
              if (words.length > 1) throw usage('clear takes at most one PREFIX');
              print((await tables.clearEnvs(name, words[0] ?? '')) || 'The envs are cleared.');
              return;
            default:
              throw usage(`unknown action '${action}'`);
          }
        }),
    );
}

function usage(problem: string): OneboxError {
  return new OneboxError('ONEBOX_USAGE', problem, {
    nextStep: 'Write: onebox app env NAME [set KEY=VALUE… | del KEY… | clear [PREFIX]]',
  });
}

function noTable(name: string): OneboxError {
  return new OneboxError('ERR_APP_NOT_EXIST', `there is no table '${name}'`, {
    nextStep: 'See `onebox app list`.',
  });
}
