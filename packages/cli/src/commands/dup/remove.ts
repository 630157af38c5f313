import { DuplicationAdmin } from '@onebox/cluster';
import type { Command } from 'commander';
import { withMeta } from '../../with-meta';
import { parseDupId } from './dup-id';

/** `onebox dup remove TABLE DUPID`: over RPC_CM_MODIFY_DUPLICATION, status DS_REMOVED. */
export function registerRemove(dup: Command): void {
  dup
    .command('remove')
    .argument('<table>', 'table')
    .argument('<dupid>', 'id of the duplication', parseDupId)
    .description('End a duplication. The table on the other cluster stays.')
    .addHelpText('after', '\nExample:\n  onebox dup remove temp 1714528800')
    .action((table: string, dupId: number, _options: unknown, command: Command) =>
      withMeta(command, async (meta, print) => {
        await new DuplicationAdmin(meta).remove(table, dupId);
        print(`Duplication ${dupId} of table '${table}' is removed.`);
      }),
    );
}
