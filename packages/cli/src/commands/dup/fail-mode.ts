import { DUP_FAIL_MODES, DuplicationAdmin } from '@onebox/cluster';
import type { DupFailModeName } from '@onebox/cluster';
import { Argument } from 'commander';
import type { Command } from 'commander';
import { withMeta } from '../../with-meta';
import { parseDupId } from './dup-id';

/** `onebox dup fail-mode TABLE DUPID MODE`: over RPC_CM_MODIFY_DUPLICATION. */
export function registerFailMode(dup: Command): void {
  dup
    .command('fail-mode')
    .argument('<table>', 'table')
    .argument('<dupid>', 'id of the duplication', parseDupId)
    .addArgument(
      new Argument('<mode>', 'slow: try again; skip: go on behind it; fast: end the server').choices(
        Object.keys(DUP_FAIL_MODES),
      ),
    )
    .description('Say what happens to mutations that cannot be shipped at all.')
    .addHelpText('after', '\nExample:\n  onebox dup fail-mode temp 1714528800 skip')
    .action((table: string, dupId: number, mode: DupFailModeName, _options: unknown, command: Command) =>
      withMeta(command, async (meta, print) => {
        await new DuplicationAdmin(meta).setFailMode(table, dupId, mode);
        print(`Duplication ${dupId} of table '${table}': fail mode ${mode}.`);
      }),
    );
}
