import { DuplicationAdmin } from '@onebox/cluster';
import type { Command } from 'commander';
import { withMeta } from '../../with-meta';
import { parseDupId } from './dup-id';

/** `onebox dup start TABLE DUPID`: over RPC_CM_MODIFY_DUPLICATION, status DS_LOG. */
export function registerStart(dup: Command): void {
  dup
    .command('start')
    .argument('<table>', 'table')
    .argument('<dupid>', 'id of the duplication', parseDupId)
    .description('Go on with a paused duplication.')
    .addHelpText('after', '\nExample:\n  onebox dup start temp 1714528800')
    .action((table: string, dupId: number, _options: unknown, command: Command) =>
      withMeta(command, async (meta, print) => {
        await new DuplicationAdmin(meta).start(table, dupId);
        print(`Duplication ${dupId} of table '${table}' is started.`);
      }),
    );
}
