import { ScaledClock } from '@onebox/base';
import type { Command } from 'commander';
import { MetaAdmin } from '@onebox/cluster';
import { contextOf } from './cli-context';
import { openCluster } from './open-cluster';

/** Writes lines of a command's answer. */
export type Print = (...lines: readonly string[]) => void;

/** Runs a command against the leader of the cluster that the command line names, and closes its connections afterwards. */
export async function withMeta(
  command: Command,
  work: (meta: MetaAdmin, print: Print) => Promise<void>,
): Promise<void> {
  const { metaServers } = await openCluster(command);
  const meta = new MetaAdmin(metaServers, new ScaledClock(1));
  try {
    await work(meta, (...lines) => contextOf(command).stdout.write(`${lines.join('\n')}\n`));
  } finally {
    meta.close();
  }
}
