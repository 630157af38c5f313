import { LEVEL_ALLOWS } from '../function-level';
import { FROZEN, doesNotExist, notAvailable } from './hinted-answer';
import type { HintedAnswer } from './hinted-answer';
import { storeTable } from './table-operations';
import type { TableOperationParts } from './table-operations';

export interface AtomicIdempotentAnswer extends HintedAnswer {
  /** The value before the call; false when there is no such table. */
  readonly value: boolean;
}

/** get_atomic_idempotent: whether the table's atomic writes are made idempotent. */
export function getAtomicIdempotent({ state }: TableOperationParts, appName: string): AtomicIdempotentAnswer {
  const table = state.tableNamed(appName);
  if (table === undefined) return { ...doesNotExist(appName), value: false };
  return { error: 'ERR_OK', hint: '', value: table.info.atomicIdempotent };
}

/** set_atomic_idempotent: one write of the table's znode. */
export async function setAtomicIdempotent(
  parts: TableOperationParts,
  appName: string,
  value: boolean,
): Promise<AtomicIdempotentAnswer> {
  const table = parts.state.tableNamed(appName);
  if (table === undefined) return { ...doesNotExist(appName), value: false };
  const old = table.info.atomicIdempotent;
  if (table.info.status !== 'AS_AVAILABLE') return { ...notAvailable(appName), value: old };
  if (!LEVEL_ALLOWS[parts.level()].createTable) return { ...FROZEN, value: old };
  if (value === old) {
    return {
      error: 'ERR_OK',
      hint: "no need to update atomic_idempotent since it's unchanged",
      value: old,
    };
  }
  return table.turn.during(async () => {
    if (table.info.status !== 'AS_AVAILABLE') return { ...notAvailable(appName), value: old };
    await storeTable(parts, { ...table.info, atomicIdempotent: value }, 'AS_AVAILABLE');
    parts.chronicle.tableChanged(table.info, `atomic idempotent: ${value}`);
    parts.state.updateInfo(table, { atomicIdempotent: value });
    return { error: 'ERR_OK', hint: '', value: old };
  });
}
