import { BulkLoadAdmin } from '@onebox/cluster';
import type { Command } from 'commander';
import { withMeta } from '../../with-meta';

/** `onebox bulk-load clear TABLE`: over RPC_CM_CLEAR_BULK_LOAD. */
export function registerClear(bulkLoad: Command): void {
  bulkLoad
    .command('clear')
    .argument('<table>', 'table')
    .description('Forget how the last load of a table ended.')
    .addHelpText('after', '\nExample:\n  onebox bulk-load clear temp')
    .action((table: string, _options: unknown, command: Command) =>
      withMeta(command, async (meta, print) => {
        await new BulkLoadAdmin(meta).clear(table);
        print(`The result of the last load into table '${table}' is forgotten.`);
      }),
    );
}
