import { BackupAdmin } from '@onebox/cluster';
import type { Command } from 'commander';
import { withMeta } from '../../with-meta';

/** `onebox backup enable POLICY` and `onebox backup disable POLICY [--force]`. */
export function registerEnableDisable(backup: Command): void {
  backup
    .command('enable')
    .argument('<policy>', 'backup policy')
    .description('Let a disabled backup policy go on.')
    .addHelpText('after', '\nExample:\n  onebox backup enable every_night')
    .action((policy: string, _options: unknown, command: Command) =>
      withMeta(command, async (meta, print) => {
        const hint = await new BackupAdmin(meta).enablePolicy(policy);
        print(hint === '' ? `Backup policy '${policy}' is enabled.` : `Backup policy '${policy}': ${hint}.`);
      }),
    );
  backup
    .command('disable')
    .argument('<policy>', 'backup policy')
    .option('-f, --force', 'even while a backup is under way; that one is finished')
    .description('Let a backup policy rest.')
    .addHelpText('after', '\nExample:\n  onebox backup disable every_night')
    .action((policy: string, options: { force?: boolean }, command: Command) =>
      withMeta(command, async (meta, print) => {
        await new BackupAdmin(meta).disablePolicy(policy, options.force === true);
        print(`Backup policy '${policy}' is disabled.`);
      }),
    );
}
