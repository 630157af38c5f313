import type { ErrorCode } from '@onebox/base';
import { eachLimited } from '../state/each-limited';
import { afterRecallPartition } from '../state/partition-change';
import type { TableInfo } from '../state/table';
import type { TableState } from '../state/table-state';
import { PARTITION_WRITES_AT_ONCE, fitsInZnode, storeTable, unixSeconds } from './table-operations';
import type { TableOperationParts } from './table-operations';

export interface RecallAnswer {
  readonly error: ErrorCode;
  /** The table, once it is available again. */
  readonly info: TableInfo | undefined;
}

/**
 * recall_app: a dropped table is available again, under its old name when `newName` is empty. Its partitions have no
 * members: those come back when their nodes have reported what they still hold (7.3).
 */
export async function recallTable(
  parts: TableOperationParts,
  appId: number,
  newName: string,
): Promise<RecallAnswer> {
  const { state } = parts;
  const refused = (error: ErrorCode): RecallAnswer => ({ error, info: undefined });
  const table = state.table(appId);
  if (table === undefined) return refused('ERR_APP_NOT_EXIST');
  switch (table.info.status) {
    case 'AS_AVAILABLE':
      return refused('ERR_APP_EXIST');
    case 'AS_CREATING':
    case 'AS_RECALLING':
      return refused('ERR_BUSY_CREATING');
    case 'AS_DROPPING':
      return refused('ERR_BUSY_DROPPING');
    case 'AS_DROPPED':
      break;
  }
  if (table.info.expireSecond <= unixSeconds(parts.clock)) return refused('ERR_APP_NOT_EXIST');
  const appName = newName === '' ? table.info.appName : newName;
  if (state.tableNamed(appName) !== undefined) return refused('ERR_INVALID_PARAMETERS');
  if (!fitsInZnode({ ...table.info, appName })) return refused('ERR_INVALID_PARAMETERS');
  return { error: 'ERR_OK', info: await recall(parts, table, appName) };
}

async function recall(parts: TableOperationParts, table: TableState, appName: string): Promise<TableInfo> {
  const { state, log } = parts;
  // The name is taken from now on, so that nobody else can have it while this is being stored.
  state.updateInfo(table, { status: 'AS_RECALLING', appName });
  const why = await table.turn.during(async () => {
    await storeTable(parts, table.info, 'AS_AVAILABLE');
    return parts.chronicle.tableRecalled(table.info);
  });
  await eachLimited([...table.partitions.keys()], PARTITION_WRITES_AT_ONCE, (index) =>
    parts.writer.clearFlag({ table, index }, afterRecallPartition, why),
  );
  state.updateInfo(table, { status: 'AS_AVAILABLE' });
  log.info(`table ${appName} recalled: id ${table.info.appId}`);
  return table.info;
}
