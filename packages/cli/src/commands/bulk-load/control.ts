import { BulkLoadAdmin } from '@onebox/cluster';
import type { BulkLoadControl } from '@onebox/cluster';
import type { Command } from 'commander';
import { withMeta } from '../../with-meta';

/** `onebox bulk-load pause | restart | cancel TABLE`: over RPC_CM_CONTROL_BULK_LOAD. */
export function registerControl(bulkLoad: Command): void {
  register(bulkLoad, 'pause', 'Pause a load while it is downloading.', 'is being paused');
  register(bulkLoad, 'restart', 'Go on with a load that is paused.', 'goes on');
  register(bulkLoad, 'cancel', 'End a load that is downloading or paused.', 'is being cancelled')
    .option('--force', 'whatever it is doing')
    .addHelpText('after', '  onebox bulk-load cancel temp --force');
}

function register(bulkLoad: Command, verb: BulkLoadControl, description: string, done: string): Command {
  return bulkLoad
    .command(verb)
    .argument('<table>', 'table')
    .description(description)
    .addHelpText('after', `\nExample:\n  onebox bulk-load ${verb} temp`)
    .action((table: string, options: { force?: boolean }, command: Command) =>
      withMeta(command, async (meta, print) => {
        await new BulkLoadAdmin(meta).control(table, options.force === true ? 'force cancel' : verb);
        print(`The load into table '${table}' ${done}.`);
      }),
    );
}
