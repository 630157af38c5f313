import { MetaFunctionLevel } from '@onebox/protocol';

/** Requests of tools that change something, if the leader agrees; all others only look. */
const CHANGING: ReadonlySet<string> = new Set([
  'RPC_CM_CREATE_APP',
  'RPC_CM_DROP_APP',
  'RPC_CM_RECALL_APP',
  'RPC_CM_RENAME_APP',
  'RPC_CM_UPDATE_APP_ENV',
  'RPC_CM_SET_MAX_REPLICA_COUNT',
  'RPC_CM_START_MANUAL_COMPACT',
  'RPC_CM_ADD_DUPLICATION',
  'RPC_CM_MODIFY_DUPLICATION',
  'RPC_CM_START_BULK_LOAD',
  'RPC_CM_CONTROL_BULK_LOAD',
  'RPC_CM_CLEAR_BULK_LOAD',
  'RPC_CM_ADD_BACKUP_POLICY',
  'RPC_CM_MODIFY_BACKUP_POLICY',
  'RPC_CM_START_BACKUP_APP',
  'RPC_CM_START_RESTORE',
]);

/** Whether a request asks for a change. @param code of the RPC */
export function asksForChange(code: string, request: object): boolean {
  // The same request shows the function level.
  if (code === 'RPC_CM_CONTROL_META') {
    return (request as { readonly level?: number }).level !== MetaFunctionLevel.fl_invalid;
  }
  return CHANGING.has(code);
}

/** The table that a request names: as it is called afterwards when it comes to be, else as it is now, or its id; null: none. */
export function tableAskedFor(code: string, request: object): string | null {
  const names = request as Readonly<Record<string, unknown>>;
  const { app_name: name, old_app_name: oldName, new_app_name: newName, app_id: id } = names;
  const said = code === 'RPC_CM_START_RESTORE' ? [newName, name] : [name, oldName, id];
  const table = said.find((each) => each !== undefined && each !== '');
  return typeof table === 'string' ? table : typeof table === 'number' ? String(table) : null;
}
