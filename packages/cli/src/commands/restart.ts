import { Option } from 'commander';
import type { Command } from 'commander';
import { contextOf } from '../cli-context';
import { parseDuration } from '../duration';
import { oneboxOf } from '../open-cluster';
import { StartReport } from '../start-report';

interface RestartFlags {
  readonly wait: boolean;
  readonly timeout: number;
}

/** `onebox restart [INSTANCE]`: stop, then start with the settings of the record. */
export function registerRestart(program: Command): void {
  program
    .command('restart [instance]')
    .description(
      'Stop and start the cluster, or one instance: meta1, replica2, collector, zookeeper or leader.',
    )
    .option('--no-wait', 'return when the processes are started')
    .addOption(
      new Option('--timeout <duration>', 'how long to wait').argParser(parseDuration).default(60, '60s'),
    )
    .addHelpText('after', '\nExample:\n  onebox restart leader')
    .action(async (word: string | undefined, flags: RestartFlags, command: Command) => {
      const context = contextOf(command);
      const report = new StartReport(context.stdout);
      const { signal, hurry } = context.listenForInterrupts();
      const onebox = oneboxOf(command, { onEvent: (event) => report.event(event), hurry });
      const instance = word === undefined ? undefined : await onebox.instance(word);
      try {
        const outcome = await onebox.restart({
          instance,
          wait: flags.wait,
          timeoutMs: flags.timeout * 1000,
          signal,
        });
        report.done(outcome, { waited: flags.wait, instance, directory: onebox.directory });
      } finally {
        onebox.release();
      }
    });
}
