import { OneboxError } from '@onebox/base';
import { BackupAdmin, TableAdmin } from '@onebox/cluster';
import type { Command } from 'commander';
import { numberBetween } from '../../number-option';
import { withMeta } from '../../with-meta';
import { parseNames, parseTime, tableIds } from './words';

/** The server would leave out what is below these, and say that all is well (reference/cluster-behaviour.md 10.3). */
const parseInterval = numberBetween(86_400, 2 ** 31 - 1, 'whole number');
const parseHistory = numberBetween(1, 2 ** 31 - 1, 'whole number');

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
    .option('--interval <seconds>', 'from one backup to the next, a day or more', parseInterval)
    .option('--history <count>', 'how many backups to keep', parseHistory)
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
