import type { Command } from 'commander';
import { tableHealth } from '@onebox/cluster';
import type { ListedTable, TableAdmin, TableHealth } from '@onebox/cluster';
import { formatSeconds } from '@onebox/base';
import { textTable } from '../../text-table';
import { withTables } from '../../with-tables';

interface ListOptions {
  readonly detail?: boolean;
  readonly json?: boolean;
}

/** `onebox app list [-d]`: every table, dropped ones included; with -d the health words of the real shell's `ls -d`. */
export function registerList(app: Command): void {
  app
    .command('list')
    .description('List all tables, dropped ones included.')
    .option('-d, --detail', 'also the health of each available table')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  onebox app list -d')
    .action((options: ListOptions, command: Command) =>
      withTables(command, async (tables, print) => {
        const listed = await tables.list();
        const health =
          options.detail === true ? await healthOf(tables, listed) : new Map<number, TableHealth>();
        if (options.json === true) {
          print(JSON.stringify(listed.map((table) => ({ ...table, health: health.get(table.id) }))));
          return;
        }
        print(textTable(HEADER, listed.map(row)));
        if (options.detail === true) print('', textTable(HEALTH_HEADER, healthRows(listed, health)));
      }),
    );
}

const HEADER = [
  'id',
  'status',
  'name',
  'type',
  'partitions',
  'replicas',
  'created',
  'dropped',
  'kept until',
  'envs',
];

function row(table: ListedTable): readonly (string | number)[] {
  return [
    table.id,
    table.status,
    table.name,
    table.type,
    table.partitionCount,
    table.maxReplicaCount,
    time(table.createSecond),
    table.status === 'DROPPED' ? time(table.dropSecond) : '-',
    table.status === 'DROPPED' ? time(table.expireSecond) : '-',
    Object.keys(table.envs).length,
  ];
}

function time(unixSeconds: number): string {
  return unixSeconds > 0 ? formatSeconds(unixSeconds) : '-';
}

const HEALTH_HEADER = [
  'id',
  'name',
  'partitions',
  'fully_healthy',
  'unhealthy',
  'write_unhealthy',
  'read_unhealthy',
];

function healthRows(
  listed: readonly ListedTable[],
  health: ReadonlyMap<number, TableHealth>,
): readonly (readonly (string | number)[])[] {
  return listed.flatMap(({ id, name, partitionCount }) => {
    const words = health.get(id);
    if (words === undefined) return [];
    return [
      [
        id,
        name,
        partitionCount,
        words.fullyHealthy,
        words.unhealthy,
        words.writeUnhealthy,
        words.readUnhealthy,
      ],
    ];
  });
}

async function healthOf(
  tables: TableAdmin,
  listed: readonly ListedTable[],
): Promise<ReadonlyMap<number, TableHealth>> {
  const health = new Map<number, TableHealth>();
  for (const { id, name, status } of listed) {
    if (status === 'AVAILABLE') health.set(id, tableHealth(await tables.partitions(name)));
  }
  return health;
}
