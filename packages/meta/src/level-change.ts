import type { ErrorCode } from '@onebox/base';
import type { Chronicle } from './chronicle';
import type { FunctionLevel } from './cluster-view';
import { compareFunctionLevels, functionLevelOf } from './function-level';
import type { LevelControl } from './level-control';
import type { ServerState } from './state/server-state';

export interface LevelAnswer {
  readonly error: ErrorCode;
  /** The effective level before the call. */
  readonly old: FunctionLevel;
}

/**
 * RPC_CM_CONTROL_META: sets the level an operator wants; `fl_invalid` only asks. Steady or below forgets every queued
 * proposal (reference/cluster-behaviour.md 5).
 *
 * @param wanted the wire value of the level
 */
export function changeLevel(
  level: LevelControl,
  state: ServerState,
  chronicle: Chronicle,
  wanted: number,
): LevelAnswer {
  const old = level.effective();
  const wantedLevel = functionLevelOf(wanted);
  if (wantedLevel === undefined) return { error: 'ERR_INVALID_PARAMETERS', old };
  if (wantedLevel === 'invalid') return { error: 'ERR_OK', old };
  if (compareFunctionLevels(wantedLevel, 'steady') <= 0) state.clearProposals();
  if (wantedLevel !== level.configured) {
    level.set(wantedLevel);
    chronicle.levelSet(old, wantedLevel);
  }
  return { error: 'ERR_OK', old };
}
