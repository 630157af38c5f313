import { formatSeconds } from '@onebox/base';
import { duplicationNamesOf, explainedDuplications } from '@onebox/cluster';
import type { ExplainedDuplication } from '@onebox/cluster';
import type { Command } from 'commander';
import { textTable } from '../../text-table';
import { oneboxOf } from '../../open-cluster';
import { withMeta } from '../../with-meta';
import { obstacleText } from './obstacle-text';

/** `onebox dup list TABLE`: over RPC_CM_QUERY_DUPLICATION. */
export function registerList(dup: Command): void {
  dup
    .command('list')
    .argument('<table>', 'table')
    .option('--json', 'print JSON')
    .description("Show a table's duplications, how far each partition is, and what one waits for.")
    .addHelpText('after', '\nExample:\n  onebox dup list temp')
    .action((table: string, options: { json?: boolean }, command: Command) =>
      withMeta(command, async (meta, print) => {
        const dups = await explainedDuplications(meta, duplicationNamesOf(oneboxOf(command)), table);
        if (options.json === true) print(JSON.stringify(dups));
        else if (dups.length === 0) print(`Table '${table}' has no duplications.`);
        else print(...dups.map(duplicationText));
      }),
    );
}

function duplicationText(dup: ExplainedDuplication): string {
  const decree = (value: number): string => (value < 0 ? '-' : String(value));
  const since = formatSeconds(Math.floor(dup.createdMs / 1000));
  return [
    `${dup.dupId}: ${dup.status} to ${dup.remote}, table '${dup.remoteTable}' with ${dup.remoteReplicaCount} replicas, ${dup.failMode}, since ${since}`,
    ...(dup.obstacle === null ? [] : [obstacleText(dup.obstacle)]),
    textTable(
      ['partition', 'confirmed', 'committed'],
      dup.partitions.map(({ index, confirmedDecree, lastCommittedDecree }) => [
        String(index),
        decree(confirmedDecree),
        decree(lastCommittedDecree),
      ]),
    ),
  ].join('\n');
}
