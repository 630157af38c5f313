import type { TableState } from '../state/table-state';
import type { HintedAnswer } from '../tables/hinted-answer';
import { setTableEnvsUnchecked } from '../tables/table-envs';
import { unixSeconds } from '../tables/table-operations';
import type { TableOperationParts } from '../tables/table-operations';
import { COMPACTION_DISABLED, compactionEnvs } from './compaction-envs';
import { compactionProgress, forgetCompaction } from './compaction-progress';

/** What `RPC_CM_START_MANUAL_COMPACT` carries; what was not sent is undefined. */
export interface StartCompaction {
  readonly targetLevel?: number;
  readonly bottommost?: boolean;
  readonly maxRunningCount?: number;
  /** Unix seconds. */
  readonly triggerSecond?: number;
}

const SUCCEED = 'succeed';

/**
 * Starts one manual compaction of a table by setting its envs; replica servers see them at their next config-sync
 * (reference/cluster-behaviour.md 10.1). Level 0 passes here, other than by `set_app_envs`: replicas then use -1.
 */
export async function startManualCompaction(
  parts: TableOperationParts,
  appName: string,
  request: StartCompaction,
): Promise<HintedAnswer> {
  const table = parts.state.tableNamed(appName);
  if (table?.info.status !== 'AS_AVAILABLE') return unavailable(appName, table);
  if (table.info.envs.get(COMPACTION_DISABLED) === 'true')
    return { error: 'ERR_OPERATION_DISABLED', hint: `app ${appName} disable manual compaction` };
  const { targetLevel = -1, maxRunningCount = 0, bottommost = false } = request;
  if (targetLevel < -1) {
    const hint = `invalid target_level(${targetLevel}), should in range of [-1, num_levels]`;
    return { error: 'ERR_INVALID_PARAMETERS', hint };
  }
  if (maxRunningCount < 0) {
    const hint = `invalid max_running_count(${maxRunningCount}), should be greater than 0`;
    return { error: 'ERR_INVALID_PARAMETERS', hint };
  }
  const envs = compactionEnvs({
    type: 'once',
    targetLevel,
    bottommost: bottommost ? 'force' : 'skip',
    maxRunningCount,
    triggerTime: String(request.triggerSecond ?? unixSeconds(parts.clock)),
  });
  forgetCompaction(table.contexts);
  const { error, hint } = await setTableEnvsUnchecked(parts, table, envs);
  return { error, hint: error === 'ERR_OK' ? SUCCEED : hint };
}

/** The answer to `RPC_CM_QUERY_MANUAL_COMPACT_STATUS`; progress in percent when there is any. */
export function queryManualCompaction(
  parts: Pick<TableOperationParts, 'state'>,
  appName: string,
): HintedAnswer & { readonly progress?: number } {
  const table = parts.state.tableNamed(appName);
  if (table?.info.status !== 'AS_AVAILABLE') return unavailable(appName, table);
  const progress = compactionProgress(table.info, table.contexts);
  if (progress === undefined)
    return { error: 'ERR_INVALID_STATE', hint: `app ${appName} is not manual compaction` };
  return { error: 'ERR_OK', hint: SUCCEED, progress };
}

function unavailable(appName: string, table: TableState | undefined): HintedAnswer {
  return table === undefined
    ? { error: 'ERR_APP_NOT_EXIST', hint: `app ${appName} is not existed` }
    : { error: 'ERR_APP_DROPPED', hint: `app ${appName} is not available` };
}
