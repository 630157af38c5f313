import type { Command } from 'commander';
import { registerAddPolicy } from './add-policy';
import { registerEnableDisable } from './enable-disable';
import { registerList } from './list';
import { registerModify } from './modify';
import { registerNow } from './now';
import { registerRestore } from './restore';
import { registerStatus } from './status';

/** `onebox backup …`: backup policies and one-time backups, over the RPCs that the real tools use. */
export function registerBackup(program: Command): void {
  const backup = program.command('backup').description('Back tables up, now or every day.');
  backup.addHelpText('after', '\nExample:\n  onebox backup add-policy every_day --tables temp,stat');
  const commands = [
    registerAddPolicy,
    registerModify,
    registerEnableDisable,
    registerList,
    registerNow,
    registerStatus,
    registerRestore,
  ];
  for (const register of commands) register(backup);
}
