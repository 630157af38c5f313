import type { TableState } from '../state/table-state';
import { storeTable } from '../tables/table-operations';
import type { TableOperationParts } from '../tables/table-operations';

/** Writes `is_bulk_loading` of a table. False when the table is not available any more. */
export async function setBulkLoading(
  parts: TableOperationParts,
  table: TableState,
  isBulkLoading: boolean,
): Promise<boolean> {
  return table.turn.during(async () => {
    if (table.info.status !== 'AS_AVAILABLE') return false;
    if (table.info.isBulkLoading !== isBulkLoading) {
      await storeTable(parts, { ...table.info, isBulkLoading }, 'AS_AVAILABLE');
      parts.state.updateInfo(table, { isBulkLoading });
    }
    return true;
  });
}
