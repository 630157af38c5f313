import type { Command } from 'commander';
import { withMetaAdmin } from '@onebox/cluster';
import type { MetaAdmin } from '@onebox/cluster';
import { contextOf } from './cli-context';
import { openCluster } from './open-cluster';
import { typedText, verbOf } from './typed-command';

/** Writes lines of a command's answer. */
export type Print = (...lines: readonly string[]) => void;

/** Runs a command against the leader of the cluster that the command line names, and closes its connections afterwards. */
export async function withMeta(
  command: Command,
  work: (meta: MetaAdmin, print: Print) => Promise<void>,
): Promise<void> {
  const told = { verb: verbOf(command), text: typedText(command) };
  const { onebox, record } = await openCluster(command);
  await withMetaAdmin({ directory: onebox.directory, record }, told, (meta) =>
    work(meta, (...lines) => contextOf(command).stdout.write(`${lines.join('\n')}\n`)),
  );
}
