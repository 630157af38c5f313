import { describeError } from '@onebox/base';
import type { Clock, Logger } from '@onebox/base';
import type { Flags } from '@onebox/server';
import type { EnvVariants } from '../app-envs';
import type { Chronicle } from '../chronicle';
import type { FunctionLevel } from '../cluster-view';
import type { PartitionWriter } from '../configuration/partition-writer';
import type { NodeTable } from '../liveness/node-table';
import type { MetaStore } from '../state/meta-store';
import type { AddressText } from '../state/partition-json';
import type { ServerState } from '../state/server-state';
import type { TableInfo } from '../state/table';
import { writeTableJson } from '../state/table-json';
import type { StoredStatus } from '../state/table-json';
import type { ZnodePaths } from '../state/znode-paths';

/** Many partitions are written side by side, but not all of a huge table at once. */
export const PARTITION_WRITES_AT_ONCE = 64;

/** What operations on tables work with. Each of them is a function over these parts, in a file of its own. */
export interface TableOperationParts {
  readonly state: ServerState;
  readonly store: MetaStore;
  readonly paths: ZnodePaths;
  readonly writer: PartitionWriter;
  readonly nodes: NodeTable;
  readonly level: () => FunctionLevel;
  readonly flags: Pick<Flags, 'get'>;
  readonly variants: EnvVariants;
  readonly clock: Clock;
  readonly log: Logger;
  readonly chronicle: Chronicle;
  readonly addressOf: AddressText;
  /** A write that failed for good: the leader cannot go on. */
  readonly fatal: (reason: string) => void;
}

/** Now, in the unix seconds that tables store. */
export function unixSeconds(clock: Clock): number {
  return Math.floor(clock.unixMs() / 1000);
}

/** ZooKeeper takes no request above 1 MiB, and a table that cannot be stored must not end the leader. */
const MAX_TABLE_JSON_BYTES = 900_000;

export function fitsInZnode(info: TableInfo): boolean {
  return writeTableJson(info, 'AS_AVAILABLE').length <= MAX_TABLE_JSON_BYTES;
}

/** Writes a table's znode; the caller holds the table's turn and changes memory afterwards. */
export async function storeTable(
  parts: TableOperationParts,
  info: TableInfo,
  status: StoredStatus,
): Promise<void> {
  await stored(parts, `table ${info.appName}`, () =>
    parts.store.set(parts.paths.table(info.appId), writeTableJson(info, status)),
  );
}

/** Does a write that may only fail together with the leader. */
export async function stored(
  parts: Pick<TableOperationParts, 'fatal'>,
  what: string,
  write: () => Promise<void>,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    parts.fatal(`${what} cannot be stored: ${describeError(error)}`);
    throw error;
  }
}
