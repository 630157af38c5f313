import type { Command } from 'commander';
import { withTables } from '../../with-tables';

/** `onebox app rename OLD NEW` */
export function registerRename(app: Command): void {
  app
    .command('rename <old> <new>')
    .description('Give a table another name.')
    .addHelpText('after', '\nExample:\n  onebox app rename users accounts')
    .action((oldName: string, newName: string, _options: unknown, command: Command) =>
      withTables(command, async (tables, print) => {
        await tables.rename(oldName, newName);
        print(`Table '${oldName}' is now '${newName}'.`);
      }),
    );
}
