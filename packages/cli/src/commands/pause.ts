import { pauseReport } from '@onebox/cluster';
import type { Command } from 'commander';
import { contextOf } from '../cli-context';
import { faultsOf } from './fault/faults-of';
import { forOption } from './fault/options';

/** `onebox pause INSTANCE [--for 10s]`: SIGSTOP, as a machine that hangs. */
export function registerPause(program: Command): void {
  program
    .command('pause <instance>')
    .description('Freeze one process (SIGSTOP): meta1, replica2, collector, zookeeper or leader.')
    .addOption(forOption('resume it by itself then'))
    .addHelpText('after', '\nExample:\n  onebox pause leader --for 10s')
    .action(async (word: string, flags: { readonly for?: number }, command: Command) => {
      const paused = await faultsOf(command).pause(word, { forMs: flags.for });
      contextOf(command).stdout.write(pauseReport(paused, flags.for));
    });
}
