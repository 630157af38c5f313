import { OneboxError } from '@onebox/base';
import { CompactionAdmin } from '@onebox/cluster';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { parseInteger } from '../../integer';
import { withMeta } from '../../with-meta';

interface StartOptions {
  readonly type: 'once' | 'periodic';
  readonly at?: string;
  readonly targetLevel: number;
  readonly bottommost: 'skip' | 'force';
  readonly maxRunning: number;
}

/** `onebox compact start TABLE`: over RPC_CM_START_MANUAL_COMPACT, or the periodic envs. */
export function registerStart(compact: Command): void {
  compact
    .command('start')
    .argument('<table>', 'table')
    .addOption(new Option('--type <type>', 'now, or every day').choices(['once', 'periodic']).default('once'))
    .option('--at <times>', "periodic: times of the servers' day, HH:MM,HH:MM", parseTimes)
    .option('--target-level <level>', 'move files to this level; -1: the lowest in use', parseInteger, -1)
    .addOption(
      new Option('--bottommost <rule>', 'whether files of the bottommost level are compacted')
        .choices(['skip', 'force'])
        .default('skip'),
    )
    .option('--max-running <count>', 'side by side per replica server; 0: as before', parseInteger, 0)
    .description("Compact a table's replicas, one after another on each server.")
    .addHelpText(
      'after',
      '\nExamples:\n  onebox compact start temp\n  onebox compact start temp --type periodic --at 3:00,21:00',
    )
    .action((table: string, options: StartOptions, command: Command) => {
      const { type, at = '', targetLevel, bottommost, maxRunning } = options;
      if ((type === 'periodic') !== (at !== ''))
        throw new OneboxError('ONEBOX_USAGE', '--at goes with --type periodic, and the other way round', {
          nextStep: 'Write: onebox compact start TABLE --type periodic --at 3:00,21:00',
        });
      return withMeta(command, async (meta, print) => {
        const admin = new CompactionAdmin(meta);
        const wish = { targetLevel, bottommost, maxRunningCount: maxRunning };
        if (type === 'once') await admin.startOnce(table, wish);
        else await admin.startPeriodic(table, at, wish);
        print(
          `Table '${table}' will be compacted ${type === 'once' ? 'once' : `every day at ${at}`}; replica servers learn it at their next config-sync.`,
        );
      });
    });
}

/** Reads `HH:MM,HH:MM`: replica servers would pass over a time that is none, without a word. */
function parseTimes(text: string): string {
  if (!text.split(',').every((time) => /^([01]?\d|2[0-3]):[0-5]?\d$/.test(time)))
    throw new InvalidArgumentError('It must be times of day, HH:MM, with commas between them.');
  return text;
}
