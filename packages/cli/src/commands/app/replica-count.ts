import type { Command } from 'commander';
import { parseInteger } from '../../integer';
import { withTables } from '../../with-tables';

/** `onebox app replica-count NAME [COUNT]`: shows or sets the table's max replica count. */
export function registerReplicaCount(app: Command): void {
  app
    .command('replica-count')
    .argument('<name>', 'table')
    .argument('[count]', 'replicas each partition shall have from now on', parseInteger)
    .description("Show or set how many replicas a table's partitions have.")
    .addHelpText('after', '\nExample:\n  onebox app replica-count temp 2')
    .action((name: string, count: number | undefined, _options: unknown, command: Command) =>
      withTables(command, async (tables, print) => {
        if (count === undefined) {
          print(String(await tables.maxReplicaCount(name)));
          return;
        }
        const { old, hint } = await tables.setMaxReplicaCount(name, count);
        print(hint === '' ? `Table '${name}': max replica count ${old} → ${count}.` : hint);
      }),
    );
}
