import { ScaledClock } from '@onebox/base';
import type { Command } from 'commander';
import { MetaAdmin, TableAdmin } from '@onebox/cluster';
import { openCluster } from './open-cluster';

/** Runs a table command against the cluster that the command line names, and closes its connections afterwards. */
export async function withTables(
  command: Command,
  work: (tables: TableAdmin, print: (...lines: readonly string[]) => void) => Promise<void>,
): Promise<void> {
  const { metaServers } = await openCluster(command);
  const meta = new MetaAdmin(metaServers, new ScaledClock(1));
  try {
    await work(new TableAdmin(meta), (...lines) => process.stdout.write(`${lines.join('\n')}\n`));
  } finally {
    meta.close();
  }
}
