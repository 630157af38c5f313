import { Option } from 'commander';
import type { Command } from 'commander';
import { contextOf } from '../cli-context';
import { parseDuration } from '../duration';
import { faultsOf } from './fault/faults-of';
import { lastingText } from './fault/lasting';

/** `onebox pause INSTANCE [--for 10s]`: SIGSTOP, as a machine that hangs. */
export function registerPause(program: Command): void {
  program
    .command('pause <instance>')
    .description('Freeze one process (SIGSTOP): meta1, replica2, collector, zookeeper or leader.')
    .addOption(new Option('--for <duration>', 'resume it by itself then').argParser(parseDuration))
    .addHelpText('after', '\nExample:\n  onebox pause leader --for 10s')
    .action(async (word: string, flags: { readonly for?: number }, command: Command) => {
      const forMs = flags.for === undefined ? undefined : flags.for * 1000;
      const { id, text, untilUnixMs } = await faultsOf(command).pause(word, { forMs });
      contextOf(command).stdout.write(`${id}: ${text}, ${lastingText(untilUnixMs, Date.now())}.\n`);
    });
}
