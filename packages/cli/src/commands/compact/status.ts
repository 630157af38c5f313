import { CompactionAdmin } from '@onebox/cluster';
import type { Command } from 'commander';
import { withMeta } from '../../with-meta';

/** `onebox compact status TABLE`: over RPC_CM_QUERY_MANUAL_COMPACT_STATUS. */
export function registerStatus(compact: Command): void {
  compact
    .command('status')
    .argument('<table>', 'table')
    .option('--json', 'print JSON: {"progress": percent, or null when none has begun}')
    .description('Show how many of a table’s replicas have been compacted.')
    .addHelpText('after', '\nExample:\n  onebox compact status temp')
    .action((table: string, options: { json?: boolean }, command: Command) =>
      withMeta(command, async (meta, print) => {
        const progress = await new CompactionAdmin(meta).progress(table);
        if (options.json === true) print(JSON.stringify({ progress: progress ?? null }));
        else if (progress === undefined) print(`Table '${table}': no replica has reported a compaction.`);
        else print(`Table '${table}': ${progress} % of the replicas are compacted.`);
      }),
    );
}
