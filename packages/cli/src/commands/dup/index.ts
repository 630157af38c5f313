import type { Command } from 'commander';
import { registerAdd } from './add';
import { registerFailMode } from './fail-mode';
import { registerList } from './list';
import { registerPause } from './pause';
import { registerRemove } from './remove';
import { registerStart } from './start';

/** `onebox dup …`: duplication of tables to another cluster, over the RPCs that the real tools use. */
export function registerDup(program: Command): void {
  const dup = program.command('dup').description('Duplicate tables to another cluster.');
  dup.addHelpText(
    'after',
    '\nExample:\n  onebox start && onebox start --name onebox2 --app other && onebox dup add temp onebox2',
  );
  const commands = [
    registerAdd,
    registerList,
    registerPause,
    registerStart,
    registerRemove,
    registerFailMode,
  ];
  for (const register of commands) register(dup);
}
