import type { TableState } from '../state/table-state';
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
  if (table === undefined) return doesNotExist(oldName);
  const refused = refusal(parts, table, newName);
  if (refused !== undefined) return refused;
  return table.turn.during(async () => {
    // While this waited for its turn the table may have got another name, or been dropped, or the new name been given away.
    if (table.info.appName !== oldName) return doesNotExist(oldName);
    const refusedNow = refusal(parts, table, newName);
    if (refusedNow !== undefined) return refusedNow;
    const release = state.reserveName(newName, table);
    try {
      await storeTable(parts, { ...table.info, appName: newName }, 'AS_AVAILABLE');
    } finally {
      release();
    }
    parts.chronicle.tableRenamed({ ...table.info, appName: newName }, oldName);
    state.updateInfo(table, { appName: newName });
    parts.log.info(`table ${oldName} renamed to ${newName}: id ${table.info.appId}`);
    return { error: 'ERR_OK', hint: '' };
  });
}

function doesNotExist(appName: string): HintedAnswer {
  return { error: 'ERR_APP_NOT_EXIST', hint: `ERROR: app(${appName}) not exist!` };
}

/** Why the table cannot have the name now; the order is upstream's. */
function refusal(
  { state }: TableOperationParts,
  { info }: TableState,
  newName: string,
): HintedAnswer | undefined {
  const cannot = `ERROR: app(${info.appName}) status can't execute rename.`;
  switch (info.status) {
    case 'AS_AVAILABLE':
      break;
    case 'AS_CREATING':
    case 'AS_RECALLING':
      return { error: 'ERR_BUSY_CREATING', hint: cannot };
    case 'AS_DROPPING':
      return { error: 'ERR_BUSY_DROPPING', hint: cannot };
    case 'AS_DROPPED':
      return { error: 'ERR_APP_DROPPED', hint: cannot };
  }
  if (state.tableNamed(newName) !== undefined) {
    return { error: 'ERR_INVALID_PARAMETERS', hint: `ERROR: app(${newName}) already exist!` };
  }
  return fitsInZnode({ ...info, appName: newName })
    ? undefined
    : { error: 'ERR_INVALID_PARAMETERS', hint: 'ERROR: the new name is too long to be stored' };
}
