import { BackupAdmin, TableAdmin } from '@onebox/cluster';
import type { Command } from 'commander';
import { withMeta } from '../../with-meta';
import { DEFAULT_PROVIDER, tableIds } from './words';

/** `onebox backup now TABLE`: over RPC_CM_START_BACKUP_APP. */
export function registerNow(backup: Command): void {
  backup
    .command('now')
    .argument('<table>', 'table, by name or id')
    .option('--provider <name>', 'the block service', DEFAULT_PROVIDER)
    .option('--path <path>', "where to, below the block service's root", '')
    .description('Back one table up, once.')
    .addHelpText('after', '\nExample:\n  onebox backup now temp && onebox backup status temp')
    .action((table: string, options: { provider: string; path: string }, command: Command) =>
      withMeta(command, async (meta, print) => {
        const [id = 0] = await tableIds(new TableAdmin(meta), [table]);
        const backupId = await new BackupAdmin(meta).start(id, options.provider, options.path);
        print(`Backup ${backupId} of table '${table}' is under way: see \`onebox backup status ${table}\`.`);
      }),
    );
}
