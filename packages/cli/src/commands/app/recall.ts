import type { Command } from 'commander';
import { parseInteger } from '../../integer';
import { withTables } from '../../with-tables';

/** `onebox app recall ID [NEWNAME]` */
export function registerRecall(app: Command): void {
  app
    .command('recall')
    .argument('<id>', 'id of the dropped table, see `onebox app list`', parseInteger)
    .argument('[newname]', 'its name from now on (default: the old one)')
    .description('Bring a dropped table back.')
    .addHelpText('after', '\nExample:\n  onebox app recall 3 users_restored')
    .action((id: number, newName: string | undefined, _options: unknown, command: Command) =>
      withTables(command, async (tables, print) => {
        const table = await tables.recall(id, newName ?? '');
        print(
          `Table '${table.name}' (id ${table.id}) is back; its partitions follow within a config-sync and a guardian tick.`,
        );
      }),
    );
}
