import { DuplicationAdmin, duplicationNamesOf, explainedDuplications } from '@onebox/cluster';
import type { Command } from 'commander';
import { parseInteger } from '../../integer';
import { oneboxOf } from '../../open-cluster';
import { withMeta } from '../../with-meta';
import { obstacleText } from './obstacle-text';

interface AddOptions {
  readonly remoteTable?: string;
  readonly remoteReplicas?: number;
  readonly checkpoint: boolean;
}

/** `onebox dup add TABLE REMOTE`: over RPC_CM_ADD_DUPLICATION. */
export function registerAdd(dup: Command): void {
  dup
    .command('add')
    .argument('<table>', 'table')
    .argument('<remote>', 'the other cluster, as [pegasus.clusters] names it')
    .option('--remote-table <name>', 'what the table is called there (default: the same)')
    .option('--remote-replicas <count>', 'replicas it has there (default: as many as here)', parseInteger)
    .option('--no-checkpoint', 'only what is written from now on; the table has to exist there')
    .description('Begin to duplicate a table; again, when it is duplicated there already.')
    .addHelpText(
      'after',
      '\nExamples:\n  onebox dup add temp onebox2 --remote-table temp_copy\n  onebox dup add stat onebox2 --no-checkpoint',
    )
    .action((table: string, remote: string, options: AddOptions, command: Command) =>
      withMeta(command, async (meta, print) => {
        const { dupId, existed } = await new DuplicationAdmin(meta).add(table, {
          remote,
          remoteTable: options.remoteTable,
          remoteReplicaCount: options.remoteReplicas,
          withCheckpoint: options.checkpoint,
        });
        print(
          existed
            ? `Table '${table}' is already duplicated to ${remote}: duplication ${dupId}.`
            : `Duplication ${dupId}: table '${table}' to ${remote}. See \`onebox dup list ${table}\`.`,
        );
        const dups = await explainedDuplications(meta, duplicationNamesOf(oneboxOf(command)), table);
        const obstacle = dups.find((dup) => dup.dupId === dupId)?.obstacle;
        if (obstacle) print(obstacleText(obstacle));
      }),
    );
}
