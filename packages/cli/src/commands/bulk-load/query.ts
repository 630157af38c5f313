import { BulkLoadAdmin } from '@onebox/cluster';
import type { BulkLoadReport, LoadedReplica } from '@onebox/cluster';
import type { Command } from 'commander';
import { textTable } from '../../text-table';
import { withMeta } from '../../with-meta';

/** `onebox bulk-load query TABLE`: over RPC_CM_QUERY_BULK_LOAD_STATUS. */
export function registerQuery(bulkLoad: Command): void {
  bulkLoad
    .command('query')
    .argument('<table>', 'table')
    .option('--json', 'print JSON')
    .description('Show how far a load is, or how the last one ended.')
    .addHelpText('after', '\nExample:\n  onebox bulk-load query temp --json')
    .action((table: string, options: { json?: boolean }, command: Command) =>
      withMeta(command, async (meta, print) => {
        const report = await new BulkLoadAdmin(meta).query(table);
        print(options.json === true ? JSON.stringify(report) : reportText(report));
      }),
    );
}

function reportText({ table, status, running, error, partitions }: BulkLoadReport): string {
  if (!running && status === 'BLS_INVALID') return `Table '${table}' has no bulk load, and no result of one.`;
  const rows = partitions.map((partition, index) => [
    String(index),
    partition.status,
    partition.replicas.map((replica) => `${replica.node} ${stateText(status, replica)}`).join(', ') || '-',
  ]);
  const failed = error === 'ERR_OK' ? '' : ` ${error}`;
  return [
    `Table '${table}': ${status}${failed}${running ? '' : ' (the last load; none is running)'}`,
    textTable(['partition', 'status', 'replicas'], rows),
  ].join('\n');
}

/** What a replica's state says about the phase the load is in. */
function stateText(status: BulkLoadReport['status'], replica: LoadedReplica): string {
  switch (status) {
    case 'BLS_DOWNLOADING':
    case 'BLS_DOWNLOADED':
      return `${replica.progress} %`;
    case 'BLS_INGESTING':
      return replica.ingestion.replace('IS_', '').toLowerCase();
    case 'BLS_PAUSING':
    case 'BLS_PAUSED':
      return replica.paused ? 'paused' : 'not yet paused';
    default:
      return replica.cleanedUp ? 'cleaned up' : 'not yet cleaned up';
  }
}
