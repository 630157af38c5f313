import { BackupAdmin } from '@onebox/cluster';
import type { Command } from 'commander';
import { parseInteger } from '../../integer';
import { textTable } from '../../text-table';
import { withMeta } from '../../with-meta';
import { timeText } from './words';

interface ListOptions {
  readonly runs: number;
  readonly json?: boolean;
}

/** `onebox backup list [POLICY…]`: over RPC_CM_QUERY_BACKUP_POLICY. */
export function registerList(backup: Command): void {
  backup
    .command('list')
    .argument('[policies...]', 'backup policies; nothing: all')
    .option('--runs <count>', 'how many of the newest backups of each to show', parseInteger, 3)
    .option('--json', 'print JSON')
    .description('List backup policies and their newest backups.')
    .addHelpText('after', '\nExample:\n  onebox backup list every_night --runs 10')
    .action((names: readonly string[], options: ListOptions, command: Command) =>
      withMeta(command, async (meta, print) => {
        const policies = await new BackupAdmin(meta).policies(names, options.runs);
        if (options.json === true) {
          print(JSON.stringify(policies));
          return;
        }
        if (policies.length === 0) {
          print('There is no backup policy.');
          return;
        }
        const rows = policies.map((policy) => [
          policy.name,
          policy.enabled ? 'enabled' : 'disabled',
          policy.provider,
          `${policy.intervalSeconds} s`,
          policy.startTime,
          policy.historyCount,
          policy.tableIds.join(','),
        ]);
        print(textTable(['policy', 'status', 'provider', 'interval', 'start', 'keeps', 'table ids'], rows));
        const runs = policies.flatMap(({ name, backups }) =>
          backups.map(({ id, startMs, endMs, tableIds }) => [
            name,
            id,
            timeText(startMs),
            timeText(endMs),
            tableIds.join(','),
          ]),
        );
        if (runs.length > 0)
          print('', textTable(['policy', 'backup', 'begun', 'finished', 'table ids'], runs));
      }),
    );
}
