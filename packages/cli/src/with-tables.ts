import type { Command } from 'commander';
import { TableAdmin } from '@onebox/cluster';
import { withMeta } from './with-meta';
import type { Print } from './with-meta';

/** As {@link withMeta}, for commands on tables. */
export function withTables(
  command: Command,
  work: (tables: TableAdmin, print: Print) => Promise<void>,
): Promise<void> {
  return withMeta(command, (meta, print) => work(new TableAdmin(meta), print));
}
