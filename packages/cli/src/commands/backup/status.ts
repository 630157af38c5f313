import { BackupAdmin, TableAdmin } from '@onebox/cluster';
import type { BackupStatus } from '@onebox/cluster';
import type { Command } from 'commander';
import { textTable } from '../../text-table';
import { withMeta } from '../../with-meta';
import { tableIds, timeText } from './words';

function outcome({ failed, endMs }: BackupStatus): string {
  if (failed) return 'failed';
  return endMs === 0 ? 'under way' : 'finished';
}

/** `onebox backup status TABLE`: over RPC_CM_QUERY_BACKUP_STATUS. */
export function registerStatus(backup: Command): void {
  backup
    .command('status')
    .argument('<table>', 'table, by name or id')
    .option('--json', 'print JSON')
    .description('Show the one-time backups of a table; a new leader knows none.')
    .addHelpText('after', '\nExample:\n  onebox backup status temp')
    .action((table: string, options: { json?: boolean }, command: Command) =>
      withMeta(command, async (meta, print) => {
        const [id = 0] = await tableIds(new TableAdmin(meta), [table]);
        const backups = await new BackupAdmin(meta).status(id);
        if (options.json === true) {
          print(JSON.stringify(backups));
          return;
        }
        const rows = backups.map((each) => [
          each.id,
          outcome(each),
          timeText(each.startMs),
          timeText(each.endMs),
          each.provider,
          each.path,
        ]);
        print(textTable(['backup', 'status', 'begun', 'finished', 'provider', 'path'], rows));
      }),
    );
}
