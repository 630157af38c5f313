import { BackupAdmin, TableAdmin } from '@onebox/cluster';
import type { Command } from 'commander';
import { parseInteger } from '../../integer';
import { withMeta } from '../../with-meta';
import { DEFAULT_PROVIDER, parseNames, parseTime, tableIds } from './words';

interface AddOptions {
  readonly tables: readonly string[];
  readonly provider: string;
  readonly interval: number;
  readonly history: number;
  readonly startTime?: string;
}

/** `onebox backup add-policy POLICY --tables …`: over RPC_CM_ADD_BACKUP_POLICY. */
export function registerAddPolicy(backup: Command): void {
  backup
    .command('add-policy')
    .argument('<policy>', 'its name: letters, digits and _, no digit first')
    .requiredOption('--tables <names>', 'names or ids of tables, with commas between them', parseNames)
    .option('--provider <name>', 'the block service', DEFAULT_PROVIDER)
    .option('--interval <seconds>', 'from one backup to the next, a day or more', parseInteger, 86_400)
    .option('--history <count>', 'how many backups to keep', parseInteger, 6)
    .option('--start-time <HH:MM>', 'begin only in this hour of the day (default: any time)', parseTime)
    .description('Back tables up again and again.')
    .addHelpText(
      'after',
      '\nExample:\n  onebox backup add-policy every_night --tables temp,stat --start-time 02:00',
    )
    .action((policy: string, options: AddOptions, command: Command) =>
      withMeta(command, async (meta, print) => {
        await new BackupAdmin(meta).addPolicy(policy, {
          provider: options.provider,
          tableIds: await tableIds(new TableAdmin(meta), options.tables),
          intervalSeconds: options.interval,
          historyCount: options.history,
          startTime: options.startTime ?? '',
        });
        print(`Backup policy '${policy}' is added.`);
      }),
    );
}
