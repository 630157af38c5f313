import { Option } from 'commander';
import type { Command } from 'commander';
import { parseDuration } from '../../duration';
import { withTables } from '../../with-tables';

/** `onebox app drop NAME [--reserve 7d]` */
export function registerDrop(app: Command): void {
  app
    .command('drop <name>')
    .description('Drop a table. It can be recalled by its id until its time is over.')
    .addOption(
      new Option(
        '--reserve <duration>',
        "how long it can be recalled (default: the server's hold_seconds_for_dropped_app)",
      ).argParser(parseDuration),
    )
    .addHelpText('after', '\nExample:\n  onebox app drop users --reserve 7d')
    .action((name: string, options: { readonly reserve?: number }, command: Command) =>
      withTables(command, async (tables, print) => {
        const id = (await tables.list()).find(
          (table) => table.name === name && table.status !== 'DROPPED',
        )?.id;
        await tables.drop(name, options.reserve === undefined ? undefined : Math.ceil(options.reserve));
        print(
          `Table '${name}' is dropped.${id === undefined ? '' : ` Recall it with: onebox app recall ${id}`}`,
        );
      }),
    );
}
