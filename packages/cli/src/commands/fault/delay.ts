import { setReport } from '@onebox/cluster';
import type { Command } from 'commander';
import { contextOf } from '../../cli-context';
import { faultsOf } from './faults-of';
import { chanceOf, chanceOptions, forOption, numberOption } from './options';
import type { ChanceFlags } from './options';

/** `onebox fault delay INSTANCE --rpc CODE --ms N [--probability P] [--seed S] [--for 10s]` */
export function registerDelay(fault: Command): void {
  const delay = fault
    .command('delay')
    .argument('<instance>', 'meta1, replica2, collector or leader')
    .description('Let requests of one task code come late, those it sends and those it receives.');
  for (const option of chanceOptions()) delay.addOption(option);
  delay
    .addOption(numberOption('--ms <count>', 'how late, in real milliseconds').makeOptionMandatory())
    .addOption(forOption())
    .addHelpText(
      'after',
      '\nExample:\n  onebox fault delay replica1 --rpc RPC_PREPARE --ms 200 --probability 0.1',
    )
    .action(async (word: string, flags: ChanceFlags & { readonly ms: number }, command: Command) => {
      const set = await faultsOf(command).delay(word, { ...chanceOf(flags), ms: flags.ms });
      contextOf(command).stdout.write(setReport(set, flags.for));
    });
}
