import type { Command } from 'commander';
import { contextOf } from '../cli-context';
import { oneboxOf } from '../open-cluster';

/** `onebox kill INSTANCE`: SIGKILL, as a crash. */
export function registerKill(program: Command): void {
  program
    .command('kill <instance>')
    .description('Kill one process as a crash would: meta1, replica2, collector, zookeeper or leader.')
    .addHelpText('after', '\nExample:\n  onebox kill leader')
    .action(async (word: string, _flags: unknown, command: Command) => {
      const onebox = oneboxOf(command);
      const instance = await onebox.instance(word);
      await onebox.kill(instance);
      contextOf(command).stdout.write(`${instance} is killed.\n`);
    });
}
