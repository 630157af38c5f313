import { setReport } from '@onebox/cluster';
import type { Command } from 'commander';
import { contextOf } from '../../cli-context';
import { faultsOf } from './faults-of';
import { chanceOf, chanceOptions, forOption } from './options';
import type { ChanceFlags } from './options';

/** `onebox fault drop INSTANCE --rpc CODE [--probability P] [--seed S] [--for 10s]` */
export function registerDrop(fault: Command): void {
  const drop = fault
    .command('drop')
    .argument('<instance>', 'meta1, replica2, collector or leader')
    .description('Lose requests of one task code, those it sends and those it receives.');
  for (const option of chanceOptions()) drop.addOption(option);
  drop
    .addOption(forOption())
    .addHelpText(
      'after',
      '\nExample:\n  onebox fault drop replica1 --rpc RPC_FD_FAILURE_DETECTOR_PING --probability 0.5 --seed 7',
    )
    .action(async (word: string, flags: ChanceFlags, command: Command) => {
      const set = await faultsOf(command).drop(word, chanceOf(flags));
      contextOf(command).stdout.write(setReport(set, flags.for));
    });
}
