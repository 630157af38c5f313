import { PORT_OFFSETS, examine } from '@onebox/cluster';
import { Option } from 'commander';
import type { Command } from 'commander';
import { clusterNameOf, contextOf, homeOf } from '../cli-context';
import { doctorText } from '../doctor-text';
import { EXIT, ExitWith } from '../exit-code';
import { numberBetween } from '../number-option';

interface DoctorFlags {
  readonly portOffset?: number;
  readonly json?: boolean;
}

/** `onebox doctor`: what stands in the way of a cluster on this machine, and the command that puts it right. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'Look whether this machine can run a cluster, and what earlier ones left behind. Changes nothing.\n' +
        'Exit code 0: nothing stands in the way (there may be warnings), 1: there is a problem.',
    )
    .addOption(
      new Option(
        '--port-offset <count>',
        "look at these ports (default: the cluster's own, or those it would get)",
      ).argParser(numberBetween(PORT_OFFSETS.min, PORT_OFFSETS.max, 'whole number')),
    )
    .option('--json', 'print JSON, as docs/doctor-json.md describes it')
    .addHelpText('after', '\nExample:\n  onebox doctor')
    .action((flags: DoctorFlags, command: Command) => doctor(flags, command));
}

async function doctor(flags: DoctorFlags, command: Command): Promise<void> {
  const { stdout, installation, environment } = contextOf(command);
  const diagnosis = await examine({
    name: clusterNameOf(command),
    home: homeOf(command),
    portOffset: flags.portOffset,
    installation,
    environment,
  });
  stdout.write(flags.json === true ? `${JSON.stringify(diagnosis, null, 2)}\n` : doctorText(diagnosis));
  if (diagnosis.status === 'problem') throw new ExitWith(EXIT.failed);
}
