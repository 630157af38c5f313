import { BulkLoadAdmin } from '@onebox/cluster';
import type { Command } from 'commander';
import { withMeta } from '../../with-meta';
import { clusterOf, withPlaceOptions } from './place';
import type { PlaceOptions } from './place';

/** `onebox bulk-load start TABLE`: over RPC_CM_START_BULK_LOAD. */
export function registerStart(bulkLoad: Command): void {
  withPlaceOptions(bulkLoad.command('start').argument('<table>', 'table'))
    .option(
      '--ingest-behind',
      'what is in the table stays in front; needs its env rocksdb.allow_ingest_behind',
    )
    .description('Begin to load files into a table.')
    .addHelpText(
      'after',
      '\nExample:\n  onebox bulk-load start temp --cluster onebox --provider local_service --root bulk_load_root',
    )
    .action((table: string, options: PlaceOptions & { readonly ingestBehind?: boolean }, command: Command) =>
      withMeta(command, async (meta, print) => {
        await new BulkLoadAdmin(meta).start(table, {
          clusterName: clusterOf(options, command),
          provider: options.provider,
          root: options.root,
          ingestBehind: options.ingestBehind === true,
        });
        print(
          `The load into table '${table}' is accepted; \`onebox bulk-load query ${table}\` shows how far it is.`,
        );
      }),
    );
}
