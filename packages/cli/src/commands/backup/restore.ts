import { BackupAdmin, TableAdmin } from '@onebox/cluster';
import type { Command } from 'commander';
import { parseInteger } from '../../integer';
import { textTable } from '../../text-table';
import { withMeta } from '../../with-meta';
import { DEFAULT_PROVIDER, parseBackupId } from './words';

interface RestoreOptions {
  readonly tableId: number;
  readonly as?: string;
  readonly cluster?: string;
  readonly provider: string;
  readonly path: string;
  readonly policy: string;
  readonly skipBadPartitions?: boolean;
}

/** `onebox backup restore TABLE BACKUP --table-id ID`: over RPC_CM_START_RESTORE. */
export function registerRestore(backup: Command): void {
  backup
    .command('restore')
    .argument('<table>', 'the table that was backed up, by its name then')
    .argument('<backup>', 'id of the backup', parseBackupId)
    .requiredOption('--table-id <id>', 'its id then', parseInteger)
    .option('--as <name>', 'name of the new table (default: the old name)')
    .option('--cluster <name>', 'the cluster that made the backup (default: this one)')
    .option('--provider <name>', 'the block service', DEFAULT_PROVIDER)
    .option('--path <path>', "where the backup is, below the block service's root", '')
    .option('--policy <name>', 'for backups of releases that had a directory for each policy', '')
    .option('--skip-bad-partitions', 'partitions whose backup is missing or damaged begin empty')
    .description('Make a new table of a backup.')
    .addHelpText(
      'after',
      '\nExample:\n  onebox backup restore temp 1767225600000 --table-id 2 --as temp_again',
    )
    .action((table: string, backupId: number, options: RestoreOptions, command: Command) =>
      withMeta(command, async (meta, print) => {
        const id = await new BackupAdmin(meta).restore({
          cluster: options.cluster ?? (await new TableAdmin(meta).clusterName()),
          policy: options.policy,
          backupId,
          table,
          tableId: options.tableId,
          newName: options.as ?? table,
          provider: options.provider,
          path: options.path,
          skipBadPartitions: options.skipBadPartitions === true,
        });
        print(`Table ${id} is being restored: see \`onebox backup restore-status ${id}\`.`);
      }),
    );
  backup
    .command('restore-status')
    .argument('<id>', 'id of the table that is being restored', parseInteger)
    .option('--json', 'print JSON')
    .description('Show how far a restored table is.')
    .addHelpText('after', '\nExample:\n  onebox backup restore-status 3')
    .action((id: number, options: { json?: boolean }, command: Command) =>
      withMeta(command, async (meta, print) => {
        const partitions = await new BackupAdmin(meta).restoreStatus(id);
        if (options.json === true) {
          print(JSON.stringify(partitions));
          return;
        }
        const rows = partitions.map(({ status, progress }, index) => [index, `${progress / 10} %`, status]);
        print(textTable(['pidx', 'progress', 'status'], rows));
      }),
    );
}
