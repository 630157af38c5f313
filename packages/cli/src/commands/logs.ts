import { LogReader, logFilesOf, serversOf, StateDirectory } from '@onebox/cluster';
import type { InstanceName } from '@onebox/cluster';
import type { Command } from 'commander';
import { Option } from 'commander';
import { clusterNameOf, contextOf, homeOf } from '../cli-context';
import { numberBetween } from '../number-option';
import { openCluster } from '../open-cluster';

interface LogsFlags {
  readonly follow?: boolean;
  readonly lines: number;
}

/** `onebox logs [INSTANCE] [-f] [-n 100]`: what servers logged, and what they wrote to their output. */
export function registerLogs(program: Command): void {
  program
    .command('logs [instance]')
    .description(
      'Show the last lines of the logs: of all, or of meta1, replica2, collector, zookeeper or leader.',
    )
    .option('-f, --follow', 'go on showing lines as they are written')
    .addOption(
      new Option('-n, --lines <count>', 'how many lines of each file')
        .argParser(numberBetween(0, 1_000_000, 'whole number'))
        .default(100),
    )
    .addHelpText('after', '\nExample:\n  onebox logs meta1 -f')
    .action((word: string | undefined, flags: LogsFlags, command: Command) => logs(word, flags, command));
}

async function logs(word: string | undefined, flags: LogsFlags, command: Command): Promise<void> {
  const { stdout, listenForInterrupts } = contextOf(command);
  const { onebox, record } = await openCluster(command);
  const state = new StateDirectory(homeOf(command), clusterNameOf(command));
  const every: readonly InstanceName[] = [...serversOf(record).map(({ name }) => name), 'zookeeper'];
  const instances = word === undefined ? every : [await onebox.instance(word)];
  const files = () =>
    instances.flatMap((name) => logFilesOf(state, name).map((file) => ({ source: name, file })));
  const width = Math.max(...instances.map((name) => name.length));
  // One instance needs no name before each line.
  const show = (source: string, line: string): void => {
    stdout.write(instances.length === 1 ? `${line}\n` : `${source.padEnd(width)} | ${line}\n`);
  };
  const reader = new LogReader(files, show);
  reader.showLast(flags.lines);
  if (flags.follow === true) await reader.follow(listenForInterrupts().signal);
}
