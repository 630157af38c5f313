import type { Command } from 'commander';
import { contextOf } from '../cli-context';
import { oneboxOf } from '../open-cluster';

/** `onebox stop [INSTANCE]`: ends the cluster, or one of its processes. */
export function registerStop(program: Command): void {
  program
    .command('stop [instance]')
    .description(
      'Stop the cluster; its tables stay. INSTANCE is meta1, replica2, collector, zookeeper or leader: stop only that one.',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  onebox stop replica2')
    .action(async (word: string | undefined, flags: { readonly json?: boolean }, command: Command) => {
      const onebox = oneboxOf(command);
      const instance = word === undefined ? undefined : await onebox.instance(word);
      const stopped = await onebox.stop(instance);
      const what = instance ?? `Cluster '${onebox.name}'`;
      const text = stopped.length === 0 ? `${what} is not running.` : `${what} is stopped.`;
      contextOf(command).stdout.write(
        `${flags.json === true ? JSON.stringify({ name: onebox.name, stopped }) : text}\n`,
      );
    });
}
