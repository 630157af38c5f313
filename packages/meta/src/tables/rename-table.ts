import type { HintedAnswer } from './hinted-answer';
import { fitsInZnode, storeTable } from './table-operations';
import type { TableOperationParts } from './table-operations';

/** rename_app: one write of the table's znode (7.3). */
export async function renameTable(
  parts: TableOperationParts,
  oldName: string,
  newName: string,
): Promise<HintedAnswer> {
  const { state } = parts;
  const table = state.tableNamed(oldName);
  if (table === undefined) {
    return { error: 'ERR_APP_NOT_EXIST', hint: `ERROR: app(${oldName}) not exist!` };
  }
  if (table.info.status !== 'AS_AVAILABLE') {
    return {
      error: table.info.status === 'AS_DROPPING' ? 'ERR_BUSY_DROPPING' : 'ERR_BUSY_CREATING',
      hint: `ERROR: app(${oldName}) status can't execute rename.`,
    };
  }
  if (state.tableNamed(newName) !== undefined) {
    return { error: 'ERR_INVALID_PARAMETERS', hint: `ERROR: app(${newName}) already exist!` };
  }
  if (!fitsInZnode({ ...table.info, appName: newName })) {
    return { error: 'ERR_INVALID_PARAMETERS', hint: 'ERROR: the new name is too long to be stored' };
  }
  return table.turn.during(async () => {
    // While this waited for its turn the table may have been dropped, and the name been given away.
    if (table.info.status !== 'AS_AVAILABLE' || table.info.appName !== oldName) {
      return { error: 'ERR_APP_NOT_EXIST', hint: `ERROR: app(${oldName}) not exist!` };
    }
    const owner = state.tableNamed(newName);
    if (owner !== undefined) {
      return { error: 'ERR_INVALID_PARAMETERS', hint: `ERROR: app(${newName}) already exist!` };
    }
    const release = state.reserveName(newName, table);
    try {
      await storeTable(parts, { ...table.info, appName: newName }, 'AS_AVAILABLE');
    } finally {
      release();
    }
    state.updateInfo(table, { appName: newName });
    parts.log.info(`table ${oldName} renamed to ${newName}: id ${table.info.appId}`);
    return { error: 'ERR_OK', hint: '' };
  });
}
