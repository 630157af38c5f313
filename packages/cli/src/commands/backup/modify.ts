import { OneboxError } from '@onebox/base';
import { BackupAdmin, TableAdmin } from '@onebox/cluster';
import type { Command } from 'commander';
import { parseInteger } from '../../integer';
import { withMeta } from '../../with-meta';
import { parseNames, parseTime, tableIds } from './words';

interface ModifyOptions {
  readonly addTables?: readonly string[];
  readonly removeTables?: readonly string[];
  readonly interval?: number;
  readonly history?: number;
  readonly startTime?: string;
}

/** `onebox backup modify POLICY …`: over RPC_CM_MODIFY_BACKUP_POLICY. */
export function registerModify(backup: Command): void {
  backup
    .command('modify')
    .argument('<policy>', 'backup policy')
    .option('--add-tables <names>', 'names or ids of tables, with commas between them', parseNames)
    .option('--remove-tables <names>', 'names or ids of tables, with commas between them', parseNames)
    .option('--interval <seconds>', 'from one backup to the next; less than a day is ignored', parseInteger)
    .option('--history <count>', 'how many backups to keep', parseInteger)
    .option('--start-time <HH:MM>', 'begin only in this hour of the day; 24:00: any time', parseTime)
    .description('Change a backup policy.')
    .addHelpText('after', '\nExample:\n  onebox backup modify every_night --add-tables users --history 3')
    .action((policy: string, options: ModifyOptions, command: Command) => {
      if (Object.keys(options).length === 0) {
        throw new OneboxError('ONEBOX_USAGE', 'nothing to change is named', {
          nextStep: 'See `onebox backup modify --help`.',
        });
      }
      return withMeta(command, async (meta, print) => {
        const tables = new TableAdmin(meta);
        await new BackupAdmin(meta).modifyPolicy(policy, {
          addTableIds: await tableIds(tables, options.addTables ?? []),
          removeTableIds: await tableIds(tables, options.removeTables ?? []),
          intervalSeconds: options.interval,
          historyCount: options.history,
          startTime: options.startTime,
        });
        print(`Backup policy '${policy}' is changed.`);
      });
    });
}
