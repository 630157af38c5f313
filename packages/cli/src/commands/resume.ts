import type { Command } from 'commander';
import { contextOf } from '../cli-context';
import { faultsOf } from './fault/faults-of';

/** `onebox resume INSTANCE`: SIGCONT. */
export function registerResume(program: Command): void {
  program
    .command('resume <instance>')
    .description('Let a frozen process go on (SIGCONT): meta1, replica2, collector, zookeeper or leader.')
    .addHelpText('after', '\nExample:\n  onebox resume meta1')
    .action(async (word: string, _flags: unknown, command: Command) => {
      const { instance, paused } = await faultsOf(command).resume(word);
      contextOf(command).stdout.write(paused ? `${instance} goes on.\n` : `${instance} was not paused.\n`);
    });
}
