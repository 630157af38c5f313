import { resumeReport } from '@onebox/cluster';
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
      contextOf(command).stdout.write(resumeReport(await faultsOf(command).resume(word)));
    });
}
