import type { TableState } from '../state/table-state';
import { storeTable } from '../tables/table-operations';
import type { TableOperationParts } from '../tables/table-operations';

/**
 * Writes `is_bulk_loading` of a table. False when the table is not available any more: then a load can only end, so that the table does
 * not come back with the flag of a load that nobody runs.
 */
export async function setBulkLoading(
  parts: TableOperationParts,
  table: TableState,
  isBulkLoading: boolean,
): Promise<boolean> {
  return table.turn.during(async () => {
    const { status } = table.info;
    const isThere = status === 'AS_AVAILABLE';
    const mayChange = isThere || (status === 'AS_DROPPED' && !isBulkLoading);
    if (mayChange && table.info.isBulkLoading !== isBulkLoading) {
      await storeTable(parts, { ...table.info, isBulkLoading }, status);
      parts.state.updateInfo(table, { isBulkLoading });
    }
    return isThere;
  });
}
