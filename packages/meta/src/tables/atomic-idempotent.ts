import { LEVEL_ALLOWS } from '../function-level';
import type { TableState } from '../state/table-state';
import type { HintedAnswer } from './rename-table';
import { storeTable } from './table-operations';
import type { TableOperationParts } from './table-operations';

export interface AtomicIdempotentAnswer extends HintedAnswer {
  /** The value before the call; false when there is no such table. */
  readonly value: boolean;
}

/** get_atomic_idempotent: whether the table's atomic writes are made idempotent. */
export function getAtomicIdempotent(parts: TableOperationParts, appName: string): AtomicIdempotentAnswer {
  const table = availableTable(parts, appName);
  if (!('turn' in table)) return table;
  return { error: 'ERR_OK', hint: '', value: table.info.atomicIdempotent };
}

/** set_atomic_idempotent: one write of the table's znode. */
export async function setAtomicIdempotent(
  parts: TableOperationParts,
  appName: string,
  value: boolean,
): Promise<AtomicIdempotentAnswer> {
  const table = availableTable(parts, appName);
  if (!('turn' in table)) return table;
  const old = table.info.atomicIdempotent;
  if (!LEVEL_ALLOWS[parts.level()].createTable) {
    return {
      error: 'ERR_STATE_FREEZED',
      hint: 'current meta function level is freezed, since there are too few alive nodes',
      value: old,
    };
  }
  if (value === old) {
    return {
      error: 'ERR_OK',
      hint: "no need to update atomic_idempotent since it's not changed",
      value: old,
    };
  }
  return table.turn.during(async () => {
    if (table.info.status !== 'AS_AVAILABLE') {
      return { error: 'ERR_INVALID_STATE', hint: notAvailable(appName), value: old };
    }
    await storeTable(parts, { ...table.info, atomicIdempotent: value }, 'AS_AVAILABLE');
    parts.state.updateInfo(table, { atomicIdempotent: value });
    return { error: 'ERR_OK', hint: '', value: old };
  });
}

function availableTable(parts: TableOperationParts, appName: string): TableState | AtomicIdempotentAnswer {
  const table = parts.state.tableNamed(appName);
  if (table === undefined) {
    return { error: 'ERR_APP_NOT_EXIST', hint: `app(${appName}) does not exist`, value: false };
  }
  if (table.info.status === 'AS_AVAILABLE') return table;
  return { error: 'ERR_INVALID_STATE', hint: notAvailable(appName), value: false };
}

function notAvailable(appName: string): string {
  return `app(${appName}) is not in available status`;
}
