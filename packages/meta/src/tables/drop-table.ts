import type { ErrorCode } from '@onebox/base';
import { eachLimited } from '../state/each-limited';
import { afterDropPartition, isDropped } from '../state/partition-change';
import type { TableInfo } from '../state/table';
import type { TableState } from '../state/table-state';
import { PARTITION_WRITES_AT_ONCE, storeTable, unixSeconds } from './table-operations';
import type { TableOperationParts } from './table-operations';

/**
 * The last second a date can hold, in the year 275760: reserving a table for ever must not store a number that the next leader
 * cannot read.
 */
const LAST_SECOND = 8_640_000_000_000;

export interface DropTableRequest {
  readonly appName: string;
  readonly successIfNotExist: boolean;
  /** How long it can be recalled; 0 or less: `hold_seconds_for_dropped_app`. Real seconds, since the end is stored. */
  readonly reserveSeconds: number;
}

/** drop_app: the table's znode first, which frees its name, then every partition; answers when all is stored (7.3). */
export async function dropTable(parts: TableOperationParts, request: DropTableRequest): Promise<ErrorCode> {
  const { state } = parts;
  const table = state.tableNamed(request.appName);
  if (table === undefined) return request.successIfNotExist ? 'ERR_OK' : 'ERR_APP_NOT_EXIST';
  switch (table.info.status) {
    case 'AS_CREATING':
    case 'AS_RECALLING':
      return 'ERR_BUSY_CREATING';
    case 'AS_DROPPING':
      return 'ERR_BUSY_DROPPING';
    default:
      await drop(parts, table, request.reserveSeconds);
      return 'ERR_OK';
  }
}

async function drop(parts: TableOperationParts, table: TableState, reserveSeconds: number): Promise<void> {
  const { state, flags, log } = parts;
  state.updateInfo(table, { status: 'AS_DROPPING' });
  const why = await table.turn.during(async () => {
    const dropSecond = unixSeconds(parts.clock);
    const hold = reserveSeconds > 0 ? reserveSeconds : flags.get('hold_seconds_for_dropped_app');
    const seconds: Pick<TableInfo, 'dropSecond' | 'expireSecond'> = {
      dropSecond,
      expireSecond: Math.min(dropSecond + hold, LAST_SECOND),
    };
    await storeTable(parts, { ...table.info, ...seconds }, 'AS_DROPPED');
    const told = parts.chronicle.tableDropped(table.info);
    state.updateInfo(table, seconds);
    state.releaseName(table);
    return told;
  });
  await eachLimited([...table.partitions.keys()], PARTITION_WRITES_AT_ONCE, (index) =>
    parts.writer.change({ table, index }, (config) =>
      isDropped(config)
        ? undefined
        : { type: 'CT_DROP_PARTITION', node: undefined, next: afterDropPartition(config), ...why },
    ),
  );
  state.updateInfo(table, { status: 'AS_DROPPED' });
  log.info(
    `table ${table.info.appName} dropped: id ${table.info.appId}, recallable until ${table.info.expireSecond}`,
  );
}
