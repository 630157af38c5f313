import { DROPPED_MEANWHILE, decideEnvUpdate } from '../app-envs';
import type { EnvRequest } from '../app-envs';
import type { HintedAnswer } from './hinted-answer';
import { fitsInZnode, storeTable } from './table-operations';
import type { TableOperationParts } from './table-operations';

/** Sets, deletes or clears envs: decided as a whole, then one write of the table's znode (7.4). */
export async function updateTableEnvs(
  parts: TableOperationParts,
  appName: string,
  request: EnvRequest,
): Promise<HintedAnswer> {
  const table = parts.state.tableNamed(appName);
  const first = decideEnvUpdate(request, table?.info);
  if (table === undefined || first.error !== 'ERR_OK') return { error: first.error, hint: first.hint };
  return table.turn.during(async () => {
    if (table.info.status === 'AS_DROPPED') return answerOf(DROPPED_MEANWHILE);
    // Decided anew: another request may have changed the envs while this one waited for its turn.
    const update = decideEnvUpdate(request, table.info);
    if (update.envs === undefined) return answerOf(update);
    const next = { ...table.info, envs: update.envs };
    if (!fitsInZnode(next))
      return { error: 'ERR_INVALID_PARAMETERS', hint: 'the envs are too long to be stored' };
    await storeTable(parts, next, 'AS_AVAILABLE');
    parts.state.updateInfo(table, { envs: update.envs });
    parts.log.info(`table ${table.info.appName}: envs ${request.op}`);
    return answerOf(update);
  });
}

function answerOf({ error, hint }: HintedAnswer): HintedAnswer {
  return { error, hint };
}
