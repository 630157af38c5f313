import { clearReport } from '@onebox/cluster';
import type { Command } from 'commander';
import { contextOf } from '../../cli-context';
import { faultsOf } from './faults-of';

/** `onebox fault clear [ID…]` */
export function registerClear(fault: Command): void {
  fault
    .command('clear')
    .argument('[id...]', 'those to end, f1 …; all, unless given')
    .description('End faults, and resume what is paused.')
    .addHelpText('after', '\nExamples:\n  onebox fault clear\n  onebox fault clear f1 f3')
    .action(async (ids: readonly string[], _flags: unknown, command: Command) => {
      const ended = await faultsOf(command).clear(ids.length === 0 ? undefined : ids);
      contextOf(command).stdout.write(clearReport(ended));
    });
}
