import { setReport } from '@onebox/cluster';
import type { Command } from 'commander';
import { contextOf } from '../../cli-context';
import { separateWords } from '../../separate-words';
import { faultsOf } from './faults-of';
import { forOption } from './options';

interface CutFlags {
  readonly from?: readonly string[];
  readonly http?: boolean;
  /** Milliseconds. */
  readonly for?: number;
}

/** `onebox fault cut INSTANCE [--from INSTANCE…] [--http] [--for 10s]` */
export function registerCut(fault: Command): void {
  fault
    .command('cut')
    .argument('<instance>', 'meta1, replica2, collector or leader')
    .description(
      'Cut a server off: no RPC and no ZooKeeper traffic, both ways. What is sent is lost, no connection is closed.',
    )
    .option(
      '--from <instance...>',
      'only from these: instances, or zookeeper (default: everybody, tools too)',
    )
    .option('--http', 'it answers no HTTP either, whoever asks')
    .addOption(forOption())
    .addHelpText(
      'after',
      '\nExamples:' +
        '\n  onebox fault cut leader --from zookeeper --for 10s' +
        '\n  onebox fault cut replica1 --from replica2 meta1' +
        '\n  onebox fault cut replica3 --http',
    )
    .action(async (word: string, flags: CutFlags, command: Command) => {
      const { http, for: forMs } = flags;
      const from = flags.from === undefined ? undefined : separateWords(flags.from);
      const set = await faultsOf(command).cut(word, { from, http, forMs });
      contextOf(command).stdout.write(setReport(set, forMs));
    });
}
