import type { Command } from 'commander';
import { contextOf } from '../cli-context';
import { oneboxOf } from '../open-cluster';

/** `onebox clear`: stop, then delete data and znodes. */
export function registerClear(program: Command): void {
  program
    .command('clear')
    .description('Stop the cluster and delete all of it: its directory, and what it stored in ZooKeeper.')
    .addHelpText('after', '\nExample:\n  onebox clear')
    .action(async (_flags: unknown, command: Command) => {
      const { stdout } = contextOf(command);
      const onebox = oneboxOf(command, {
        onEvent: (event) => event.kind === 'notice' && stdout.write(`${event.line}\n`),
      });
      const existed = await onebox.clear();
      stdout.write(
        existed ? `Cluster '${onebox.name}' is deleted.\n` : `There is no cluster '${onebox.name}'.\n`,
      );
    });
}
