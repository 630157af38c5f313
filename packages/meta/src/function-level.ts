import { MetaFunctionLevel } from '@onebox/protocol';
import type { FunctionLevel } from './cluster-view';

/** Numeric values of the levels; a higher one allows more (reference/cluster-behaviour.md 5). */
export const FUNCTION_LEVEL_VALUES: Readonly<Record<FunctionLevel, MetaFunctionLevel>> = {
  stopped: MetaFunctionLevel.fl_stopped,
  blind: MetaFunctionLevel.fl_blind,
  freezed: MetaFunctionLevel.fl_freezed,
  steady: MetaFunctionLevel.fl_steady,
  lively: MetaFunctionLevel.fl_lively,
  invalid: MetaFunctionLevel.fl_invalid,
};

/** The level of a wire value; undefined when no level has it. */
export function functionLevelOf(value: number): FunctionLevel | undefined {
  return FUNCTION_LEVELS.find((level) => FUNCTION_LEVEL_VALUES[level] === value);
}

/** The level of a name as written in `meta_function_level_on_start`, without `fl_`; undefined when there is none. */
export function functionLevelNamed(name: string): FunctionLevel | undefined {
  return FUNCTION_LEVELS.find((level) => level === name);
}

const FUNCTION_LEVELS = Object.keys(FUNCTION_LEVEL_VALUES) as readonly FunctionLevel[];

/** Negative, 0 or positive as `a` allows less than, the same as or more than `b`. */
export function compareFunctionLevels(a: FunctionLevel, b: FunctionLevel): number {
  return FUNCTION_LEVEL_VALUES[a] - FUNCTION_LEVEL_VALUES[b];
}

/** `[meta_server]` flags that decide when too few nodes are alive. */
export interface FreezeThresholds {
  readonly minLiveNodeCountForUnfreeze: number;
  /** Percent, of the nodes the leader remembers. */
  readonly nodeLivePercentageThresholdForUpdate: number;
}

/**
 * The level in force: the set one, or `freezed` when that is higher and too few nodes are alive. Dead nodes count as
 * long as this leader remembers them, so a new leader may be unfrozen where the old one was frozen (section 5).
 */
export function effectiveFunctionLevel(
  set: FunctionLevel,
  nodes: { readonly alive: number; readonly unalive: number },
  thresholds: FreezeThresholds,
): FunctionLevel {
  return whyFreezed(set, nodes, thresholds) === undefined ? set : 'freezed';
}

/** Why a level above `freezed` is not in force; undefined when it is. */
export function whyFreezed(
  set: FunctionLevel,
  { alive, unalive }: { readonly alive: number; readonly unalive: number },
  thresholds: FreezeThresholds,
): string | undefined {
  if (compareFunctionLevels(set, 'freezed') <= 0) return undefined;
  const { minLiveNodeCountForUnfreeze: least, nodeLivePercentageThresholdForUpdate: percent } = thresholds;
  if (alive < least) return `${alive} nodes are alive, fewer than ${least}`;
  const known = alive + unalive;
  return alive * 100 < percent * known
    ? `${alive} of ${known} nodes are alive, less than ${percent} %`
    : undefined;
}

/** What the leader does at a level: the rows of the table of section 5 in which levels differ. */
export interface LevelAllows {
  /** Partition changes, whoever began them, are written to ZooKeeper; otherwise they wait and look again every second. */
  readonly partitionWrites: boolean;
  /** Promotion, addition and removal that a replica server asks for; false answers ERR_STATE_FREEZED. */
  readonly replicaRequests: boolean;
  /** The guardian's tick cures partitions. The step after a finished change follows at every level (4.1, rule 3). */
  readonly cure: boolean;
  readonly balancer: 'off' | 'counts only' | 'executes';
  /** Config-sync answers name the replicas a server may delete. */
  readonly replicaGarbageCollection: boolean;
  /** create_app, set_max_replica_count, set_atomic_idempotent; false answers ERR_STATE_FREEZED. */
  readonly createTable: boolean;
}

const BLIND: LevelAllows = {
  partitionWrites: false,
  replicaRequests: false,
  cure: false,
  balancer: 'off',
  replicaGarbageCollection: false,
  createTable: false,
};

const FREEZED: LevelAllows = { ...BLIND, partitionWrites: true };

const STEADY: LevelAllows = {
  ...FREEZED,
  replicaRequests: true,
  cure: true,
  balancer: 'counts only',
  createTable: true,
};

const LIVELY: LevelAllows = { ...STEADY, balancer: 'executes', replicaGarbageCollection: true };

/** Section 5 as data. `stopped` behaves as `blind`; `invalid` compares as the highest value. */
export const LEVEL_ALLOWS: Readonly<Record<FunctionLevel, LevelAllows>> = {
  stopped: BLIND,
  blind: BLIND,
  freezed: FREEZED,
  steady: STEADY,
  lively: LIVELY,
  invalid: LIVELY,
};
