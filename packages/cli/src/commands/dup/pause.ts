import { DuplicationAdmin } from '@onebox/cluster';
import type { Command } from 'commander';
import { withMeta } from '../../with-meta';
import { parseDupId } from './dup-id';

/** `onebox dup pause TABLE DUPID`: over RPC_CM_MODIFY_DUPLICATION, status DS_PAUSE. */
export function registerPause(dup: Command): void {
  dup
    .command('pause')
    .argument('<table>', 'table')
    .argument('<dupid>', 'id of the duplication', parseDupId)
    .description('Stop shipping for a while; what is written meanwhile is shipped later.')
    .addHelpText('after', '\nExample:\n  onebox dup pause temp 1714528800')
    .action((table: string, dupId: number, _options: unknown, command: Command) =>
      withMeta(command, async (meta, print) => {
        await new DuplicationAdmin(meta).pause(table, dupId);
        print(`Duplication ${dupId} of table '${table}' is paused.`);
      }),
    );
}
