import { listClusters } from '@onebox/cluster';
import type { ListedCluster } from '@onebox/cluster';
import type { Command } from 'commander';
import { contextOf, homeOf } from '../cli-context';
import { textTable } from '../text-table';

/** `onebox list`: the clusters there are. */
export function registerList(program: Command): void {
  program
    .command('list')
    .description('List the clusters of this user.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  onebox list')
    .action((flags: { readonly json?: boolean }, command: Command) => {
      const { stdout } = contextOf(command);
      const home = homeOf(command);
      const clusters = listClusters(home);
      if (flags.json === true) stdout.write(`${JSON.stringify(clusters)}\n`);
      else if (clusters.length === 0) stdout.write(`There are no clusters in ${home}.\n`);
      else stdout.write(`${textTable(HEADER, clusters.map(row))}\n${clusters.map(dashboardLine).join('')}`);
    });
}

/** Too long for a column. */
function dashboardLine({ name, dashboard }: ListedCluster): string {
  return dashboard === null ? '' : `Dashboard of ${name}: ${dashboard}\n`;
}

const HEADER = ['name', 'running', 'lives', 'ports', 'zookeeper', 'meta servers', 'directory'];

function row(cluster: ListedCluster): readonly string[] {
  const { name, running, servers, zookeeper, metaServers, directory, problem } = cluster;
  if (problem !== null) return [name, problem, lives(cluster), '-', '-', '-', directory];
  const ports = signed(cluster.ports?.offset ?? 0);
  return [
    name,
    `${running} of ${servers}`,
    lives(cluster),
    ports,
    zookeeper,
    metaServers.join(','),
    directory,
  ];
}

/** How long a cluster lives. */
function lives({ ephemeral, ownerPid }: ListedCluster): string {
  const withOwner = ownerPid === null ? '' : `with pid ${ownerPid}`;
  if (!ephemeral) return withOwner === '' ? 'until cleared' : `runs ${withOwner}`;
  return withOwner === '' ? 'until stopped' : `ends ${withOwner}`;
}

/** `+1000`, `-50`, or `usual`. */
function signed(offset: number): string {
  return offset === 0 ? 'usual' : offset > 0 ? `+${offset}` : String(offset);
}
