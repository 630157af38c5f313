import { OneboxError } from '@onebox/base';
import type { Command } from 'commander';
import { tableHealth } from '@onebox/cluster';
import { textTable } from '../../text-table';
import { withTables } from '../../with-tables';

interface ShowOptions {
  readonly detail?: boolean;
  readonly json?: boolean;
}

/** `onebox app show NAME [-d]`: one table, with -d its partitions. */
export function registerShow(app: Command): void {
  app
    .command('show <name>')
    .description('Show one table.')
    .option('-d, --detail', 'also every partition with its ballot, primary and secondaries')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  onebox app show temp -d')
    .action((name: string, options: ShowOptions, command: Command) =>
      withTables(command, async (tables, print) => {
        const table = (await tables.list()).find((each) => each.name === name && each.status !== 'DROPPED');
        if (table === undefined) {
          throw new OneboxError('ERR_APP_NOT_EXIST', `there is no table '${name}'`, {
            nextStep: 'See `onebox app list`.',
            data: { name },
          });
        }
        const partitions = await tables.partitions(name);
        const health = tableHealth(partitions);
        if (options.json === true) {
          print(JSON.stringify({ ...table, health, ...(options.detail === true ? { partitions } : {}) }));
          return;
        }
        print(
          textTable(
            ['id', 'status', 'name', 'partitions', 'replicas', 'healthy'],
            [
              [
                table.id,
                table.status,
                table.name,
                table.partitionCount,
                table.maxReplicaCount,
                `${health.fullyHealthy}/${partitions.length}`,
              ],
            ],
          ),
        );
        const envs = Object.entries(table.envs);
        if (envs.length > 0) print('', textTable(['env', 'value'], envs));
        if (options.detail !== true) return;
        const rows = partitions.map((partition) => {
          const count = (partition.primary === undefined ? 0 : 1) + partition.secondaries.length;
          return [
            partition.index,
            partition.ballot,
            `${count}/${partition.maxReplicaCount}`,
            partition.primary ?? '-',
            partition.secondaries.join(','),
          ];
        });
        print('', textTable(['pidx', 'ballot', 'replicas', 'primary', 'secondaries'], rows));
      }),
    );
}
