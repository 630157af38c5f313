import { durationText } from '@onebox/cluster';
import type { CountedFault } from '@onebox/cluster';
import type { Command } from 'commander';
import { contextOf } from '../../cli-context';
import { textTable } from '../../text-table';
import { faultsOf } from './faults-of';

const HEADER = ['id', 'instance', 'for', 'ends', 'lost', 'late', 'what'];

/** `onebox fault list [--json]` */
export function registerList(fault: Command): void {
  fault
    .command('list')
    .description('List what is broken now, what is paused among it.')
    .option('--json', 'print JSON, as docs/status-json.md describes it')
    .addHelpText('after', '\nExample:\n  onebox fault list')
    .action(async (flags: { readonly json?: boolean }, command: Command) => {
      const { stdout } = contextOf(command);
      const faults = await faultsOf(command).list();
      const now = Date.now();
      if (flags.json === true) stdout.write(`${JSON.stringify(faults)}\n`);
      else if (faults.length === 0) stdout.write('Nothing is broken on purpose.\n');
      else
        stdout.write(
          `${textTable(
            HEADER,
            faults.map((each) => row(each, now)),
          )}\n`,
        );
    });
}

function row(fault: CountedFault, now: number): readonly (string | number)[] {
  const { id, instance, text, sinceUnixMs, untilUnixMs, lost, delayed } = fault;
  const ends = endsText(untilUnixMs, now);
  return [id, instance, durationText(now - sinceUnixMs), ends, lost ?? '-', delayed ?? '-', text];
}

/** A pause whose time is over stays until its process goes on. */
function endsText(untilUnixMs: number | null, now: number): string {
  if (untilUnixMs === null) return 'when cleared';
  return untilUnixMs > now ? `in ${durationText(untilUnixMs - now)}` : 'now';
}
